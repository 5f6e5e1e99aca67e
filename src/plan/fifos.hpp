#pragma once

#include <vector>

#include "plan/plan.hpp"

/// FIFO depths that are safe without simulation, and FIFOs of a plan exchanged for others.
namespace bitmason::plan {

/// A FIFO for every input of an Add or Concat that runs ahead of another input with a common source. Deep
/// enough that the source never stalls because of it while another branch still takes rows, so that branches
/// neither deadlock nor slow down. A pool takes nothing while it walks its padding: where the layers before
/// it have no cycles to spare for that, a FIFO takes their beats. Where rows are put together (pools,
/// SpaceToDepth) a row leaves in the time of the last one that makes it: where what follows is too slow for
/// that and what precedes has no cycles to spare, a FIFO behind takes the difference. All other streams need
/// none. Depths in beats of the producer's stream, counted in rows and never simulated: the planner prices
/// every selection with them, timing::fit_fifos makes them as small as they may be.
std::vector<FifoPlan> fifo_depths(const ir::Network& network, const std::vector<LayerPlan>& layers);

/// A FIFO of a whole frame on every input of every layer.
std::vector<FifoPlan> whole_frame_fifos(const ir::Network& network, const std::vector<LayerPlan>& layers);

/// The memory that costs less for a FIFO of `depth` beats of `width` bits.
MemoryKind fifo_memory(int width, std::int64_t depth);

/// Exchanges the plan's FIFOs and what they cost their consumers.
void replace_fifos(Plan& plan, std::vector<FifoPlan> fifos);

}  // namespace bitmason::plan
