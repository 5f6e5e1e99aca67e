#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pack/bilinear.hpp"
#include "pack/packing.hpp"

/// From the multiply-accumulates of a layer to the products that multipliers compute.
///
/// A fast algorithm or a digit split computes some number of multiply-accumulates (MACs) with other products:
/// of sums of weights and activations, or of their digits. Each such product is a Part with exact operand
/// ranges of its own, packed on its own multipliers.
namespace bitmason::pack {

/// Exact operand ranges of one kind of product before packing.
struct Product {
  IntRange weight;
  IntRange activation;
  int kernel = 1;               ///< taps of a kernel row that may share a multiplier
  int count = 1;                ///< of it in one unit of the method
  std::string role;             ///< "g0 + g1 + g2 times d1 + d2"
  bool magnitude_only = false;  ///< digits of a magnitude, which have no sign inside the multiplier
};

/// A method's products for so many MACs. Products with equal ranges are one kind (Bilinear::kinds).
struct Recipe {
  Method method = Method::Direct;
  int macs = 1;
  IntRange weight;  ///< of the layer, as is the next
  IntRange activation;
  Bilinear algorithm;
  std::vector<Product> products;
  std::string detail;  ///< "activations at bit 3"; empty for Direct
};

/// Products of digits, those of equal ranges as one kind. Digits of magnitudes share no kernel row.
Recipe split_recipe(const IntRange& weight, const IntRange& activation, int kernel, const Slicing& weights,
                    const Slicing& activations);

/// Every recipe for weights and activations of these ranges and a kernel row of `kernel` taps: Direct first.
/// Of digit splits those into two digits; finer_splits() (digit_search.hpp) has more.
std::vector<Recipe> recipes(const IntRange& weight, const IntRange& activation, int kernel);

/// The recipe of a method with this detail, also of finer splits; nothing where there is none.
std::optional<Recipe> find_recipe(const IntRange& weight, const IntRange& activation, int kernel,
                                  Method method, const std::string& detail);

/// A product of a recipe and its packing.
struct Part {
  Product product;
  Packing packing;
};

/// A recipe whose products all have packings.
struct Scheme {
  Method method = Method::Direct;
  int macs = 1;
  IntRange weight;  ///< of the layer, as is the next
  IntRange activation;
  Bilinear algorithm;
  std::vector<Part> parts;  ///< of each kind of product
  std::string detail;
  bool all_levels = true;   ///< false: the activation has 2^a - 1 levels, not 2^a
  double luts_per_mac = 0;  ///< see cost.hpp and transform_cost.hpp
  double weight_bits = 0;   ///< stored per weight

  /// MACs per multiplier and cycle, without edge losses: macs over the multipliers of one unit.
  [[nodiscard]] double density() const;
};

std::string to_text(Method method);

/// What one lane of a scheme computes in a step: `channels` output channels (of each weight input) by
/// `pixels` adjacent pixels (of each activation input; of a kernel of one tap any pixels or tiles).
struct SchemeBlock {
  int channels = 1;
  int pixels = 1;
};

/// The least block that leaves no operand of any multiplier idle.
SchemeBlock full_block(const std::vector<Part>& parts);

/// Multipliers of one product of a part in a block: columns, which share activations, times groups of pixels.
struct PartShape {
  int columns = 1;
  int groups = 1;
};
PartShape part_shape(const Part& part, const SchemeBlock& block);

/// Multipliers of one lane of a block, over all products.
int multipliers(const Scheme& scheme, const SchemeBlock& block);

}  // namespace bitmason::pack
