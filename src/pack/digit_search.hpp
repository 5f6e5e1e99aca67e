#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "pack/bilinear.hpp"

namespace bitmason::pack {

/// Ways to cut an operand of this range into digits, the uncut operand first: every one up to 8 bits, those
/// of at most four digits beyond; none with a digit that is constant.
std::vector<Slicing> slicings(const IntRange& range, bool magnitude);

/// MACs of one multiplier for weights and activations of these ranges; 0 where nothing packs them.
using PairDensity = std::function<double(const IntRange& weight, const IntRange& activation)>;

/// Cuts of weights and activations whose products, each packed with `density`, need the fewest multipliers:
/// the best of every number of products that is denser than all with fewer. Left out are those that cut no
/// operand into more than two digits; recipes() has all of these. Cost: every pair of cuts is tried, each
/// pair of digit ranges asked once.
std::vector<std::pair<Slicing, Slicing>> finer_splits(const IntRange& weight, const IntRange& activation,
                                                      bool magnitude, const PairDensity& density);

}  // namespace bitmason::pack
