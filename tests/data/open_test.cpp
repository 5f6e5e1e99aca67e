#include "data/open.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/file.hpp"
#include "base/npy.hpp"
#include "data/image_writer.hpp"

namespace bitmason::data {
namespace {

using namespace std::string_literals;
namespace fs = std::filesystem;
using test::ramp;

/// A folder of this test alone.
class OpenTest : public testing::Test {
 protected:
  fs::path write(const fs::path& name, const std::string& bytes) {
    EXPECT_TRUE(write_file(folder_ / name, bytes).ok());
    return folder_ / name;
  }
  fs::path write_npy(const fs::path& name, const NpyArray& array) {
    EXPECT_TRUE(bitmason::write_npy(folder_ / name, array).ok());
    return folder_ / name;
  }
  /// Messages without the folder.
  [[nodiscard]] std::string errors_of(const SetSpec& spec) const {
    const auto split = open(spec);
    if (split) return "no error";
    auto text = to_text(split.errors());
    for (auto at = text.find(folder_.string()); at != std::string::npos; at = text.find(folder_.string()))
      text.replace(at, folder_.string().size(), "~");
    return text;
  }
  fs::path folder_ = test::test_folder();
};

/// A CIFAR record: label bytes and 3072 times one byte.
std::string record(const std::string& labels, char pixel) {
  return labels + std::string(3072, pixel);
}

TEST_F(OpenTest, SixBatchesOfCifar10AreFiveOfTrainingAndOneOfTest) {
  for (int i = 1; i <= 5; ++i)
    write("data_batch_" + std::to_string(i) + ".bin", record(std::string(1, static_cast<char>(i)), 'a'));
  write("test_batch.bin", record("\x09", 'b') + record("\x00"s, 'c'));
  const auto split = open({.path = folder_, .split = {.holdout = 2}});
  ASSERT_TRUE(split) << to_text(split.errors());
  EXPECT_EQ(split->train.shape, (Shape{3, 32, 32}));
  // The files' order is random: the last are held out.
  EXPECT_EQ(split->train.labels, (std::vector{1, 2, 3}));
  EXPECT_EQ(split->holdout.labels, (std::vector{4, 5}));
  EXPECT_EQ(split->test.labels, (std::vector{9, 0}));
  EXPECT_EQ(split->test.image(1)[3071], 'c');
  EXPECT_EQ(split->train.classes.size(), 10u);
}

TEST_F(OpenTest, Cifar100TakesTheFineLabelAndItsNames) {
  std::string names;
  for (int i = 0; i < 100; ++i) names += "name" + std::to_string(i) + "\n";
  write("train.bin", record("\x03\x63", 'a'));
  write("test.bin", record("\x03\x01", 'a'));
  write("fine_label_names.txt", names);
  const auto split = open({.path = folder_});
  ASSERT_TRUE(split) << to_text(split.errors());
  EXPECT_EQ(split->train.labels, std::vector{99});
  EXPECT_EQ(split->test.classes[99], "name99");
  write("fine_label_names.txt", "one two");
  EXPECT_EQ(errors_of({.path = folder_}),
            "~/fine_label_names.txt: has 2 class names and 100 classes; give as many of one as of the other "
            "[BM-DATA-013]\n");
}

TEST_F(OpenTest, ATruncatedBatchAndLabelTenSayBothNumbers) {
  write("data_batch_1.bin", record("\x01", 'a').substr(0, 3000));
  EXPECT_EQ(
      errors_of({.path = folder_}),
      "~/data_batch_1.bin: holds 3000 bytes and a batch is one or more records of 3073 bytes; fetch the "
      "file again [BM-DATA-010]\n");
  write("data_batch_1.bin", record("\x01", 'a') + record("\x0a", 'a'));
  EXPECT_EQ(
      errors_of({.path = folder_}),
      "~/data_batch_1.bin: label 10 of image 1 is outside the 10 classes; correct the label or the number "
      "of classes [BM-DATA-011]\n");
}

TEST_F(OpenTest, ClassFoldersAreSortedAndDividedWithoutTheTrainingSeed) {
  for (int i = 0; i < 6; ++i) {
    write("cat/" + std::to_string(i) + ".png", test::png_bytes(ramp({3, 4, 6}, i)));
    write("ant/" + std::to_string(i) + ".PNG", test::png_bytes(ramp({3, 4, 6}, 100 + i)));
  }
  write("cat/notes.txt", "passed over");
  const SetSpec spec{.path = folder_, .split = {.holdout = 3, .test = 4}, .read = {.threads = 3}};
  const auto split = open(spec);
  ASSERT_TRUE(split) << to_text(split.errors());
  EXPECT_EQ(split->train.classes, (std::vector<std::string>{"ant", "cat"}));
  EXPECT_EQ(split->train.count(), 5u);
  EXPECT_EQ(split->holdout.count(), 3u);
  EXPECT_EQ(split->test.count(), 4u);
  std::vector<int> firsts;
  for (const auto* set : {&split->train, &split->holdout, &split->test}) {
    for (std::size_t i = 0; i < set->count(); ++i) {
      firsts.push_back(set->image(i)[0]);
      EXPECT_EQ(set->labels[i], set->image(i)[0] < 100 ? 1 : 0);
    }
  }
  EXPECT_EQ(open(spec)->holdout.pixels, split->holdout.pixels);
  std::ranges::sort(firsts);
  EXPECT_EQ(firsts, (std::vector{0, 1, 2, 3, 4, 5, 100, 101, 102, 103, 104, 105}));
}

TEST_F(OpenTest, TrainAndTestFoldersNeedTheSameClassesAndOneSize) {
  write("train/a/0.png", test::png_bytes(ramp({1, 4, 4}, 0)));
  write("train/b/0.png", test::png_bytes(ramp({1, 4, 4}, 1)));
  write("test/a/0.png", test::png_bytes(ramp({1, 4, 4}, 2)));
  EXPECT_EQ(
      errors_of({.path = folder_}),
      "~/test: has 1 classes and the training images have 2, the first that differs is 'b'; give both the "
      "same folders [BM-DATA-031]\n");
  write("test/b/0.png", test::png_bytes(ramp({1, 4, 5}, 3)));
  EXPECT_EQ(
      errors_of({.path = folder_}),
      "~/test/b/0.png: has 4 x 5 pixels and 4 x 4 are needed; give a size to resize or crop all images to "
      "[BM-DATA-024]\n");
  const auto split = open({.path = folder_, .frame = {Fit::Crop, 2, 2}});
  ASSERT_TRUE(split) << to_text(split.errors());
  EXPECT_EQ(split->test.shape, (Shape{1, 2, 2}));
  EXPECT_EQ(split->test.labels, (std::vector{0, 1}));
  write("test/b/0.png", test::png_bytes(ramp({1, 4, 4}, 3)));
  EXPECT_EQ(errors_of({.path = folder_, .split = {.test = 1}}),
            "~: 1 test images are asked for and the data set has 2 of its own; ask for none [BM-DATA-012]\n");
  for (const char* name : {"test/a/0.png", "test/b/0.png"}) write(name, test::png_bytes(ramp({3, 4, 4}, 0)));
  EXPECT_EQ(
      errors_of({.path = folder_}),
      "~: the test images are 3 x 4 x 4 and the training images 1 x 4 x 4; give a size to bring both to or "
      "convert both to grey or RGB [BM-DATA-014]\n");
}

TEST_F(OpenTest, TheFirstBadImageIsNamedWhateverTheThreads) {
  for (int i = 0; i < 40; ++i)
    write("a/" + std::to_string(100 + i) + ".png",
          i % 10 == 7 ? "text" : test::png_bytes(ramp({1, 4, 4}, i)));
  for (const int threads : {1, 4}) {
    EXPECT_EQ(
        errors_of({.path = folder_, .read = {.threads = threads}}),
        "~/a/107.png: starts with bytes 74 65 78 74 and a JPEG file starts with ff d8 ff, a PNG file with 89 "
        "50 4e 47; convert or remove it [BM-DATA-020]\n");
  }
  write("a/101.png", test::png_bytes(ramp({3, 4, 4}, 0)));
  EXPECT_EQ(errors_of({.path = folder_}),
            "~/a/101.png: has 3 channels and the first image 1; convert all images to grey or all to RGB "
            "[BM-DATA-026]\n");
}

TEST_F(OpenTest, EmptyFoldersAndArchivesAreRefused) {
  fs::create_directories(folder_ / "a");
  EXPECT_EQ(
      errors_of({.path = folder_ / "a"}),
      "~/a: holds no JPEG or PNG images of classes among its 0 entries; give a folder with one folder of "
      "images for each class [BM-DATA-030]\n");
  EXPECT_EQ(errors_of({.path = write("set.tar.gz", "")}),
            "~/set.tar.gz: is an archive; unpack it first and give the folder [BM-DATA-060]\n");
  EXPECT_EQ(
      errors_of({.path = write("set.npy", "")}),
      "~/set.npy: is one file and its labels are needed too; give a folder, or a .npy or IDX file together "
      "with its labels [BM-DATA-061]\n");
  EXPECT_EQ(errors_of({.path = folder_ / "none"}),
            "~/none: cannot read the file (No such file or directory); check the path and its permissions "
            "[BM-FILE-001]\n");
}

TEST_F(OpenTest, NpyImagesOfEitherLayoutBecomeChannelsFirst) {
  // Two images of 2 x 1 pixels: (N, H, W, C) holds the channels of a pixel side by side.
  const std::vector<std::int64_t> values{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  const auto last = write_npy("last.npy", {{2, 2, 1, 3}, NpyType::UInt8, values, {}});
  const auto first = write_npy("first.npy", {{2, 3, 1, 2}, NpyType::UInt8, values, {}});
  const auto labels = write_npy("labels.npy", {{2}, NpyType::Int64, {4, 1}, {}});
  const auto a = open({.path = last, .labels = labels});
  ASSERT_TRUE(a) << to_text(a.errors());
  EXPECT_EQ(a->train.shape, (Shape{3, 2, 1}));
  EXPECT_EQ(a->train.pixels, (std::vector<std::uint8_t>{1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12}));
  EXPECT_EQ(a->train.labels, (std::vector{4, 1}));
  EXPECT_EQ(a->train.classes.size(), 5u);
  const auto b = open({.path = first, .labels = labels});
  ASSERT_TRUE(b) << to_text(b.errors());
  EXPECT_EQ(b->train.pixels[2], 3);
  EXPECT_EQ(
      errors_of({.path = first, .labels = labels, .classes = 4}),
      "~/labels.npy: label 4 of image 0 is outside the 4 classes; correct the label or the number of classes "
      "[BM-DATA-011]\n");
}

TEST_F(OpenTest, NpyFilesOfOtherTypesAndShapesAreRefused) {
  const auto labels = write_npy("labels.npy", {{2}, NpyType::Int64, {0, 1}, {}});
  const auto error = [&](const NpyArray& images) {
    return errors_of({.path = write_npy("images.npy", images), .labels = labels});
  };
  EXPECT_EQ(error({{2, 1, 1, 1}, NpyType::Float32, {}, {0.5, 1}}),
            "~/images.npy: holds float32 and uint8 in C order is needed; convert it (numpy: "
            "np.ascontiguousarray(a, "
            "np.uint8)) [BM-DATA-040]\n");
  EXPECT_EQ(error({{2, 1}, NpyType::UInt8, {1, 2}, {}}),
            "~/images.npy: has the shape (2, 1) and (N, C, H, W), (N, H, W, C) or (N, H, W) with 1 or 3 "
            "channels is "
            "needed; reshape it [BM-DATA-041]\n");
  EXPECT_EQ(error({{1, 1, 1}, NpyType::UInt8, {1}, {}}),
            "~/labels.npy: holds 2 labels and there are 1 images; give the two files of one data set "
            "[BM-DATA-007]\n");
  write_npy("labels.npy", {{1, 2}, NpyType::Float64, {}, {0, 1}});
  EXPECT_EQ(
      error({{2, 1, 1}, NpyType::UInt8, {1, 2}, {}}),
      "~/labels.npy: has the shape (1, 2) of float64 and one integer an image is needed; save the labels as "
      "integers of shape (N,) [BM-DATA-042]\n");
  write_npy("labels.npy", {{2}, NpyType::Int64, {0, -1}, {}});
  EXPECT_EQ(
      error({{2, 1, 1}, NpyType::UInt8, {1, 2}, {}}),
      "~/labels.npy: label -1 of image 1 is outside the 65536 classes; correct the label or the number of "
      "classes [BM-DATA-011]\n");
}

TEST_F(OpenTest, AFolderOfNpyFilesHasItsOwnTestImages) {
  write_npy("train_images.npy", {{3, 1, 1}, NpyType::UInt8, {1, 2, 3}, {}});
  write_npy("train_labels.npy", {{3}, NpyType::UInt8, {0, 1, 2}, {}});
  write_npy("test_images.npy", {{1, 1, 1}, NpyType::UInt8, {9}, {}});
  write_npy("test_labels.npy", {{1}, NpyType::UInt8, {3}, {}});
  const auto split = open({.path = folder_, .frame = {Fit::Resize, 2, 2}, .split = {.holdout = 1}});
  ASSERT_TRUE(split) << to_text(split.errors());
  EXPECT_EQ(split->train.count(), 2u);
  EXPECT_EQ(split->test.pixels, (std::vector<std::uint8_t>{9, 9, 9, 9}));
  EXPECT_EQ(split->train.classes.size(), 4u);
  EXPECT_EQ(errors_of({.path = folder_, .split = {.holdout = 3}}),
            "~: 3 images to hold out of 3 leave none to train on; hold out fewer [BM-DATA-008]\n");
}

TEST_F(OpenTest, AnIdxFileOfNoImagesIsRefused) {
  const auto images = write("images", "\0\0\x08\x03\0\0\0\0\0\0\0\x01\0\0\0\x01"s);
  const auto labels = write("labels", "\0\0\x08\x01\0\0\0\0"s);
  EXPECT_EQ(errors_of({.path = images, .labels = labels}),
            "~/images: holds 0 images of 1 x 1 pixels and at least one of 1 to 32768 a side is needed; give "
            "another "
            "file [BM-DATA-009]\n");
}

}  // namespace
}  // namespace bitmason::data
