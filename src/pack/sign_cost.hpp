#pragma once

#include "pack/cost.hpp"

namespace bitmason::pack {

/// 6-input LUTs beside one multiplier of bm_sign_array: lower bits of products, what the sum takes off,
/// signs, adder trees and accumulators. Precondition: sign-magnitude operands.
double sign_array_luts(const Packing& packing, const ArrayShape& array);

}  // namespace bitmason::pack
