#include "data/mnist.hpp"

#include <gtest/gtest.h>

#include "base/file.hpp"

namespace bitmason::data {
namespace {

using namespace std::string_literals;

/// A folder of this test alone with two images of 1x2 pixels, their labels, and one label of another set.
class MnistTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ = std::filesystem::path(BITMASON_BINARY_DIR) / "data_mnist_test" / test;
    std::filesystem::remove_all(folder_);
    const std::string images = "\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x02"s + "abcd";
    const std::string labels = "\0\0\x08\x01\0\0\0\x02"s + "\x03\x04";
    for (const char* set : {"train", "t10k"}) {
      EXPECT_TRUE(write_file(folder_ / (set + "-images-idx3-ubyte.gz"s), images));
      EXPECT_TRUE(write_file(folder_ / (set + "-labels-idx1-ubyte.gz"s), labels));
    }
    EXPECT_TRUE(write_file(folder_ / "one", "\0\0\x08\x01\0\0\0\x01\x07"s));
  }
  [[nodiscard]] std::filesystem::path images() const { return folder_ / "train-images-idx3-ubyte.gz"; }
  [[nodiscard]] std::filesystem::path labels() const { return folder_ / "train-labels-idx1-ubyte.gz"; }
  std::filesystem::path folder_;
};

TEST_F(MnistTest, SwappedFilesAreNamed) {
  const auto swapped = read_images(labels(), images());
  ASSERT_FALSE(swapped);
  EXPECT_EQ(swapped.errors().front().message(),
            labels().string() +
                ": has 1 dimensions and an image file needs 3; check that images and labels are not swapped "
                "[BM-DATA-006]");
}

TEST_F(MnistTest, LabelsOfAnotherSetAreRefused) {
  const auto mixed = read_images(images(), folder_ / "one");
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.errors().front().message(),
            (folder_ / "one").string() +
                ": holds 1 labels and there are 2 images; give the two files of one data set [BM-DATA-007]");
}

TEST_F(MnistTest, HoldingOutEveryImageIsRefused) {
  EXPECT_EQ(read_mnist_folder(folder_, 1)->holdout.labels, (std::vector<int>{4}));
  const auto none_left = read_mnist_folder(folder_, 2);
  ASSERT_FALSE(none_left);
  EXPECT_EQ(
      none_left.errors().front().message(),
      folder_.string() + ": 2 images to hold out of 2 leave none to train on; hold out fewer [BM-DATA-008]");
}

}  // namespace
}  // namespace bitmason::data
