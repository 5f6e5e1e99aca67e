#include "ir/scalar_function.hpp"

#include <gtest/gtest.h>

#include <random>

namespace bitmason::ir {
namespace {

ScalarFunction quantiser(std::vector<Rational> scale, std::vector<Rational> offset, Rational lo, Rational hi,
                         Rounding rounding = Rounding::HalfEven) {
  return {AffineStep{std::move(scale), std::move(offset)}, ClampStep{std::move(lo), std::move(hi)},
          RoundStep{rounding}};
}

TEST(ScalarFunctionTest, ScaleOneHalfHalfEvenPutsTheStepsAtOddOrEvenTies) {
  // x / 2 rounds to 1 from x = 2 (0.5 goes to 0), to 2 from x = 3 (1.5 goes to 2), to 3 from x = 6 (2.5 goes
  // to 2).
  const auto t = to_thresholds(quantiser({Rational(1, 2)}, {0}, 0, 3), {-10, 10}, {0, 3}, 4);
  EXPECT_EQ(t.rows, 1);
  EXPECT_EQ(t.values, (std::vector<std::int64_t>{2, 3, 6}));
  EXPECT_EQ(t.decreasing, (std::vector<std::uint8_t>{0}));
}

TEST(ScalarFunctionTest, NegativeGainGivesDecreasingRowsPerChannel) {
  // Channel 0: x + 0, channel 1: 4 - x, codes 0..2, half up.
  const auto t = to_thresholds(quantiser({1, -1}, {0, 4}, 0, 2, Rounding::HalfUp), {-8, 8}, {0, 2}, 2);
  ASSERT_EQ(t.rows, 2);
  EXPECT_EQ(t.values, (std::vector<std::int64_t>{1, 2, 3, 4}));
  EXPECT_EQ(t.decreasing, (std::vector<std::uint8_t>{0, 1}));
  const Requantise layer{t};
  EXPECT_EQ(requantise(layer, 2, 1), 2);
  EXPECT_EQ(requantise(layer, 3, 1), 1);
  EXPECT_EQ(requantise(layer, 4, 1), 0);
}

TEST(ScalarFunctionTest, StepsOutsideTheDomainLieAtItsEnds) {
  const auto t = to_thresholds(quantiser({1}, {0}, -4, 3), {-1, 1}, {-4, 3}, 1);
  EXPECT_EQ(t.values, (std::vector<std::int64_t>{-1, -1, -1, 0, 1, 2, 2}));
}

TEST(ScalarFunctionTest, CountStepCountsThresholdsNotAboveTheValue) {
  const ScalarFunction f{CountStep{2, {Rational(1, 2), 2, 3, 3}}};
  EXPECT_EQ(apply(f, 2, 0), Rational(2));
  EXPECT_EQ(apply(f, 2, 1), Rational(0));
  EXPECT_EQ(apply(f, 3, 1), Rational(2));
  EXPECT_EQ(rows(f), 2);
}

TEST(ScalarFunctionTest, RandomChainsAgreeWithTheirThresholdsOnEveryAccumulator) {
  std::mt19937 random(7);
  const auto draw = [&](int lo, int hi) { return std::uniform_int_distribution(lo, hi)(random); };
  for (int round = 0; round < 60; ++round) {
    const int channels = 3;
    std::vector<Rational> scale, offset;
    for (int c = 0; c < channels; ++c) {
      scale.emplace_back(draw(-40, 40), draw(1, 97));
      offset.emplace_back(draw(-200, 200), draw(1, 31));
    }
    const auto rounding = static_cast<Rounding>(draw(0, 6));
    ScalarFunction f = quantiser(scale, offset, 0, 15, rounding);
    if (round % 2 == 0) f.insert(f.begin() + 1, ReluStep{});
    const IntRange domain{draw(-300, 0), draw(0, 300)};
    const Thresholds t = to_thresholds(f, domain, {0, 15}, channels);
    for (int c = 0; c < channels; ++c) {
      for (std::int64_t x = domain.lo; x <= domain.hi; ++x) {
        ASSERT_EQ(Rational(requantise(Requantise{t}, x, c)), apply(f, x, c))
            << "round " << round << " x " << x;
      }
    }
  }
}

TEST(ScaleShiftTest, EqualsTheThresholdsOnEveryAccumulatorWhereItExists) {
  std::mt19937 random(11);
  const auto draw = [&](int lo, int hi) { return std::uniform_int_distribution(lo, hi)(random); };
  for (int round = 0; round < 60; ++round) {
    const int channels = 4;
    std::vector<Rational> scale, offset;
    for (int c = 0; c < channels; ++c) {
      scale.emplace_back(draw(-60, 60), draw(50, 997));
      offset.emplace_back(draw(-200, 200), draw(1, 31));
    }
    const IntRange domain{draw(-900, 0), draw(0, 900)};
    const Thresholds t =
        to_thresholds(quantiser(scale, offset, -8, 7, round < 30 ? Rounding::Floor : Rounding::HalfEven),
                      domain, {-8, 7}, channels);
    const auto form = to_scale_shift(t, domain, 22);
    // Half-even ties at accumulators make some step functions that no single multiplier follows; floor never
    // does.
    ASSERT_TRUE(form || round >= 30) << "round " << round;
    if (!form) continue;
    for (int c = 0; c < channels; ++c) {
      for (std::int64_t x = domain.lo; x <= domain.hi; ++x) {
        ASSERT_EQ(requantise(Requantise{*form}, x, c), requantise(Requantise{t}, x, c)) << "round " << round;
      }
    }
  }
}

TEST(ScaleShiftTest, UnevenStepsHaveNone) {
  const Thresholds t{.output = {0, 3}, .rows = 1, .values = {0, 1, 100}, .decreasing = {0}};
  EXPECT_FALSE(to_scale_shift(t, {-200, 200}, 16).has_value());
}

TEST(ScaleShiftTest, IdentityNeedsNoShift) {
  const Thresholds t{.output = {0, 3}, .rows = 1, .values = {1, 2, 3}, .decreasing = {0}};
  const auto form = to_scale_shift(t, {-5, 5}, 8);
  ASSERT_TRUE(form);
  EXPECT_EQ(form->shift, 0);
  EXPECT_EQ(form->multiplier, (std::vector<std::int64_t>{1}));
}

}  // namespace
}  // namespace bitmason::ir
