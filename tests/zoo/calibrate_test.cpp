#include "zoo/calibrate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace bitmason::zoo {
namespace {

double before_rounding(const IntegerNorm& norm, std::size_t channel, std::int64_t accumulator) {
  return (static_cast<double>(accumulator) + static_cast<double>(norm.bias[channel]) / 8) *
         std::ldexp(static_cast<double>(norm.multiplier[channel]), -norm.shift);
}

std::int64_t code(const IntegerNorm& norm, const Target& target, std::size_t channel, std::int64_t value) {
  const IntRange range = target.range();
  return std::clamp(std::llround(before_rounding(norm, channel, value)), static_cast<long long>(range.lo),
                    static_cast<long long>(range.hi));
}

/// `channels` channels of one pixel in two frames: values c and 40 + 3 c.
Values one_pixel(int channels) {
  Values values{{{channels, 1, 1}, {-1000, 1000}}, {{}, {}}};
  for (int c = 0; c < channels; ++c) {
    values.frames[0].push_back(c);
    values.frames[1].push_back(40 + 3 * c);
  }
  return values;
}

TEST(ZooCalibrateTest, TwoValuesOfAPixelGoToTheLowerAndTheUpperHalf) {
  for (const int bits : {1, 2, 4, 8}) {
    const Target target{.bits = bits};
    const Values values = one_pixel(64);
    const IntegerNorm norm = calibrate(values, target, Random(1, 1));
    std::set<std::int64_t> codes;
    for (std::size_t c = 0; c < 64; ++c) {
      const auto low = code(norm, target, c, values.frames[0][c]);
      const auto high = code(norm, target, c, values.frames[1][c]);
      EXPECT_LT(low, high) << bits << " bits, channel " << c;
      codes.insert({low, high});
    }
    // Of 2^bits codes, or of the 128 values.
    EXPECT_GE(codes.size() * 4, 3 * std::min<std::size_t>(std::size_t{1} << bits, 128)) << bits;
  }
}

TEST(ZooCalibrateTest, MultipliersAndBiasesAreOddSoNothingLiesMidwayBetweenTwoCodes) {
  const Values values = one_pixel(64);
  const IntegerNorm norm = calibrate(values, {.bits = 4}, Random(2, 1));
  ASSERT_EQ(norm.multiplier.size(), 64u);
  for (std::size_t c = 0; c < 64; ++c) {
    EXPECT_EQ(norm.multiplier[c] % 2, 1);
    EXPECT_NE(norm.bias[c] % 2, 0);
    for (std::int64_t value = -1000; value <= 1000; ++value) {
      const double exact = before_rounding(norm, c, value);
      ASSERT_NE(exact - std::floor(exact), 0.5) << value;
    }
  }
}

TEST(ZooCalibrateTest, AQuarterToAHalfOfManyValuesBecomesZero) {
  // A uniform ramp of 4000 values a channel.
  Values values{{{8, 40, 100}, {0, 4000}}, {{}}};
  for (int i = 0; i < 8 * 4000; ++i) values.frames[0].push_back(i % 4000);
  const Target target{.bits = 4};
  const IntegerNorm norm = calibrate(values, target, Random(3, 1));
  for (std::size_t c = 0; c < 8; ++c) {
    std::int64_t zeros = 0;
    for (std::int64_t value = 0; value < 4000; ++value) zeros += code(norm, target, c, value) == 0 ? 1 : 0;
    EXPECT_GE(zeros, 980);
    EXPECT_LE(zeros, 2020);
    // The top code is 15; the drawn top is 0.75 to 1.1 of it.
    EXPECT_GE(code(norm, target, c, 3999), 11);
  }
}

TEST(ZooCalibrateTest, AConstantChannelStaysInTheMiddle) {
  const Values values{{{1, 1, 2}, {0, 100}}, {{50, 50}, {50, 50}}};
  EXPECT_EQ(constant_channels(values), std::vector<bool>{true});
  const Target target{.bits = 8};
  const auto middle = code(calibrate(values, target, Random(1, 1)), target, 0, 50);
  EXPECT_GE(middle, 127);
  EXPECT_LE(middle, 128);
}

}  // namespace
}  // namespace bitmason::zoo
