#pragma once

#include "base/result.hpp"
#include "ir/network.hpp"

namespace bitmason::import {

/// The network with integer offsets of its outputs inside the layers: where an output is the accumulators of
/// a Conv that nothing else reads, and its value begins with scale * acc + offset with an offset of scale * k
/// and integer k in every channel, k becomes Conv.bias and the offset 0. The real outputs are the same. Left
/// alone where the accumulators would exceed 32 bits; hidden layers keep their biases in the thresholds,
/// which cost nothing there.
Result<ir::Network> move_output_biases(const ir::Network& network);

}  // namespace bitmason::import
