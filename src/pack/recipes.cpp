#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include "pack/digit_search.hpp"
#include "pack/scheme.hpp"

namespace bitmason::pack {

namespace {

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

/// " at bits 2, 4": where the digits of an operand begin.
std::string places_text(const Slicing& slicing) {
  std::string text;
  for (int k = 1; k < slicing.count(); ++k) text += fmt::format("{}{}", k > 1 ? ", " : "", slicing.shift(k));
  return fmt::format(" at bit{} {}", slicing.count() > 2 ? "s" : "", text);
}

bool of_magnitudes(const Slicing& weights, const Slicing& activations) {
  return (weights.splits() ? weights : activations).digits == Slicing::Digits::Magnitude;
}

/// "magnitudes of weights at bit 2, activations at bits 2, 4"
std::string split_detail(const Slicing& weights, const Slicing& activations) {
  std::string text = of_magnitudes(weights, activations) ? "magnitudes of " : "";
  if (weights.splits()) text += "weights" + places_text(weights);
  if (weights.splits() && activations.splits()) text += ", ";
  if (activations.splits()) text += "activations" + places_text(activations);
  return text;
}

/// "weight digits 0, 1"
std::string digits_text(std::string_view operand, const std::set<int>& digits) {
  return fmt::format("{} digit{} {}", operand, digits.size() > 1 ? "s" : "", fmt::join(digits, ", "));
}

/// Products of digits with equal ranges are one kind. Returns the roles of the kinds.
std::vector<std::string> merge_equal_kinds(Bilinear& split, const IntRange& weight,
                                           const IntRange& activation) {
  std::vector<std::pair<IntRange, IntRange>> ranges;
  std::vector<std::pair<std::set<int>, std::set<int>>> digits;
  const int columns = split.activation_digits.count();
  for (std::size_t p = 0; p < split.products(); ++p) {
    const std::pair own{weight_range(split, p, weight), activation_range(split, p, activation)};
    const auto kind = static_cast<std::size_t>(std::ranges::find(ranges, own) - ranges.begin());
    if (kind == ranges.size()) {
      ranges.push_back(own);
      digits.emplace_back();
    }
    split.kinds[p] = static_cast<int>(kind);
    digits[kind].first.insert(static_cast<int>(p) / columns);
    digits[kind].second.insert(static_cast<int>(p) % columns);
  }
  std::vector<std::string> roles;
  for (const auto& [weights, activations] : digits) {
    std::string role = split.weight_digits.splits() ? digits_text("weight", weights) : "";
    if (split.weight_digits.splits() && split.activation_digits.splits()) role += " x ";
    if (split.activation_digits.splits()) role += digits_text("activation", activations);
    roles.push_back(std::move(role));
  }
  return roles;
}

/// Operands as two digits: activations, weights, or both.
void add_splits(std::vector<Recipe>& all, const IntRange& weight, const IntRange& activation, int kernel,
                bool magnitude) {
  const auto two_at_most = [&](const IntRange& range) {
    auto cuts = slicings(range, magnitude);
    std::erase_if(cuts, [](const Slicing& cut) { return cut.count() > 2; });
    return cuts;
  };
  const auto of_weights = two_at_most(weight);
  const auto of_activations = two_at_most(activation);
  for (const Slicing& w : of_weights) {
    for (const Slicing& a : of_activations) {
      if (w.splits() || a.splits()) all.push_back(split_recipe(weight, activation, kernel, w, a));
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

Recipe split_recipe(const IntRange& weight, const IntRange& activation, int kernel, const Slicing& weights,
                    const Slicing& activations) {
  const bool magnitude = of_magnitudes(weights, activations);
  Bilinear split = split_algorithm(magnitude ? 1 : kernel, weights, activations);
  const auto roles = merge_equal_kinds(split, weight, activation);
  Recipe recipe = recipe_of(std::move(split), 1, weight, activation, roles);
  for (Product& product : recipe.products) product.magnitude_only = magnitude;
  recipe.detail = split_detail(weights, activations);
  return recipe;
}

std::vector<Recipe> recipes(const IntRange& weight, const IntRange& activation, int kernel) {
  std::vector<Recipe> all{recipe_of(direct_algorithm(kernel), 1, weight, activation, {"products"})};
  add_splits(all, weight, activation, kernel, false);
  add_splits(all, weight, activation, kernel, true);
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

std::optional<Recipe> find_recipe(const IntRange& weight, const IntRange& activation, int kernel,
                                  Method method, const std::string& detail) {
  for (Recipe& recipe : recipes(weight, activation, kernel)) {
    if (recipe.method == method && recipe.detail == detail) return std::move(recipe);
  }
  if (method != Method::Split) return std::nullopt;
  for (const bool magnitude : {false, true}) {
    const auto of_activations = slicings(activation, magnitude);
    for (const Slicing& w : slicings(weight, magnitude)) {
      for (const Slicing& a : of_activations) {
        if ((w.splits() || a.splits()) && split_detail(w, a) == detail)
          return split_recipe(weight, activation, kernel, w, a);
      }
    }
  }
  return std::nullopt;
}

}  // namespace bitmason::pack
