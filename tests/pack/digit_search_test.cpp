#include "pack/digit_search.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "pack/scheme.hpp"

namespace bitmason::pack::test {
namespace {

TEST(DigitSearch, SlicingsAreEveryPartitionOfTheBits) {
  EXPECT_EQ(slicings({0, 255}, false).size(), 128U);
  EXPECT_EQ(slicings({-7, 7}, false).size(), 8U);
  EXPECT_EQ(slicings({-7, 7}, true).size(), 4U) << "a magnitude of three bits";
  EXPECT_EQ(slicings({0, 1}, false).size(), 1U);
  EXPECT_EQ(slicings({-1, 0}, false).size(), 1U);
  EXPECT_EQ(slicings({-8, 7}, false).size(), 8U);
  EXPECT_EQ(slicings({-128, 127}, false).size(), 128U);
  EXPECT_FALSE(slicings({0, 255}, false).front().splits());
  // Beyond eight bits at most four digits: 1 + 15 + 105 + 455 of 16 bits.
  EXPECT_EQ(slicings({0, 65535}, false).size(), 576U);
}

TEST(DigitSearch, NoDigitIsConstant) {
  for (int lo = -20; lo <= 0; ++lo) {
    for (int hi = lo < 0 ? 0 : 1; hi <= 20; ++hi) {
      for (const bool magnitude : {false, true}) {
        for (const Slicing& slicing : slicings({lo, hi}, magnitude)) {
          for (const IntRange& digit : slicing.of(IntRange{lo, hi}))
            EXPECT_GT(digit.span(), 0) << lo << " " << hi;
        }
      }
    }
  }
}

// Three unsigned bits of which each digit has one: a digit has no sign that the value lacks.
TEST(DigitSearch, DigitsOfMagnitudesHaveTheSignsOfTheValue) {
  const Slicing slicing{.widths = {1, 1}, .digits = Slicing::Digits::Magnitude};
  EXPECT_EQ(slicing.of(IntRange{0, 7}), (std::vector<IntRange>{{0, 1}, {0, 1}, {0, 1}}));
  EXPECT_EQ(slicing.of(IntRange{-7, 0}), (std::vector<IntRange>{{-1, 0}, {-1, 0}, {-1, 0}}));
  EXPECT_EQ(slicing.of(IntRange{-3, 7}), (std::vector<IntRange>{{-1, 1}, {-1, 1}, {-1, 1}}));
}

TEST(DigitSearch, ProductsOfEqualDigitsAreOneKind) {
  const Slicing two{.widths = {2}, .digits = Slicing::Digits::Unsigned};
  const Recipe recipe = split_recipe({0, 1}, {0, 15}, 3, {}, two);
  ASSERT_EQ(recipe.products.size(), 1U);
  EXPECT_EQ(recipe.products[0].count, 2);
  EXPECT_EQ(recipe.products[0].role, "activation digits 0, 1");
  const Slicing balanced{.widths = {2}, .digits = Slicing::Digits::Balanced};
  const Recipe both = split_recipe({-7, 7}, {0, 15}, 3, balanced, two);
  ASSERT_EQ(both.products.size(), 2U);
  EXPECT_EQ(both.products[0].role, "weight digit 0 x activation digits 0, 1");
  EXPECT_EQ(both.products[0].weight, (IntRange{-2, 1}));
  EXPECT_EQ(both.products[1].weight, (IntRange{-2, 2}));
}

/// MACs of a multiplier that falls with the product of the digits' bits, by any power.
PairDensity power_density(double power) {
  return [power](const IntRange& w, const IntRange& a) {
    return std::pow(static_cast<double>(w.bits()) * static_cast<double>(a.bits()), -power);
  };
}

double multipliers(const IntRange& weight, const IntRange& activation, const Slicing& w, const Slicing& a,
                   const PairDensity& density) {
  double sum = 0;
  for (const IntRange& digit : w.of(weight)) {
    for (const IntRange& other : a.of(activation)) sum += 1 / density(digit, other);
  }
  return sum;
}

TEST(DigitSearch, FindsTheFewestMultipliersOfEveryNumberOfProducts) {
  const IntRange weight{-31, 31};
  const IntRange activation{0, 19};
  for (const double power : {1.2, 2.0, 3.0}) {
    const PairDensity density = power_density(power);
    std::map<int, double> best;
    for (const Slicing& w : slicings(weight, false)) {
      for (const Slicing& a : slicings(activation, false)) {
        const double all = multipliers(weight, activation, w, a, density);
        const auto [known, added] = best.try_emplace(w.count() * a.count(), all);
        known->second = std::min(known->second, all);
      }
    }
    double fewest = std::numeric_limits<double>::infinity();
    const auto found = finer_splits(weight, activation, false, density);
    ASSERT_FALSE(found.empty());
    for (const auto& [w, a] : found) {
      EXPECT_TRUE(w.count() > 2 || a.count() > 2);
      const double all = multipliers(weight, activation, w, a, density);
      EXPECT_DOUBLE_EQ(all, best.at(w.count() * a.count()));
      EXPECT_LT(all, fewest);
      fewest = all;
    }
  }
}

TEST(DigitSearch, WhatNothingPacksIsNoDigit) {
  // No digit of one bit: three digits of a 6-bit activation have two bits each.
  const auto density = [](const IntRange&, const IntRange& a) { return a.bits() == 2 ? 1.0 : 0.0; };
  const auto found = finer_splits({0, 1}, {0, 63}, false, density);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_FALSE(found.front().first.splits());
  EXPECT_EQ(found.front().second.widths, (std::vector<int>{2, 2}));
  EXPECT_TRUE(
      finer_splits({0, 1}, {0, 63}, false, [](const IntRange&, const IntRange&) { return 0.0; }).empty());
}

TEST(DigitSearch, ARecipeIsFoundAgainByItsDetail) {
  for (const bool magnitude : {false, true}) {
    for (const Slicing& w : slicings({-7, 7}, magnitude)) {
      for (const Slicing& a : slicings({0, 15}, magnitude)) {
        if (!w.splits() && !a.splits()) continue;
        const Recipe recipe = split_recipe({-7, 7}, {0, 15}, 3, w, a);
        const auto again = find_recipe({-7, 7}, {0, 15}, 3, Method::Split, recipe.detail);
        ASSERT_TRUE(again) << recipe.detail;
        EXPECT_EQ(again->detail, recipe.detail);
        EXPECT_EQ(again->algorithm.outputs, recipe.algorithm.outputs);
        EXPECT_EQ(again->products.size(), recipe.products.size());
      }
    }
  }
  EXPECT_FALSE(find_recipe({-7, 7}, {0, 15}, 3, Method::Split, "weights at bit 9"));
}

}  // namespace
}  // namespace bitmason::pack::test
