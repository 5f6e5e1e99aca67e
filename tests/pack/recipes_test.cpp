#include <gtest/gtest.h>

#include <array>
#include <random>

#include "pack/scheme.hpp"

namespace bitmason::pack::test {
namespace {

using Row = std::vector<std::int64_t>;

const Recipe& find(const std::vector<Recipe>& all, Method method) {
  for (const Recipe& recipe : all) {
    if (recipe.method == method) return recipe;
  }
  throw std::runtime_error("no such recipe");
}

class Values {
 public:
  Row draw(const IntRange& range, std::size_t count) {
    Row row;
    for (std::size_t i = 0; i < count; ++i) {
      const auto kind = random_() % 3;
      const auto within = static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(range.span() + 1));
      row.push_back(kind == 0 ? range.lo : kind == 1 ? range.hi : range.lo + within);
    }
    return row;
  }

 private:
  std::mt19937_64 random_{3};
};

/// w * a, checked to be inside the product's ranges.
std::int64_t times(const Product& product, std::int64_t w, std::int64_t a) {
  EXPECT_TRUE(product.weight.contains(w)) << product.role << ": weight " << w;
  EXPECT_TRUE(product.activation.contains(a)) << product.role << ": activation " << a;
  return w * a;
}

const std::array<IntRange, 4> kWeights{{{-7, 7}, {0, 1}, {-1, 1}, {-8, 7}}};
const std::array<IntRange, 3> kActivations{{{0, 15}, {0, 1}, {-4, 3}}};

/// g -> (g0, g0 + g1 + g2, g0 - g1 + g2, g2).
Row weights_of_f23(const Row& g) {
  return {g[0], g[0] + g[1] + g[2], g[0] - g[1] + g[2], g[2]};
}

/// d -> (d0 - d2, d1 + d2, d2 - d1, d1 - d3).
Row activations_of_f23(const Row& d) {
  return {d[0] - d[2], d[1] + d[2], d[2] - d[1], d[1] - d[3]};
}

/// Both outputs times two.
std::array<std::int64_t, 2> outputs_of_f23(const Row& m) {
  return {2 * m[0] + m[1] + m[2], m[1] - m[2] - 2 * m[3]};
}

TEST(Recipes, F23ComputesTwoOutputsOfThreeTapsFromFourProductsInTheirRanges) {
  Values values;
  for (const IntRange& w : kWeights) {
    for (const IntRange& a : kActivations) {
      const Recipe recipe = find(recipes(w, a, 3), Method::WinogradRow);
      ASSERT_EQ(recipe.products.size(), 4u);
      EXPECT_EQ(recipe.macs, 6);
      for (int k = 0; k < 200; ++k) {
        const Row g = values.draw(w, 3);
        const Row d = values.draw(a, 4);
        const Row gt = weights_of_f23(g);
        const Row dt = activations_of_f23(d);
        Row m;
        for (std::size_t i = 0; i < 4; ++i) m.push_back(times(recipe.products[i], gt[i], dt[i]));
        const auto twice = outputs_of_f23(m);
        EXPECT_EQ(twice[0], 2 * (g[0] * d[0] + g[1] * d[1] + g[2] * d[2]));
        EXPECT_EQ(twice[1], 2 * (g[0] * d[1] + g[1] * d[2] + g[2] * d[3]));
      }
    }
  }
}

TEST(Recipes, F2x2ComputesFourOutputsOfNineTapsFromSixteenProductsInTheirRanges) {
  Values values;
  for (const IntRange& w : kWeights) {
    for (const IntRange& a : kActivations) {
      const Recipe recipe = find(recipes(w, a, 3), Method::WinogradTile);
      ASSERT_EQ(recipe.products.size(), 16u);
      EXPECT_EQ(recipe.macs, 36);
      for (int k = 0; k < 100; ++k) {
        std::vector<Row> g, d, rows_g, rows_d;
        for (int r = 0; r < 3; ++r) g.push_back(values.draw(w, 3));
        for (int r = 0; r < 4; ++r) d.push_back(values.draw(a, 4));
        for (const Row& row : g) rows_g.push_back(weights_of_f23(row));
        for (const Row& row : d) rows_d.push_back(activations_of_f23(row));
        std::array<std::array<std::int64_t, 2>, 4> halves{};
        for (std::size_t i = 0; i < 4; ++i) {
          Row m;
          for (std::size_t j = 0; j < 4; ++j) {
            Row column_g, column_d;
            for (const Row& row : rows_g) column_g.push_back(row[j]);
            for (const Row& row : rows_d) column_d.push_back(row[j]);
            m.push_back(times(recipe.products[4 * i + j], weights_of_f23(column_g)[i],
                              activations_of_f23(column_d)[i]));
          }
          halves[i] = outputs_of_f23(m);
        }
        for (std::size_t x = 0; x < 2; ++x) {
          const auto out = outputs_of_f23({halves[0][x], halves[1][x], halves[2][x], halves[3][x]});
          for (std::size_t y = 0; y < 2; ++y) {
            std::int64_t sum = 0;
            for (std::size_t r = 0; r < 3; ++r) {
              for (std::size_t c = 0; c < 3; ++c) sum += g[r][c] * d[y + r][x + c];
            }
            EXPECT_EQ(out[y], 4 * sum);
          }
        }
      }
    }
  }
}

TEST(Recipes, KaratsubaComputesAllRowPairsFromPlainAndSummedRows) {
  Values values;
  for (const int kernel : {2, 3, 5}) {
    for (const IntRange& w : kWeights) {
      const IntRange a{0, 15};
      const Recipe recipe = find(recipes(w, a, kernel), Method::Karatsuba);
      const auto k = static_cast<std::size_t>(kernel);
      EXPECT_EQ(recipe.macs, kernel * kernel);
      EXPECT_EQ(recipe.products[0].count, kernel);
      EXPECT_EQ(recipe.products[1].count, kernel * (kernel - 1) / 2);
      for (int n = 0; n < 100; ++n) {
        const Row rows = values.draw(w, k);
        const Row inputs = values.draw(a, k);
        // Output row r + s of the vertical convolution: by definition, and from the products.
        Row plain(2 * k - 1), fast(2 * k - 1);
        for (std::size_t r = 0; r < k; ++r) {
          for (std::size_t s = 0; s < k; ++s) plain[r + s] += rows[r] * inputs[s];
        }
        Row own(k);
        for (std::size_t r = 0; r < k; ++r) {
          own[r] = times(recipe.products[0], rows[r], inputs[r]);
          fast[2 * r] += own[r];
        }
        for (std::size_t r = 0; r < k; ++r) {
          for (std::size_t s = r + 1; s < k; ++s) {
            fast[r + s] +=
                times(recipe.products[1], rows[r] + rows[s], inputs[r] + inputs[s]) - own[r] - own[s];
          }
        }
        EXPECT_EQ(fast, plain);
      }
    }
  }
}

TEST(Recipes, StrassenComputesATwoByTwoBlockFromSevenProducts) {
  Values values;
  for (const IntRange& w : kWeights) {
    const IntRange x{0, 15};
    const Recipe recipe = find(recipes(w, x, 1), Method::Strassen);
    const Product& both = recipe.products[0];
    const Product& weights = recipe.products[1];
    const Product& activations = recipe.products[2];
    EXPECT_EQ(both.count + weights.count + activations.count, 7);
    EXPECT_EQ(recipe.macs, 8);
    for (int n = 0; n < 200; ++n) {
      const Row a = values.draw(w, 4);
      const Row b = values.draw(x, 4);
      const auto m1 = times(both, a[0] + a[3], b[0] + b[3]);
      const auto m2 = times(weights, a[2] + a[3], b[0]);
      const auto m3 = times(activations, a[0], b[1] - b[3]);
      const auto m4 = times(activations, a[3], b[2] - b[0]);
      const auto m5 = times(weights, a[0] + a[1], b[3]);
      const auto m6 = times(both, a[2] - a[0], b[0] + b[1]);
      const auto m7 = times(both, a[1] - a[3], b[2] + b[3]);
      EXPECT_EQ(m1 + m4 - m5 + m7, a[0] * b[0] + a[1] * b[2]);
      EXPECT_EQ(m3 + m5, a[0] * b[1] + a[1] * b[3]);
      EXPECT_EQ(m2 + m4, a[2] * b[0] + a[3] * b[2]);
      EXPECT_EQ(m1 - m2 + m3 + m6, a[2] * b[1] + a[3] * b[3]);
    }
  }
}

TEST(Recipes, DigitsOfEveryValueLieInTheRangesOfTheirProducts) {
  // Weights balanced: low in [-2^(n-1), 2^(n-1)), so 7 = 1 * 4 + 3 is 2 * 4 - 1.
  for (const Recipe& recipe : recipes({-7, 7}, {0, 15}, 1)) {
    if (recipe.detail == "weights at bit 2") {
      EXPECT_EQ(recipe.products[0].weight, (IntRange{-2, 1}));
      EXPECT_EQ(recipe.products[1].weight, (IntRange{-2, 2}));
    }
    if (recipe.detail == "activations at bit 3") {
      EXPECT_EQ(recipe.products[0].activation, (IntRange{0, 7}));
      EXPECT_EQ(recipe.products[1].activation, (IntRange{0, 1}));
    }
    if (recipe.detail == "magnitudes of weights at bit 1") {
      EXPECT_EQ(recipe.products[0].weight, (IntRange{-1, 1}));
      EXPECT_EQ(recipe.products[1].weight, (IntRange{-3, 3}));
      EXPECT_TRUE(recipe.products[1].magnitude_only);
    }
  }
}

}  // namespace
}  // namespace bitmason::pack::test
