#pragma once

#include <optional>
#include <string>

#include "hw/pack_parameters.hpp"

/// What bm_pack_array and bm_sign_array take and when their sums come; their headers, docs/pack_array.md and
/// docs/sign_array.md state both.
namespace bitmason::hw {

/// The module that executes the packing: bm_sign_array for signs and magnitudes, else bm_pack_array.
std::string array_module(const pack::Packing& packing);

/// Multipliers in cascade: as many as the guard bits hold and divide the lanes; 1 for signs and magnitudes.
int chain_of(const pack::Packing& packing, int lanes, bool cascade);

/// Why the array refuses the packing in this shape; nothing where it takes it.
std::optional<std::string> array_refusal(const pack::Packing& packing, const PackArrayShape& shape);

/// The shape with sums that accumulate in the multipliers where the array takes the packing so, else with
/// every step read: a top field without room for a block's sum needs that where wraps are not counted.
PackArrayShape array_shape(const pack::Packing& packing, PackArrayShape shape);

/// Why bm_sign_array refuses the packing; nothing where it takes it.
std::optional<std::string> sign_array_refusal(const pack::Packing& packing);

/// Cycles from a block's last step to the array's sums_valid. Precondition: the array takes the packing;
/// share is 1.
int array_latency(const pack::Packing& packing, const PackArrayShape& shape);

}  // namespace bitmason::hw
