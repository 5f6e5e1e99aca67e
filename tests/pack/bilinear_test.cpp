#include "pack/bilinear.hpp"

#include <gtest/gtest.h>

#include "pack/digit_search.hpp"
#include "pack/scheme.hpp"

namespace bitmason::pack::test {
namespace {

/// Every algorithm for kernels of 1, 3 and 5 taps.
std::vector<Bilinear> all_algorithms() {
  std::vector<Bilinear> all;
  for (const int kernel : {1, 3, 5}) {
    for (const Recipe& recipe : recipes({-7, 7}, {0, 15}, kernel)) all.push_back(recipe.algorithm);
    for (const Recipe& recipe : recipes({-7, 7}, {-8, 7}, kernel)) all.push_back(recipe.algorithm);
    for (const Slicing& weights : slicings({-7, 7}, false)) {
      for (const Slicing& activations : slicings({0, 15}, false)) {
        if (weights.count() == 3 || activations.count() == 4)
          all.push_back(split_algorithm(kernel, weights, activations));
      }
    }
  }
  return all;
}

TEST(Bilinear, EveryAlgorithmComputesItsDefinition) {
  std::size_t products = 0;
  for (const Bilinear& algorithm : all_algorithms()) {
    EXPECT_TRUE(computes(algorithm)) << to_text(algorithm.method) << ", kernel " << algorithm.kernel;
    products += algorithm.products();
  }
  EXPECT_GT(products, 100u);
}

TEST(Bilinear, ProductsForMacsAreThoseOfThePapers) {
  const auto counts = [](const Bilinear& algorithm) {
    int macs = 0;
    for (const Matrix& output : definition_of(algorithm)) {
      for (const auto& row : output) macs += static_cast<int>(std::count(row.begin(), row.end(), 1));
    }
    return std::pair(static_cast<int>(algorithm.products()), macs);
  };
  EXPECT_EQ(counts(winograd_row_algorithm()), std::pair(4, 6));
  EXPECT_EQ(counts(winograd_tile_algorithm()), std::pair(16, 36));
  EXPECT_EQ(counts(karatsuba_algorithm(3)), std::pair(6, 9));
  EXPECT_EQ(counts(karatsuba_algorithm(5)), std::pair(15, 25));
  EXPECT_EQ(counts(strassen_algorithm(1)), std::pair(7, 8));
}

/// Every algorithm that differs in one coefficient, shift or digit place.
TEST(Bilinear, OneCoefficientChangedIsRefused) {
  int refused = 0;
  const auto expect_refused = [&](const Bilinear& changed, const Bilinear& original) {
    EXPECT_FALSE(computes(changed)) << to_text(original.method) << ", kernel " << original.kernel;
    ++refused;
  };
  for (const Bilinear& original : all_algorithms()) {
    Bilinear changed = original;
    const auto vary = [&](Matrix& matrix) {
      for (auto& row : matrix) {
        for (int& coefficient : row) {
          const int before = coefficient;
          for (const int other : {before + 1, before - 1, -before, 2 * before}) {
            if (other == before) continue;
            coefficient = other;
            expect_refused(changed, original);
          }
          coefficient = before;
        }
      }
    };
    vary(changed.weights);
    for (Matrix& factor : changed.activations) vary(factor);
    for (Matrix& factor : changed.outputs) vary(factor);
    ++changed.shift;
    expect_refused(changed, original);
  }
  EXPECT_GT(refused, 5000);
}

TEST(Bilinear, RowsOfDifferentTapsAreNotAdded) {
  Bilinear pieces = row_piece_algorithm(3, 2);
  pieces.weight_taps[1] = {0, 1};
  EXPECT_TRUE(computes(pieces));
  pieces.weights = {{1, 1}, {0, 1}};
  EXPECT_FALSE(computes(pieces));
}

TEST(Bilinear, DigitsOfEveryValueMakeTheValueAndLieInTheirRanges) {
  for (const auto digits :
       {Slicing::Digits::Unsigned, Slicing::Digits::Balanced, Slicing::Digits::Magnitude}) {
    const IntRange range = digits == Slicing::Digits::Unsigned ? IntRange{0, 200} : IntRange{-127, 127};
    const auto all = slicings(range, digits == Slicing::Digits::Magnitude);
    ASSERT_EQ(all.size(), digits == Slicing::Digits::Magnitude ? 64U : 128U);
    for (const Slicing& slicing : all) {
      const auto ranges = slicing.of(range);
      for (std::int64_t value = range.lo; value <= range.hi; ++value) {
        const auto parts = slicing.of(value);
        std::int64_t sum = 0;
        for (int k = 0; k < slicing.count(); ++k) {
          sum += parts[static_cast<std::size_t>(k)] * (std::int64_t{1} << slicing.shift(k));
          ASSERT_TRUE(ranges[static_cast<std::size_t>(k)].contains(parts[static_cast<std::size_t>(k)]))
              << value << ", digit " << k << " of " << slicing.count();
        }
        ASSERT_EQ(sum, value);
      }
    }
  }
}

/// (w_0 + w_1)(x_0 + x_1) of Karatsuba with kernel rows of 3 taps, by hand.
TEST(Bilinear, OperandsAreTheCombinationsOfRows) {
  const Bilinear algorithm = karatsuba_algorithm(3);
  const auto weights = weight_operands(algorithm, {{1, 2, 3}, {10, 20, 30}, {100, 200, 300}});
  EXPECT_EQ(weights[3], (std::vector<std::int64_t>{11, 22, 33}));
  EXPECT_EQ(weights[5], (std::vector<std::int64_t>{110, 220, 330}));
  EXPECT_EQ(activation_operands(algorithm, {1, 2, 4}), (std::vector<std::int64_t>{1, 2, 4, 3, 5, 6}));
  EXPECT_EQ(weight_range(algorithm, 3, {-7, 7}), (IntRange{-14, 14}));
  EXPECT_EQ(activation_range(algorithm, 3, {0, 15}), (IntRange{0, 30}));
}

TEST(Bilinear, PiecesOfARowHoldTheirTaps) {
  const auto weights = weight_operands(row_piece_algorithm(5, 3), {{1, 2, 3, 4, 5}});
  EXPECT_EQ(weights[0], (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(weights[1], (std::vector<std::int64_t>{4, 5}));
}

}  // namespace
}  // namespace bitmason::pack::test
