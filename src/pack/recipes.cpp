#include <algorithm>
#include <array>
#include <bit>

#include <fmt/format.h>
#include "pack/scheme.hpp"

namespace bitmason::pack {

namespace {

std::int64_t largest(const IntRange& range) {
  return std::max(range.hi, -range.lo);
}

int bits_of(std::int64_t value) {
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(value)));
}

/// Range of x - y for x, y of the range.
IntRange difference(const IntRange& range) {
  return {range.lo - range.hi, range.hi - range.lo};
}

struct Digits2 {
  IntRange low;
  IntRange high;
  int low_bits = 0;
};

/// value = high * 2^bits + low. Unsigned values have unsigned digits; signed ones a low digit that is full
/// range and signed ("balanced"), so that no window sum corrects it.
Digits2 split(const IntRange& range, int bits) {
  const std::int64_t unit = std::int64_t{1} << bits;
  if (range.lo >= 0) return {{0, unit - 1}, {0, range.hi >> bits}, bits};
  const std::int64_t half = unit / 2;
  return {{-half, half - 1}, {(range.lo + half) >> bits, (range.hi + half) >> bits}, bits};
}

/// Digits of magnitudes, which share the value's sign.
Digits2 split_magnitude(const IntRange& range, int bits) {
  const std::int64_t low = (std::int64_t{1} << bits) - 1;
  const std::int64_t high = largest(range) >> bits;
  return {{-low, low}, {-high, high}, bits};
}

/// Both splits of one operand at every place.
std::vector<Digits2> splits(const IntRange& range, bool magnitude) {
  std::vector<Digits2> result;
  const int bits = bits_of(largest(range)) + (range.is_signed() && !magnitude ? 1 : 0);
  for (int low = 1; low < bits; ++low) {
    result.push_back(magnitude ? split_magnitude(range, low) : split(range, low));
  }
  return result;
}

/// Operands as two digits: activations, weights, or both.
void add_splits(std::vector<Recipe>& all, const IntRange& weight, const IntRange& activation, int kernel,
                bool magnitude) {
  const auto product = [&](const IntRange& w, const IntRange& a, std::string role) {
    return Product{.weight = w,
                   .activation = a,
                   .kernel = magnitude ? 1 : kernel,
                   .role = std::move(role),
                   .magnitude_only = magnitude};
  };
  const auto add = [&](std::string detail, std::vector<Product> products) {
    all.push_back({.method = Method::Split,
                   .products = std::move(products),
                   .detail = (magnitude ? "magnitudes of " : "") + std::move(detail)});
  };
  const auto of_activations = splits(activation, magnitude);
  const auto of_weights = splits(weight, magnitude);
  for (const Digits2& a : of_activations) {
    add(fmt::format("activations at bit {}", a.low_bits),
        {product(weight, a.low, "low digit"), product(weight, a.high, "high digit")});
  }
  for (const Digits2& w : of_weights) {
    add(fmt::format("weights at bit {}", w.low_bits),
        {product(w.low, activation, "low digit"), product(w.high, activation, "high digit")});
  }
  for (const Digits2& w : of_weights) {
    for (const Digits2& a : of_activations) {
      add(fmt::format("weights at bit {}, activations at bit {}", w.low_bits, a.low_bits),
          {product(w.low, a.low, "low x low"), product(w.low, a.high, "low x high"),
           product(w.high, a.low, "high x low"), product(w.high, a.high, "high x high")});
    }
  }
}

/// A kernel row in two pieces of adjacent taps.
Recipe row_pieces(const IntRange& weight, const IntRange& activation, int kernel, int first) {
  Recipe recipe{.method = Method::RowPieces,
                .macs = kernel,
                .detail = fmt::format("{} + {} taps", first, kernel - first)};
  for (const int taps : {first, kernel - first}) {
    recipe.products.push_back({.weight = weight,
                               .activation = activation,
                               .kernel = taps,
                               .count = taps,
                               .role = fmt::format("{} tap{}", taps, taps == 1 ? "" : "s")});
  }
  return recipe;
}

/// A sum of so many values and negated values.
struct Signs {
  int plus = 1;
  int minus = 0;

  /// Of a sum of sums, as in the second dimension of a tile.
  [[nodiscard]] Signs of(const Signs& inner) const {
    return {plus * inner.plus + minus * inner.minus, plus * inner.minus + minus * inner.plus};
  }
  [[nodiscard]] IntRange range(const IntRange& value) const {
    return value * plus + IntRange{-value.hi, -value.lo} * minus;
  }
  [[nodiscard]] std::string text(std::string_view noun) const {
    return minus == 0 ? fmt::format("{} {}", plus, noun) : fmt::format("{} - {} {}", plus, minus, noun);
  }
};

