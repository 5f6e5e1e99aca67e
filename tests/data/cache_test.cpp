#include "data/cache.hpp"

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "data/image_writer.hpp"

namespace bitmason::data {
namespace {

namespace fs = std::filesystem;

/// Three images in files, and a folder for the cache.
class CacheTest : public testing::Test {
 protected:
  CacheTest() {
    for (int i = 0; i < 3; ++i) {
      files_.push_back(folder_ / (std::to_string(i) + ".png"));
      EXPECT_TRUE(write_file(files_.back(), test::png_bytes(test::ramp({3, 4, 6}, i))).ok());
    }
  }
  /// Reads with the cache and counts how often files were decoded.
  DecodedFiles read() {
    const ReadOptions options{
        .threads = 2, .cache = folder_ / "cache", .progress = [this](auto done, auto total) {
          decodings_ += done == total ? 1 : 0;
        }};
    auto decoded = read_image_files(files_, {}, options);
    EXPECT_TRUE(decoded) << to_text(decoded.errors());
    return std::move(*decoded);
  }
  [[nodiscard]] fs::path name() const { return folder_ / "cache" / cache_name(files_, {}); }

  fs::path folder_ = test::test_folder();
  std::vector<fs::path> files_;
  int decodings_ = 0;
};

TEST_F(CacheTest, FilesAreDecodedOnceAndTheSecondReadGivesTheSame) {
  const auto first = read();
  EXPECT_EQ(first.pixels.size(), 3u * 72);
  EXPECT_EQ(first.sizes, (std::vector<FileSize>(3, {4, 6})));
  const auto second = read();
  EXPECT_EQ(decodings_, 1);
  EXPECT_EQ(second.shape, first.shape);
  EXPECT_EQ(second.pixels, first.pixels);
  EXPECT_EQ(second.sizes, first.sizes);
}

TEST_F(CacheTest, AChangedFileIsDecodedAgain) {
  const auto first = read();
  EXPECT_TRUE(write_file(files_[1], test::png_bytes(test::ramp({3, 4, 6}, 77))).ok());
  EXPECT_EQ(read().pixels[72], 77);
  EXPECT_EQ(decodings_, 2);
}

TEST_F(CacheTest, ADamagedCacheIsWrittenAgain) {
  const auto first = read();
  const auto kept = name().string() + ".npy";
  auto bytes = *read_file(kept);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  EXPECT_TRUE(write_file(kept, bytes).ok());
  EXPECT_EQ(read().pixels, first.pixels);
  EXPECT_EQ(decodings_, 2);
  EXPECT_TRUE(write_file(kept, bytes.substr(0, 50)).ok());
  EXPECT_EQ(read().pixels, first.pixels);
  EXPECT_EQ(decodings_, 3);
  EXPECT_TRUE(fs::remove(name().string() + "-sizes.npy"));
  EXPECT_EQ(read().pixels, first.pixels);
  EXPECT_EQ(decodings_, 4);
}

TEST_F(CacheTest, AnotherFrameHasAnotherCache) {
  EXPECT_NE(cache_name(files_, {}), cache_name(files_, {.bgr = true}));
  EXPECT_NE(cache_name(files_, {Fit::Resize, 2, 2}), cache_name(files_, {Fit::Crop, 2, 2}));
}

}  // namespace
}  // namespace bitmason::data
