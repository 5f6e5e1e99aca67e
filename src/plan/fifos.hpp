#pragma once

#include <vector>

#include "plan/plan.hpp"

/// FIFO depths at joins, from what the branches may absorb, and at the borders of padded pools.
namespace bitmason::plan {

/// A FIFO for every input of an Add or Concat that runs ahead of another input with a common source. Deep
/// enough that the source never stalls because of it while another branch still takes rows, so that branches
/// neither deadlock nor slow down. A pool takes nothing while it walks its padding: where the layers before
/// it have no cycles to spare for that, a FIFO takes their beats. Where rows are put together (pools,
/// SpaceToDepth) a row leaves in the time of the last one that makes it: where what follows is too slow for
/// that and what precedes has no cycles to spare, a FIFO behind takes the difference. All other streams need
/// none. Depths in beats of the producer's stream.
std::vector<FifoPlan> fifo_depths(const ir::Network& network, const std::vector<LayerPlan>& layers);

}  // namespace bitmason::plan
