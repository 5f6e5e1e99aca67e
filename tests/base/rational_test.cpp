#include "base/rational.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace bitmason {
namespace {

struct RoundingCase {
  Rounding rounding;
  std::int64_t results[7];
};

TEST(RationalTest, EveryModeRoundsHalvesAndThirds) {
  const Rational values[] = {{-5, 2}, {-3, 2}, {-1, 3}, {1, 2}, {3, 2}, {5, 3}, {-2, 1}};
  const RoundingCase cases[] = {
      {Rounding::HalfEven, {-2, -2, 0, 0, 2, 2, -2}}, {Rounding::HalfUp, {-3, -2, 0, 1, 2, 2, -2}},
      {Rounding::HalfDown, {-2, -1, 0, 0, 1, 2, -2}}, {Rounding::Ceil, {-2, -1, 0, 1, 2, 2, -2}},
      {Rounding::Floor, {-3, -2, -1, 0, 1, 1, -2}},   {Rounding::Up, {-3, -2, -1, 1, 2, 2, -2}},
      {Rounding::Down, {-2, -1, 0, 0, 1, 1, -2}}};
  for (const RoundingCase& c : cases) {
    for (std::size_t i = 0; i < std::size(values); ++i) {
      EXPECT_EQ(values[i].rounded(c.rounding), Rational(c.results[i]))
          << name_of(c.rounding) << values[i].to_string();
    }
  }
}

TEST(RationalTest, RoundingNamesAreCaseInsensitive) {
  EXPECT_EQ(rounding_from_name("Round"), Rounding::HalfEven);
  EXPECT_EQ(rounding_from_name("half_up"), Rounding::HalfUp);
  EXPECT_EQ(rounding_from_name("FLOOR"), Rounding::Floor);
  EXPECT_EQ(rounding_from_name("nearest"), std::nullopt);
  EXPECT_EQ(name_of(Rounding::HalfEven), "HALF_EVEN");
}

TEST(RationalTest, ToDoubleRoundsTiesToEven) {
  const double one = 1.0;
  const Rational half_ulp(1, std::int64_t{1} << 53);
  EXPECT_EQ((Rational(1) + half_ulp).to_double(), one);
  EXPECT_EQ((Rational(1) + half_ulp * Rational(3)).to_double(), 1.0 + std::ldexp(1, -51));
  EXPECT_EQ((Rational(-1) - half_ulp).to_double(), -one);
  EXPECT_EQ((Rational(1) + half_ulp + Rational(1, std::int64_t{1} << 62)).to_double(),
            1.0 + std::ldexp(1, -52));
  EXPECT_EQ(Rational(1, 3).to_double(), 1.0 / 3.0);
  EXPECT_EQ(Rational(1, 10).to_double(), 0.1);
  EXPECT_EQ(Rational(0).to_double(), 0.0);
}

TEST(RationalTest, EveryDoubleIsExact) {
  for (const double value : {0.1, -1e300, 5e-324, 1.0 / 3.0, 4096.5}) {
    EXPECT_EQ(Rational::from_double(value).to_double(), value);
  }
  EXPECT_EQ(Rational::from_double(0.1).to_string(), "3602879701896397/36028797018963968");
}

TEST(RationalTest, ParsesIntegersFractionsAndDecimals) {
  EXPECT_EQ(Rational::parse("-7/12"), Rational(-7, 12));
  EXPECT_EQ(Rational::parse("0.125"), Rational(1, 8));
  EXPECT_EQ(Rational::parse("1e-3"), Rational(1, 1000));
  EXPECT_EQ(Rational::parse("+2.5E1"), Rational(25));
  EXPECT_EQ(Rational::parse("1/255")->to_string(), "1/255");
  for (const char* text : {"", "-", ".", "1/0", "1e", "1e999999", "1.2.3", "abc", "1/", "/2", "1 "}) {
    EXPECT_EQ(Rational::parse(text), std::nullopt) << text;
  }
}

TEST(RationalTest, ToStringReadsBack) {
  const Rational value = Rational(-22, 7) * Rational(std::int64_t{1} << 62) * Rational(std::int64_t{1} << 62);
  EXPECT_EQ(Rational::parse(value.to_string()), value);
  EXPECT_EQ(Rational(-14, 24).to_string(), "-7/12");
}

TEST(RationalTest, ArithmeticAndOrder) {
  EXPECT_EQ(Rational(1, 3) + Rational(1, 6), Rational(1, 2));
  EXPECT_EQ(Rational(1, 3) / Rational(-2, 3), Rational(-1, 2));
  EXPECT_LT(Rational(-1, 2), Rational(-1, 3));
  EXPECT_EQ(Rational(-3, 4).abs(), Rational(3, 4));
  EXPECT_EQ(Rational(3, -4).sign(), -1);
  EXPECT_EQ(Rational(4, 2).to_int64(), 2);
  EXPECT_EQ(Rational(1, 2).to_int64(), std::nullopt);
  const Rational big = Rational(std::numeric_limits<std::int64_t>::max()) + Rational(1);
  EXPECT_EQ(big.to_int64(), std::nullopt);
  EXPECT_EQ((-big).to_int64(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(Rational(6, -4).numerator(), -3);
  EXPECT_EQ(Rational(6, -4).denominator(), 2);
}

TEST(RationalTest, SquareRootIsExactOfSquaresAndCloseOtherwise) {
  EXPECT_EQ(Rational(9, 16).square_root(), Rational(3, 4));
  EXPECT_EQ(Rational(0).square_root(), Rational(0));
  for (const Rational& value :
       {Rational(2), Rational(1, 3), Rational::from_double(1e-300), Rational::from_double(1e300)}) {
    const Rational root = value.square_root();
    EXPECT_LE(root * root, value);
    Rational tolerance = value;
    for (int i = 0; i < 4; ++i) tolerance /= Rational(std::int64_t{1} << 50);
    EXPECT_LE(value - root * root, tolerance * Rational(2)) << value.to_string();
  }
}

TEST(RationalTest, GcdDividesBoth) {
  EXPECT_EQ(Rational::gcd(Rational(1, 4), Rational(1, 6)), Rational(1, 12));
  EXPECT_EQ(Rational::gcd(Rational(-6), Rational(4)), Rational(2));
  EXPECT_EQ(Rational::gcd(Rational(0), Rational(-3, 5)), Rational(3, 5));
}

}  // namespace
}  // namespace bitmason
