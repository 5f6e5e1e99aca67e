#pragma once

#include "base/result.hpp"
#include "device/device.hpp"
#include "ir/network.hpp"
#include "plan/plan.hpp"

namespace bitmason::timing {

/// The plan with the least FIFOs that keep its interval: none of them can be left out or lose a beat (of
/// more than 256: 1/32 of them), the others given, without a longer interval. They are found by running the
/// design's handshakes (timing::run) from the plan's own FIFOs, or from whole frames where those do not keep
/// the interval. What comes out is run to its periodic state, and once more with the least that every module
/// holds whatever the timing, so that no stalls at the ports deadlock it. `mark` of each FIFO is what it
/// holds at most in the former run. Deterministic. Errors: BM-TIMING-001, BM-HW-*. Cost: some 20 runs of a
/// few frames for each FIFO.
Result<plan::Plan> fit_fifos(const ir::Network& network, plan::Plan plan, const device::Part& part,
                             const device::Primitive& primitive);

}  // namespace bitmason::timing
