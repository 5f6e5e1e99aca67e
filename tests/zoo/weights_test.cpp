#include "zoo/weights.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace bitmason::zoo {
namespace {

TEST(ZooWeightsTest, CodesFillTheNarrowRangeInABell) {
  for (const int bits : {3, 4, 5, 8}) {
    Random random(1, 1);
    const auto codes = draw_weights({.outputs = 64, .fan_in = 576, .bits = bits}, random);
    ASSERT_EQ(codes.size(), 64u * 576u);
    const int top = (1 << (bits - 1)) - 1;
    EXPECT_EQ(std::ranges::max(codes), top);
    EXPECT_EQ(std::ranges::min(codes), -top);
    // Of a normal distribution 68 % lie within one deviation, which is 1/2.7 (3 bits: 1/2.2) of the range.
    const double deviation = top / (bits == 3 ? 2.2 : 2.7);
    const auto within = std::ranges::count_if(codes, [&](int code) { return std::abs(code) < deviation; });
    EXPECT_GT(within, 0.55 * static_cast<double>(codes.size())) << bits;
    EXPECT_LT(within, 0.80 * static_cast<double>(codes.size())) << bits;
  }
}

TEST(ZooWeightsTest, OneBitIsASignAndTwoBitsAreTernaryWithHalfZeros) {
  Random random(1, 1);
  const auto signs = draw_weights({.outputs = 64, .fan_in = 576, .bits = 1}, random);
  const auto positive = std::ranges::count(signs, 1);
  EXPECT_EQ(positive + std::ranges::count(signs, -1), std::ssize(signs));
  EXPECT_NEAR(static_cast<double>(positive) / 36864.0, 0.5, 0.02);
  const auto ternary = draw_weights({.outputs = 64, .fan_in = 576, .bits = 2}, random);
  // P(|z| < 0.65) = 48 %.
  EXPECT_NEAR(static_cast<double>(std::ranges::count(ternary, 0)) / 36864.0, 0.48, 0.03);
}

TEST(ZooWeightsTest, NoFilterIsAllZero) {
  Random random(7, 1);
  const auto codes = draw_weights({.outputs = 1000, .fan_in = 2, .bits = 2}, random);
  for (std::size_t o = 0; o < 1000; ++o) EXPECT_TRUE(codes[2 * o] != 0 || codes[2 * o + 1] != 0) << o;
}

TEST(ZooWeightsTest, TheScaleIsAPowerOfTwoNearTheDeviationOfHe) {
  // sqrt(2 / 512) = 1/16 is 7 / 2.7 codes: 0.0241, nearest in the logarithm to 1/32 = 0.03125 or 1/64.
  EXPECT_EQ(weight_scale({.outputs = 1, .fan_in = 512, .bits = 4}), 0.03125F);
  EXPECT_EQ(weight_scale({.outputs = 1, .fan_in = 512, .bits = 1}), 0.0625F);
}

}  // namespace
}  // namespace bitmason::zoo
