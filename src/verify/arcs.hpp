#pragma once

#include <vector>

#include "verify/cells.hpp"
#include "verify/depth.hpp"

namespace bitmason::verify {

/// A path through one cell from a net to a net.
struct Arc {
  NetBit from = -1;
  NetBit to = -1;
  Depth depth;
};

/// The combinational paths through the cell: none through flip-flops, DSPs and block memories, read addresses
/// of LUT memories to their data, all inputs to the output of the others; carry cells bit by bit.
std::vector<Arc> arcs_of(const NetlistCell& cell, const CellRule& rule);

/// True where a value arriving at the pin ends its path there.
bool ends_path(const CellRule& rule, std::string_view pin);
/// True where a path starts at the output pin.
bool starts_path(const CellRule& rule);

}  // namespace bitmason::verify
