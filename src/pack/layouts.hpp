#pragma once

#include <vector>

#include "pack/packing.hpp"

/// Candidate layouts of the solvers, in units of the spacing between fields.
namespace bitmason::pack {

/// Operand positions in units of the spacing; position sums are the field positions.
struct UnitLayout {
  std::vector<int> weights;
  std::vector<int> activations;
  /// Most products that meet in one field.
  int multiplicity = 1;

  /// Position of the top field, where only the last weight and the last activation meet.
  [[nodiscard]] int top() const { return weights.back() + activations.back(); }
};

/// Nested layouts in which every product has its own field: the operands take turns, each multiplying the
/// pitch by its number of positions at that level. Only layouts that no other dominates in (last weight, last
/// activation) position, fewest levels first; top field below `limit`.
std::vector<UnitLayout> outer_product_layouts(int weights, int activations, int limit);

/// The one layout of a 1-D convolution: a common spacing, since field t + j must not depend on the split of t
/// + j.
std::vector<UnitLayout> convolution_layouts(int weights, int activations, int limit);

}  // namespace bitmason::pack
