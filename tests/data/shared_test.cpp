#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>

#include "data/image_writer.hpp"
#include "data/mnist.hpp"
#include "data/open.hpp"
#include "support/float_files.hpp"

/// Data sets of ../shared; skipped where they are missing.
namespace bitmason::data {
namespace {

namespace fs = std::filesystem;

const fs::path kShared = fs::path(BITMASON_SHARED_DIR) / "data";

/// The unpacked archive, kept in the build folder: removing 60,000 files can take minutes. Tests that run
/// side by side may both unpack it; the first one's folder stays. Empty: it failed.
fs::path unpacked(const fs::path& archive) {
  const auto folder = fs::path(BITMASON_BINARY_DIR) / "data_tests" / archive.stem().stem();
  if (fs::exists(folder)) return folder;
  const auto part = folder.string() + ".part" + std::to_string(getpid());
  fs::create_directories(part);
  if (std::system(("tar xf '" + archive.string() + "' -C '" + part + "'").c_str()) != 0) return {};
  std::error_code exists;
  fs::rename(part, folder, exists);
  if (exists) fs::remove_all(part);
  return fs::exists(folder) ? folder : fs::path();
}

TEST(SharedData, TenThousandDigitsOfMnist) {
  const SetSpec spec{.path = kShared / "mnist/t10k-images-idx3-ubyte.gz",
                     .labels = kShared / "mnist/t10k-labels-idx1-ubyte.gz",
                     .split = {.holdout = 1000}};
  if (!fs::exists(spec.path)) GTEST_SKIP() << spec.path << " is missing";
  const auto split = open(spec);
  ASSERT_TRUE(split) << to_text(split.errors());
  EXPECT_EQ(split->train.shape, (Shape{1, 28, 28}));
  EXPECT_EQ(split->train.count(), 9000u);
  EXPECT_EQ(split->holdout.count(), 1000u);
  EXPECT_EQ(split->train.classes.size(), 10u);
  // The first digits of the test set, as every description of it has them.
  EXPECT_EQ(split->train.slice(0, 5).labels, (std::vector{7, 2, 1, 0, 4}));
}

TEST(SharedData, FiveHundredContestImagesWithBoxesAtHalfSize) {
  const auto archive = kShared / "dacsdc_images_000_499.tar";
  if (!fs::exists(archive)) GTEST_SKIP() << archive << " is missing";
  const auto folder = unpacked(archive);
  ASSERT_FALSE(folder.empty());
  const auto split = open({.path = folder,
                           .labels = kShared / "dacsdc_boxes_0_499.csv",
                           .frame = {Fit::Resize, 160, 320, true},
                           .split = {.test = 100},
                           .read = {.threads = 2}});
  ASSERT_TRUE(split) << to_text(split.errors());
  EXPECT_EQ(split->train.count(), 400u);
  EXPECT_EQ(split->test.boxes.size(), 100u);
  EXPECT_EQ(split->train.shape, (Shape{3, 160, 320}));
  // Of image 0: x 295 to 382 of 640, y 131 to 232 of 360.
  const auto all =
      open({.path = folder, .labels = kShared / "dacsdc_boxes_0_499.csv", .frame = {Fit::Resize, 160, 320}});
  ASSERT_TRUE(all) << to_text(all.errors());
  EXPECT_EQ(all->train.boxes[0], (Box{147.5, 191, 131 * (160.0 / 360), 232 * (160.0 / 360)}));
}

TEST(SharedData, SixteenContestImagesAreResizedAsTheAuthorsOfUltraNetDid) {
  const auto archive = kShared / "dacsdc_images_000_499.tar";
  if (!fs::exists(archive)) GTEST_SKIP() << archive << " is missing";
  const auto folder = unpacked(archive);
  ASSERT_FALSE(folder.empty());
  const auto cases = bitmason::test::read_npz(kShared / "ultranet_cases_dev.npz");
  const auto& ids = cases.at("image_id").integers;
  const auto& inputs = cases.at("input_bgr_chw_u8").integers;
  std::vector<fs::path> files;
  for (const auto id : ids) files.push_back(folder / (std::to_string(id) + ".jpg"));
  const auto decoded = read_image_files(files, {Fit::Resize, 160, 320, true}, {});
  ASSERT_TRUE(decoded) << to_text(decoded.errors());
  ASSERT_EQ(decoded->pixels.size(), inputs.size());
  std::size_t different = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) different += decoded->pixels[i] == inputs[i] ? 0U : 1U;
  EXPECT_EQ(different, 0u) << "of " << inputs.size();
}

TEST(SlowSharedData, SixtyThousandJpegsOfCifar10AreDecodedOnceAndThenComeFromTheCache) {
  const auto archive = kShared / "cifar10_jpegs.tar.xz";
  if (!fs::exists(archive)) GTEST_SKIP() << archive << " is missing";
  const auto folder = unpacked(archive);
  ASSERT_FALSE(folder.empty());
  int decoded = 0;
  const SetSpec spec{
      .path = folder,
      .split = {.holdout = 5000},
      .read = {.threads = 2, .cache = test::test_folder(), .progress = [&decoded](auto done, auto total) {
                 decoded += done == total ? 1 : 0;
               }}};
  const auto first = open(spec);
  ASSERT_TRUE(first) << to_text(first.errors());
  const auto start = std::chrono::steady_clock::now();
  const auto second = open(spec);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  ASSERT_TRUE(second) << to_text(second.errors());
  EXPECT_EQ(decoded, 2) << "once for training, once for test";
  EXPECT_EQ(second->train.count(), 45000u);
  EXPECT_EQ(second->holdout.count(), 5000u);
  EXPECT_EQ(second->test.count(), 10000u);
  EXPECT_EQ(second->train.classes[3], "cat");
  EXPECT_EQ(second->train.pixels, first->train.pixels);
  std::cout << "60,000 images from the cache in " << seconds.count() << " s\n";
}

}  // namespace
}  // namespace bitmason::data
