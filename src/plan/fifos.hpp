#pragma once

#include <vector>

#include "plan/plan.hpp"

/// FIFO depths at joins, from what the branches may absorb.
namespace bitmason::plan {

/// A FIFO for every input of an Add or Concat that runs ahead of another input with a common source. Deep
/// enough that the source never stalls because of it while another branch still takes rows, so that branches
/// neither deadlock nor slow down; all other streams need none. Depths in beats of the producer's stream.
std::vector<FifoPlan> fifo_depths(const ir::Network& network, const std::vector<LayerPlan>& layers);

}  // namespace bitmason::plan
