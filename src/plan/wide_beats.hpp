#pragma once

#include <vector>

#include "plan/conv_geometry.hpp"

/// Beats of several pixels of a row, all channels of each (docs/hardware.md): the way to more than one pixel
/// a cycle. A number of values per beat is a divisor of the channels, or the channels times such pixels.
namespace bitmason::plan {

/// More values per beat are not offered: registers and files of that many lanes.
inline constexpr int kMostBeatValues = 512;

/// Values per beat of a layer's input and output.
struct BeatWidths {
  int in = 1;
  int out = 1;
  auto operator<=>(const BeatWidths&) const = default;
};

/// Values per beat that the layer takes at its inputs.
int input_channels(const ConvPlan& plan);
int input_channels(const LayerPlan& plan);

/// Of a layer that is no Conv, ascending: divisors of its channels, and for those that treat every value
/// alike or pool neighbours beats of several pixels.
std::vector<BeatWidths> beat_widths(const ir::Network& network, const ir::Layer& layer);

/// Numbers above 1 of arrays that may multiply neighbouring pixels: where one array already takes a block a
/// cycle.
std::vector<int> pixel_groups(const ConvGeometry& geometry, const ConvPlan& plan, int output_bits);

/// Pixels that an input beat of the engine may hold, ascending from 1.
std::vector<int> input_pixels(const ConvGeometry& geometry, const ConvPlan& plan);

/// True where the engine's results can leave as whole blocks of pixels (ConvPlan::aligned).
bool can_align(const ConvGeometry& geometry, const ConvPlan& plan);

/// Values per result beat that the engine can send, ascending.
std::vector<int> result_widths(const ir::Shape& out, const ConvPlan& plan);

}  // namespace bitmason::plan
