#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "base/result.hpp"
#include "flow/frames.hpp"
#include "sim/engine.hpp"

namespace bitmason::flow {

/// Called with the number of frames finished within the call.
using Finished = std::function<void(std::size_t)>;

/// Frames of a batch to traces that hold at least the outputs; ready to be called for one part of the batch
/// after the other.
using BatchEngine = std::function<Result<std::vector<sim::Trace>>(const Frames&, const Finished&)>;

}  // namespace bitmason::flow
