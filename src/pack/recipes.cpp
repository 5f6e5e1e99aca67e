#include <algorithm>
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

/// A product's sum of so many operands and so many negated ones: "2 - 1 weights".
std::string terms_text(const std::vector<int>& coefficients, std::string_view noun) {
  const auto plus = std::count_if(coefficients.begin(), coefficients.end(), [](int c) { return c > 0; });
  const auto minus = std::count_if(coefficients.begin(), coefficients.end(), [](int c) { return c < 0; });
  return minus == 0 ? fmt::format("{} {}", plus, noun) : fmt::format("{} - {} {}", plus, minus, noun);
}

/// The recipe of an algorithm: a product for each kind, with the ranges that its coefficients give.
Recipe recipe_of(Bilinear algorithm, int macs, const IntRange& weight, const IntRange& activation,
                 const std::vector<std::string>& roles) {
  Recipe recipe{.method = algorithm.method,
                .macs = macs,
                .weight = weight,
                .activation = activation,
                .products = std::vector<Product>(roles.size())};
  for (std::size_t k = 0; k < roles.size(); ++k) recipe.products[k] = {.count = 0, .role = roles[k]};
  for (std::size_t p = 0; p < algorithm.products(); ++p) {
    Product& product = recipe.products[static_cast<std::size_t>(algorithm.kinds[p])];
    const IntRange weights = weight_range(algorithm, p, weight);
    const IntRange activations = activation_range(algorithm, p, activation);
    product.weight = product.count == 0 ? weights : product.weight.united(weights);
    product.activation = product.count == 0 ? activations : product.activation.united(activations);
    product.kernel = algorithm.taps_of(p).count;
    // Pieces of a row compute as many of its MACs as they have taps.
    product.count += algorithm.method == Method::RowPieces ? product.kernel : 1;
  }
  recipe.algorithm = std::move(algorithm);
  return recipe;
}

/// Every place where an operand can be split in two digits.
std::vector<Slicing> splits(const IntRange& range, bool magnitude) {
  const auto digits = magnitude           ? Slicing::Digits::Magnitude
                      : range.is_signed() ? Slicing::Digits::Balanced
                                          : Slicing::Digits::Unsigned;
  std::vector<Slicing> result;
  const int bits = bits_of(largest(range)) + (range.is_signed() && !magnitude ? 1 : 0);
  for (int low = 1; low < bits; ++low) result.push_back({low, digits});
  return result;
}

/// Operands as two digits: activations, weights, or both.
void add_splits(std::vector<Recipe>& all, const IntRange& weight, const IntRange& activation, int kernel,
                bool magnitude) {
  const auto add = [&](const Slicing& w, const Slicing& a, const std::string& detail,
                       const std::vector<std::string>& roles) {
    Recipe recipe = recipe_of(split_algorithm(magnitude ? 1 : kernel, w, a), 1, weight, activation, roles);
    for (Product& product : recipe.products) product.magnitude_only = magnitude;
    recipe.detail = (magnitude ? "magnitudes of " : "") + detail;
    all.push_back(std::move(recipe));
  };
  const auto of_activations = splits(activation, magnitude);
  const auto of_weights = splits(weight, magnitude);
  for (const Slicing& a : of_activations) {
    add({}, a, fmt::format("activations at bit {}", a.bits), {"low digit", "high digit"});
  }
  for (const Slicing& w : of_weights) {
    add(w, {}, fmt::format("weights at bit {}", w.bits), {"low digit", "high digit"});
  }
  for (const Slicing& w : of_weights) {
    for (const Slicing& a : of_activations) {
      add(w, a, fmt::format("weights at bit {}, activations at bit {}", w.bits, a.bits),
          {"low x low", "low x high", "high x low", "high x high"});
    }
  }
}

/// A kernel row in two pieces of adjacent taps.
Recipe row_pieces(const IntRange& weight, const IntRange& activation, int kernel, int first) {
  const auto role = [](int taps) { return fmt::format("{} tap{}", taps, taps == 1 ? "" : "s"); };
  Recipe recipe = recipe_of(row_piece_algorithm(kernel, first), kernel, weight, activation,
                            {role(first), role(kernel - first)});
  recipe.detail = fmt::format("{} + {} taps", first, kernel - first);
  return recipe;
}

Recipe winograd(Bilinear algorithm, int macs, const IntRange& weight, const IntRange& activation) {
  const Matrix activations = algorithm.activation_matrix();
  std::vector<std::string> roles;
  for (std::size_t p = 0; p < algorithm.products(); ++p) {
    roles.push_back(terms_text(algorithm.weights[p], "weights") + " times " +
                    terms_text(activations[p], "activations"));
  }
  return recipe_of(std::move(algorithm), macs, weight, activation, roles);
}

}  // namespace

std::vector<Recipe> recipes(const IntRange& weight, const IntRange& activation, int kernel) {
  std::vector<Recipe> all{recipe_of(direct_algorithm(kernel), 1, weight, activation, {"products"})};
  add_splits(all, weight, activation, kernel, false);
  if (weight.is_signed()) add_splits(all, weight, activation, kernel, true);
  for (int first = (kernel + 1) / 2; first < kernel; ++first) {
    all.push_back(row_pieces(weight, activation, kernel, first));
  }
  if (kernel == 3) {
    all.push_back(winograd(winograd_row_algorithm(), 6, weight, activation));
    all.push_back(winograd(winograd_tile_algorithm(), 36, weight, activation));
  }
  if (kernel > 1) {
    all.push_back(recipe_of(karatsuba_algorithm(kernel), kernel * kernel, weight, activation,
                            {"rows", "sums of two rows"}));
  }
  all.push_back(
      recipe_of(strassen_algorithm(kernel), 8, weight, activation,
                {"sums of weights and of activations", "sums of weights", "differences of activations"}));
  return all;
}

}  // namespace bitmason::pack
