#include "verify/beats.hpp"

#include <gtest/gtest.h>

#include "base/file.hpp"

namespace bitmason::verify {
namespace {

TEST(Beats, PacksRowColumnChannelWithElement0Lowest) {
  // Two pixels in a row of three channels, 5 bits each: one beat of 15 bits a pixel, padded to two bytes.
  const StreamFacts stream{.name = "s", .shape = {3, 1, 2}, .channels_per_beat = 3, .bits = 5};
  // (C, H, W): channel 0 holds 1, 2; channel 1 holds 3, 4; channel 2 holds 31, 16.
  const FrameCodes codes{1, 2, 3, 4, 31, 16};
  // Pixel 0: 31 << 10 | 3 << 5 | 1 = 31841 = 0x7c61; pixel 1: 16 << 10 | 4 << 5 | 2 = 16514 = 0x4082.
  EXPECT_EQ(pack_frame(stream, codes), std::string("\x61\x7c\x82\x40", 4));
  EXPECT_EQ(unpack_frame(stream, pack_frame(stream, codes)), codes);
}

TEST(Beats, SendsChannelGroupsOfAPixelOneAfterAnother) {
  const StreamFacts stream{.name = "s", .shape = {4, 1, 1}, .channels_per_beat = 2, .bits = 8};
  EXPECT_EQ(pack_frame(stream, {1, 2, 3, 4}), std::string("\x01\x02\x03\x04", 4));
  const StreamFacts pixels{.name = "s", .shape = {2, 2, 1}, .channels_per_beat = 1, .bits = 8};
  // Channel 0 holds rows 1, 2; channel 1 holds rows 3, 4.
  EXPECT_EQ(pack_frame(pixels, {1, 2, 3, 4}), std::string("\x01\x03\x02\x04", 4));
}

TEST(Beats, ExtendsTheSignOfSignedElements) {
  const StreamFacts stream{
      .name = "s", .shape = {2, 1, 1}, .channels_per_beat = 2, .bits = 3, .is_signed = true};
  // -4 is 100, 3 is 011: 011100 = 0x1c.
  EXPECT_EQ(pack_frame(stream, {-4, 3}), std::string("\x1c", 1));
  EXPECT_EQ(unpack_frame(stream, "\x1c"), (FrameCodes{-4, 3}));
}

TEST(Beats, ReadsRecordsAndRefusesATornOne) {
  const auto file = std::filesystem::temp_directory_path() / ("bitmason_beats_" + std::to_string(::getpid()));
  std::string bytes("\x05\x01\0\0\0\0\0\0\x01zz", 11);
  ASSERT_TRUE(write_file(file, bytes));
  const auto beats = read_beats(file, 2);
  ASSERT_TRUE(beats.ok());
  ASSERT_EQ(beats->size(), 1U);
  EXPECT_EQ((*beats)[0].cycle, 261U);
  EXPECT_TRUE((*beats)[0].last);
  EXPECT_EQ((*beats)[0].data, "zz");
  EXPECT_EQ(read_beats(file, 3).errors()[0].message(),
            file.string() +
                ": holds 11 bytes, which is no multiple of the 12 bytes of a beat; remove it and run "
                "again [BM-VERIFY-023]");
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace bitmason::verify
