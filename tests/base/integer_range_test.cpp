#include "base/integer_range.hpp"

#include <gtest/gtest.h>

namespace bitmason {
namespace {

TEST(IntRangeTest, BitsAreTheNarrowestCode) {
  EXPECT_EQ((IntRange{0, 0}.bits()), 1);
  EXPECT_EQ((IntRange{0, 1}.bits()), 1);
  EXPECT_EQ((IntRange{0, 15}.bits()), 4);
  EXPECT_EQ((IntRange{0, 16}.bits()), 5);
  EXPECT_EQ((IntRange{-1, 0}.bits()), 1);
  EXPECT_EQ((IntRange{-1, 1}.bits()), 2);
  EXPECT_EQ((IntRange{-8, 7}.bits()), 4);
  EXPECT_EQ((IntRange{-9, 7}.bits()), 5);
  EXPECT_EQ((IntRange{-1, 127}.bits()), 8);
  EXPECT_EQ((IntRange{0, std::int64_t{1} << 62}.bits()), 63);
  EXPECT_EQ((IntRange{-(std::int64_t{1} << 62), std::int64_t{1} << 62}.bits()), 64);
}

TEST(IntRangeTest, NamedRangesAndSpan) {
  EXPECT_EQ(IntRange::unsigned_bits(4), (IntRange{0, 15}));
  EXPECT_EQ(IntRange::signed_bits(4), (IntRange{-8, 7}));
  EXPECT_EQ(IntRange::narrow_bits(4), (IntRange{-7, 7}));
  EXPECT_EQ(IntRange::signed_bits(4).span(), 15);
}

TEST(IntRangeTest, ArithmeticIsExact) {
  EXPECT_EQ((IntRange{-2, 3} + IntRange{1, 4}), (IntRange{-1, 7}));
  EXPECT_EQ((IntRange{-2, 3} * IntRange{-5, 4}), (IntRange{-15, 12}));
  EXPECT_EQ((IntRange{-2, 3} * std::int64_t{9}), (IntRange{-18, 27}));
  EXPECT_EQ((IntRange{-2, 3}.united({1, 9})), (IntRange{-2, 9}));
  EXPECT_TRUE((IntRange{-2, 3}.contains(IntRange{-2, 0})));
  EXPECT_FALSE((IntRange{-2, 3}.contains(4)));
}

}  // namespace
}  // namespace bitmason
