#pragma once

#include <string>
#include <vector>

#include "pack/packing.hpp"

/// From the multiply-accumulates of a layer to the products that multipliers compute.
///
/// A fast algorithm or a digit split computes some number of multiply-accumulates (MACs) with other products:
/// of sums of weights and activations, or of their digits. Each such product is a Part with exact operand
/// ranges of its own, packed on its own multipliers.
namespace bitmason::pack {

enum class Method {
  Direct,        ///< every MAC is one product
  Split,         ///< operands as digits: value = high * 2^n + low
  RowPieces,     ///< a kernel row in pieces on different multipliers
  WinogradRow,   ///< F(2, 3): two outputs of a row of three taps from four products
  WinogradTile,  ///< F(2x2, 3x3): four outputs of nine taps from sixteen products
  Karatsuba,     ///< K kernel rows times K input rows from K (K + 1) / 2 row products instead of K^2
  Strassen       ///< 2x2 channel by pixel blocks from seven products instead of eight
};

/// Exact operand ranges of one kind of product before packing.
struct Product {
  IntRange weight;
  IntRange activation;
  int kernel = 1;               ///< taps of a kernel row that may share a multiplier
  int count = 1;                ///< of it in one unit of the method
  int terms = 1;                ///< activations in its activation sum, and outputs that its sum enters
  std::string role;             ///< "g0 + g1 + g2 times d1 + d2"
  bool magnitude_only = false;  ///< digits of a magnitude, which have no sign inside the multiplier
};

/// A method's products for so many MACs.
struct Recipe {
  Method method = Method::Direct;
  int macs = 1;
  std::vector<Product> products;
  std::string detail;  ///< "activations 3 + 2 bits"; empty for Direct
};

/// Every recipe for weights and activations of these ranges and a kernel row of `kernel` taps: Direct first.
std::vector<Recipe> recipes(const IntRange& weight, const IntRange& activation, int kernel);

/// A product of a recipe and its packing.
struct Part {
  Product product;
  Packing packing;
};

/// A recipe whose products all have packings.
struct Scheme {
  Method method = Method::Direct;
  int macs = 1;
  std::vector<Part> parts;
  std::string detail;
  bool all_levels = true;   ///< false: the activation has 2^a - 1 levels, not 2^a
  double luts_per_mac = 0;  ///< see cost.hpp
  double weight_bits = 0;   ///< stored per weight

  /// MACs per multiplier and cycle, without edge losses: macs over the multipliers of one unit.
  [[nodiscard]] double density() const;
};

std::string to_text(Method method);

}  // namespace bitmason::pack
