#pragma once

#include "pack/packing.hpp"

namespace bitmason::hw {

/// Cycles from a block's last step to bm_sign_array's sums_valid: LATENCY of its header, which waits for
/// adders before the multiplier's sum that are cut in two, and for words of weights. Precondition: the array
/// takes the packing.
int sign_array_latency(const pack::Packing& packing, int lanes);

}  // namespace bitmason::hw
