#pragma once

#include <optional>
#include <string>

#include "hw/pack_parameters.hpp"

/// What bm_pack_array takes and when its sums come; its header and docs/pack_array.md state both.
namespace bitmason::hw {

/// Multipliers in cascade: as many as the guard bits hold and divide the lanes.
int chain_of(const pack::Packing& packing, int lanes, bool cascade);

/// Why the array refuses the packing in this shape; nothing where it takes it.
std::optional<std::string> array_refusal(const pack::Packing& packing, const PackArrayShape& shape);

/// Cycles from a block's last step to sums_valid. Precondition: the array takes the packing; share is 1.
int array_latency(const pack::Packing& packing, const PackArrayShape& shape);

}  // namespace bitmason::hw