/// The four products of F(2, 3): weights g0, g0 + g1 + g2, g0 - g1 + g2, g2; activations d0 - d2, d1 + d2,
/// d2 - d1, d1 - d3. Outputs m0 + (m1 + m2) / 2 and (m1 - m2) / 2 - m3; both halves are exact.
/// S. Winograd, Arithmetic Complexity of Computations, 1980; A. Lavin and S. Gray, CVPR 2016.
struct Transformed {
  Signs weights;
  Signs activations;
};
constexpr std::array<Transformed, 4> kWinograd{
    {{{1, 0}, {1, 1}}, {{3, 0}, {2, 0}}, {{2, 1}, {1, 1}}, {{1, 0}, {1, 1}}}};

Product winograd_product(const IntRange& weight, const IntRange& activation, const Transformed& transformed) {
  return {
      .weight = transformed.weights.range(weight),
      .activation = transformed.activations.range(activation),
      .terms = transformed.activations.plus + transformed.activations.minus,
      .role = transformed.weights.text("weights") + " times " + transformed.activations.text("activations")};
}

Recipe winograd_row(const IntRange& weight, const IntRange& activation) {
  Recipe recipe{.method = Method::WinogradRow, .macs = 6};
  for (const Transformed& t : kWinograd) recipe.products.push_back(winograd_product(weight, activation, t));
  return recipe;
}

Recipe winograd_tile(const IntRange& weight, const IntRange& activation) {
  Recipe recipe{.method = Method::WinogradTile, .macs = 36};
  for (const Transformed& row : kWinograd) {
    for (const Transformed& column : kWinograd) {
      recipe.products.push_back(winograd_product(
          weight, activation, {row.weights.of(column.weights), row.activations.of(column.activations)}));
    }
  }
  return recipe;
}

/// Rows w_r times rows x_s: the plain products w_r x_r, and for r < s (w_r + w_s)(x_r + x_s), from which
/// w_r x_s + w_s x_r follows by subtraction. A. Karatsuba and Y. Ofman, 1962.
Recipe karatsuba(const IntRange& weight, const IntRange& activation, int kernel) {
  return {.method = Method::Karatsuba,
          .macs = kernel * kernel,
          .products = {
              {.weight = weight, .activation = activation, .kernel = kernel, .count = kernel, .role = "rows"},
              {.weight = weight + weight,
               .activation = activation + activation,
               .kernel = kernel,
               .count = kernel * (kernel - 1) / 2,
               .terms = 2,
               .role = "sums of two rows"}}};
}

/// V. Strassen, Gaussian elimination is not optimal, 1969.
Recipe strassen(const IntRange& weight, const IntRange& activation, int kernel) {
  const IntRange weights = (weight + weight).united(difference(weight));
  return {.method = Method::Strassen,
          .macs = 8,
          .products = {{.weight = weights,
                        .activation = activation + activation,
                        .kernel = kernel,
                        .count = 3,
                        .terms = 2,
                        .role = "sums of weights and of activations"},
                       {.weight = weights,
                        .activation = activation,
                        .kernel = kernel,
                        .count = 2,
                        .role = "sums of weights"},
                       {.weight = weight,
                        .activation = difference(activation),
                        .kernel = kernel,
                        .count = 2,
                        .terms = 2,
                        .role = "differences of activations"}}};
}

}  // namespace

std::vector<Recipe> recipes(const IntRange& weight, const IntRange& activation, int kernel) {
  std::vector<Recipe> all{
      {.products = {{.weight = weight, .activation = activation, .kernel = kernel, .role = "products"}}}};
  add_splits(all, weight, activation, kernel, false);
  if (weight.is_signed()) add_splits(all, weight, activation, kernel, true);
  for (int first = (kernel + 1) / 2; first < kernel; ++first) {
    all.push_back(row_pieces(weight, activation, kernel, first));
  }
  if (kernel == 3) {
    all.push_back(winograd_row(weight, activation));
    all.push_back(winograd_tile(weight, activation));
  }
  if (kernel > 1) all.push_back(karatsuba(weight, activation, kernel));
  all.push_back(strassen(weight, activation, kernel));
  return all;
}

std::string to_text(Method method) {
  switch (method) {
    case Method::Direct:
      return "direct";
    case Method::Split:
      return "digit split";
    case Method::RowPieces:
      return "row pieces";
    case Method::WinogradRow:
      return "F(2,3)";
    case Method::WinogradTile:
      return "F(2x2,3x3)";
    case Method::Karatsuba:
      return "Karatsuba";
    case Method::Strassen:
      return "Strassen";
  }
  return "";
}

double Scheme::density() const {
  double multipliers = 0;
  for (const Part& part : parts) multipliers += part.product.count / part.packing.density();
  return macs / multipliers;
}

}  // namespace bitmason::pack
