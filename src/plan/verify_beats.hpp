#pragma once

#include <string>

#include "plan/plan.hpp"

/// Widths of beats, stated without the planner's code (wide_beats.hpp).
namespace bitmason::plan {

/// Values per beat that the layer takes at its inputs.
int taken_per_beat(const LayerPlan& plan);

/// Why the layer cannot take or send beats of its widths: part of a pixel, or all channels of several pixels
/// of a row; empty if it can.
std::string beat_fault(const ir::Network& network, const ir::Layer& layer, const LayerPlan& plan);

}  // namespace bitmason::plan
