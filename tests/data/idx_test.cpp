#include "data/idx.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/file.hpp"
#include "data/mnist.hpp"

namespace bitmason::data {
namespace {

using namespace std::string_literals;

/// A folder of this test alone, emptied.
class IdxTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* name = testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ = std::filesystem::path(BITMASON_BINARY_DIR) / "data_idx_test" / name;
    std::filesystem::remove_all(folder_);
  }
  std::filesystem::path write(const std::string& name, const std::string& bytes) {
    EXPECT_TRUE(write_file(folder_ / name, bytes).ok());
    return folder_ / name;
  }
  /// Text of the one error of reading these bytes, without its place.
  std::string error_of(const std::string& bytes) {
    const auto path = write("bad.idx", bytes);
    const auto array = read_idx(path);
    if (array) return "no error";
    const auto text = array.errors().front().message();
    const auto place = path.string() + ": ";
    EXPECT_TRUE(text.starts_with(place)) << text;
    return text.substr(place.size());
  }
  std::filesystem::path folder_;
};

/// 2 x 1 x 3 bytes 1..6.
const std::string kSmall = "\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x03\x01\x02\x03\x04\x05\x06"s;

TEST_F(IdxTest, SixBytesOfTwoFramesOneByThree) {
  const auto array = read_idx(write("small.idx", kSmall));
  ASSERT_TRUE(array.ok());
  EXPECT_EQ(array->shape, (std::vector<std::int64_t>{2, 1, 3}));
  EXPECT_EQ(array->values, (std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6}));
}

TEST_F(IdxTest, GzipHoldsTheSameSixBytes) {
  const auto plain = write("small.idx", kSmall);
  ASSERT_EQ(std::system(("gzip -n " + plain.string()).c_str()), 0);
  const auto array = read_idx(plain.string() + ".gz");
  ASSERT_TRUE(array.ok());
  EXPECT_EQ(array->values, (std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6}));
}

TEST_F(IdxTest, MissingFileIsNamed) {
  const auto array = read_idx(folder_ / "none.gz");
  ASSERT_FALSE(array.ok());
  EXPECT_EQ(array.errors().front().code, "BM-FILE-001");
}

TEST_F(IdxTest, FloatsAreRefused) {
  EXPECT_EQ(
      error_of("\0\0\x0d\x01\0\0\0\x01\0\0\0\0"s),
      "starts with bytes 00 00 0d 01 and an IDX file of unsigned bytes starts with 00 00 08 and a dimension "
      "count of 1 to 4; give an IDX file, plain or gzip [BM-DATA-001]");
}

TEST_F(IdxTest, ShortDataSaysBothSizes) {
  EXPECT_EQ(error_of(kSmall.substr(0, 20)),
            "holds 4 of the 6 bytes that its IDX header promises; fetch the file again [BM-DATA-002]");
}

TEST_F(IdxTest, ShortHeaderSaysBothSizes) {
  EXPECT_EQ(error_of(kSmall.substr(0, 10)),
            "holds 10 of the 16 bytes that its IDX header promises; fetch the file again [BM-DATA-002]");
}

TEST_F(IdxTest, ExtraDataIsRefused) {
  EXPECT_EQ(error_of(kSmall + "x"),
            "holds more than the 6 bytes that its IDX header promises; fetch the file again [BM-DATA-003]");
}

TEST_F(IdxTest, CorruptGzipIsRefused) {
  EXPECT_EQ(error_of("\x1f\x8b\x08\0\0\0\0\0\x02\x03\xff\xff\xff\xff\xff\xff"s),
            "cannot be decompressed (invalid block type after 0 bytes); fetch the file again [BM-DATA-004]");
}

TEST_F(IdxTest, PromiseOfAnExabyteIsRefusedBeforeAllocation) {
  EXPECT_EQ(
      error_of("\0\0\x08\x03\x7f\0\0\0\x7f\0\0\0\x7f\0\0\0"s),
      "its IDX header promises 2130706432 x 2130706432 x 2130706432 bytes and the limit is 2147483648; split "
      "the file [BM-DATA-005]");
}

TEST_F(IdxTest, SwappedImagesAndLabelsAreNamed) {
  const auto images = write("images", kSmall);
  const auto labels = write("labels", "\0\0\x08\x01\0\0\0\x02\x07\x09"s);
  const auto set = read_images(images, labels);
  ASSERT_TRUE(set.ok());
  EXPECT_EQ(set->shape, (Shape{1, 1, 3}));
  EXPECT_EQ(set->slice(1, 1).pixels, (std::vector<std::uint8_t>{4, 5, 6}));
  EXPECT_EQ(set->slice(1, 1).labels, (std::vector<int>{9}));
  const auto swapped = read_images(labels, images);
  ASSERT_FALSE(swapped.ok());
  EXPECT_EQ(swapped.errors().front().text,
            "has 1 dimensions and an image file needs 3; check that images and labels are not swapped");
}

TEST_F(IdxTest, ThreeLabelsForTwoImagesAreRefused) {
  const auto images = write("images", kSmall);
  const auto labels = write("labels", "\0\0\x08\x01\0\0\0\x03\x07\x09\x01"s);
  const auto set = read_images(images, labels);
  ASSERT_FALSE(set.ok());
  EXPECT_EQ(set.errors().front().text,
            "holds 3 labels and there are 2 images; give the two files of one data set");
}

TEST_F(IdxTest, HoldingOutBothImagesLeavesNone) {
  write("train-images-idx3-ubyte.gz", kSmall);
  write("train-labels-idx1-ubyte.gz", "\0\0\x08\x01\0\0\0\x02\x07\x09"s);
  write("t10k-images-idx3-ubyte.gz", kSmall);
  write("t10k-labels-idx1-ubyte.gz", "\0\0\x08\x01\0\0\0\x02\x07\x09"s);
  const auto split = read_mnist_folder(folder_, 1);
  ASSERT_TRUE(split.ok());
  EXPECT_EQ(split->train.labels, (std::vector<int>{7}));
  EXPECT_EQ(split->holdout.labels, (std::vector<int>{9}));
  const auto none = read_mnist_folder(folder_, 2);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.errors().front().text, "2 images to hold out of 2 leave none to train on; hold out fewer");
}

}  // namespace
}  // namespace bitmason::data
