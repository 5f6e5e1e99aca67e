#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "ir/network.hpp"
#include "sim/engine.hpp"

namespace bitmason::flow {

/// By frame, then by network input: the codes that enter.
using Frames = std::vector<std::vector<sim::Codes>>;

/// Reads one `.npy` file per network input, named FILE (one input only) or NAME=FILE. Errors: BM-NPY-*,
/// BM-SIM-*, BM-FLOW-003, BM-FLOW-004, BM-FLOW-005.
Result<Frames> read_frames(const ir::Network& network, const std::vector<std::string>& arguments);

/// `count` frames of codes drawn uniformly from each input's range; every second one holds only the two
/// extremes.
Frames random_frames(const ir::Network& network, int count, std::uint64_t seed);

}  // namespace bitmason::flow
