#pragma once

#include <functional>
#include <set>
#include <vector>

#include "zoo/catalogue.hpp"

namespace bitmason::zoo {

/// By value of the topology (0 is the image): the widths in which its users want it, widest first. Pooling,
/// reordering and concatenation pass the wish on; sums and means take their inputs in their own greatest
/// width.
std::vector<std::set<int, std::greater<>>> demands(const Topology& topology, const Bits& bits);

/// By value: true where 2x2 max pooling reads it.
std::vector<bool> pooled(const Topology& topology);

}  // namespace bitmason::zoo
