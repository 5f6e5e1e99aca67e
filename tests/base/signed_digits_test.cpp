#include "base/signed_digits.hpp"

#include <gtest/gtest.h>

namespace bitmason {
namespace {

TEST(SignedDigits, SevenIsEightLessOneAndMinusSixIsTwoLessEight) {
  EXPECT_EQ(signed_digits(7), (std::vector<SignedDigit>{{0, true}, {3, false}}));
  EXPECT_EQ(signed_digits(-6), (std::vector<SignedDigit>{{1, false}, {3, true}}));
  EXPECT_TRUE(signed_digits(0).empty());
}

TEST(SignedDigits, AddUpToTheValueWithoutNeighbours) {
  constexpr std::int64_t kMost = INT64_MAX, kLeast = INT64_MIN;
  for (const std::int64_t value :
       {std::int64_t{1}, std::int64_t{-1}, std::int64_t{1365}, std::int64_t{-32768}, kMost, kLeast}) {
    __int128_t sum = 0;
    int last = -2;
    for (const SignedDigit digit : signed_digits(value)) {
      const __int128_t power = static_cast<__int128_t>(1) << digit.shift;
      sum += digit.negative ? -power : power;
      EXPECT_GT(digit.shift, last + 1);
      last = digit.shift;
    }
    EXPECT_TRUE(sum == value);
  }
}

}  // namespace
}  // namespace bitmason
