#pragma once

#include <cstdint>
#include <vector>

#include "plan/plan.hpp"

/// The streams between the layers of a plan.
namespace bitmason::plan {

/// Beats of a frame on an input of the layer where it is narrowest: a stream between two numbers of channels
/// that do not divide one another passes their greatest common divisor.
std::int64_t stream_beats(const ir::Network& network, const std::vector<LayerPlan>& layers, std::size_t layer,
                          ir::TensorId input);

/// Adapters of a stream of so many bits a channel whose ends have different channels per beat.
Resources width_change_cost(std::int64_t bits, int from, int to);

/// Cycles of a frame of a layer and of the streams at its ends; where weights come from outside, with the
/// rows in which nothing is sent.
Cycles interval_of(const ir::Network& network, const std::vector<LayerPlan>& layers, std::size_t layer);

/// Estimated cycles between frames: those of the slowest layer or stream, the network's outputs included.
Cycles interval_of(const ir::Network& network, const std::vector<LayerPlan>& layers);

}  // namespace bitmason::plan
