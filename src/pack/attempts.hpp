#pragma once

#include <vector>

#include "pack/cell.hpp"
#include "pack/search.hpp"

/// What is tried for a cell: rules, and how activations stand on the port.
namespace bitmason::pack {

/// A rule, and whether activations may give up a level for it.
struct Attempt {
  Conditions conditions;
  bool fewer_levels = false;
};

/// Plain operands first.
std::vector<Attempt> attempts(const Cell& cell);

/// Activations on the port.
struct Levels {
  IntRange range;
  bool all = true;  ///< every level of the layer's range
};

/// A product's activations as they are, centred where that helps, or with a level less.
std::vector<Levels> levels_of(const Product& product, const Attempt& attempt);

}  // namespace bitmason::pack
