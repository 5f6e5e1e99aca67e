#include <gtest/gtest.h>

#include <fstream>

#include "base/file.hpp"
#include "base/npy.hpp"
#include "base/random.hpp"
#include "data/image_writer.hpp"
#include "data/open.hpp"

/// Every format truncated and with flipped bytes: an error or a data set, never a crash.
namespace bitmason::data {
namespace {

using namespace std::string_literals;
namespace fs = std::filesystem;

class DamageTest : public testing::Test {
 protected:
  fs::path write(const fs::path& name, const std::string& bytes) {
    // ext4 flushes a file that is truncated or renamed over another one, which takes milliseconds.
    fs::remove(folder_ / name);
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }

  /// Damages one file of a set in 400 ways; each result is an error with text or a whole set.
  void damage(const SetSpec& spec, const fs::path& file) {
    const auto whole = open(spec);
    ASSERT_TRUE(whole) << to_text(whole.errors());
    const auto good = *read_file(file);
    Random random(5, 0);
    int errors = 0;
    for (int i = 0; i < 400; ++i) {
      auto bytes = good;
      if (i % 2 == 0) bytes.resize(random.below(bytes.size()));
      const auto flips = i % 2 == 0 ? 0 : 1 + random.below(4);
      for (std::uint64_t flip = 0; flip < flips; ++flip)
        bytes[random.below(i % 4 == 1 ? std::min<std::size_t>(bytes.size(), 64) : bytes.size())] =
            static_cast<char>(random.below(256));
      write(file, bytes);
      const auto split = open(spec);
      errors += split ? 0 : 1;
      if (!split) {
        EXPECT_FALSE(split.errors().front().text.empty());
      } else {
        EXPECT_EQ(split->train.pixels.size(),
                  split->train.count() * static_cast<std::size_t>(split->train.shape.elements()));
      }
    }
    EXPECT_GE(errors, 100) << "half of the 400 files are truncated";
    write(file, good);
  }

  fs::path folder_ = test::test_folder();
};

TEST_F(DamageTest, Jpeg) {
  damage({.path = folder_}, write("a/0.jpg", test::jpeg_bytes(test::ramp({3, 16, 24}, 0))));
}

TEST_F(DamageTest, Png) {
  damage({.path = folder_}, write("a/0.png", test::png_bytes(test::ramp({3, 16, 24}, 0), 9)));
}

TEST_F(DamageTest, Idx) {
  const auto images = write("images", "\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x03"s + "abcdef");
  const auto labels = write("labels", "\0\0\x08\x01\0\0\0\x02\x07\x09"s);
  damage({.path = images, .labels = labels}, images);
  damage({.path = images, .labels = labels}, labels);
}

TEST_F(DamageTest, Cifar) {
  write("train.bin", "\0\x01"s + std::string(3072, 'a'));
  const auto test = write("test.bin", "\0\x01"s + std::string(3072, 'b'));
  damage({.path = folder_}, test);
}

TEST_F(DamageTest, Npy) {
  const auto images = folder_ / "images.npy";
  const auto labels = folder_ / "labels.npy";
  ASSERT_TRUE(write_npy(images, {{2, 2, 2, 3}, NpyType::UInt8, std::vector<std::int64_t>(24, 7), {}}));
  ASSERT_TRUE(write_npy(labels, {{2}, NpyType::Int32, {0, 1}, {}}));
  damage({.path = images, .labels = labels}, images);
  damage({.path = images, .labels = labels}, labels);
}

TEST_F(DamageTest, BoxList) {
  write("images/0.png", test::png_bytes(test::ramp({1, 10, 20}, 0)));
  const auto list = write("boxes.csv", "image,xmin,xmax,ymin,ymax\n0,1,2,3,4\n0,10,19.5,3,8\n");
  damage({.path = folder_ / "images", .labels = list}, list);
}

TEST_F(DamageTest, Cache) {
  write("a/0.png", test::png_bytes(test::ramp({1, 10, 20}, 0)));
  const SetSpec spec{.path = folder_, .read = {.cache = folder_ / ".cache"}};
  const auto whole = open(spec);
  ASSERT_TRUE(whole) << to_text(whole.errors());
  Random random(5, 1);
  for (const auto& entry : fs::directory_iterator(folder_ / ".cache")) {
    const auto good = *read_file(entry.path());
    for (int i = 0; i < 20; ++i) {
      write(entry.path(), good.substr(0, random.below(good.size())));
      const auto split = open(spec);
      ASSERT_TRUE(split) << to_text(split.errors());
      EXPECT_EQ(split->train.pixels, whole->train.pixels);
    }
  }
}

}  // namespace
}  // namespace bitmason::data
