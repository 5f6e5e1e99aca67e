#include "plan/wide_beats.hpp"

#include <algorithm>
#include <numeric>

#include "plan/conv_options.hpp"

namespace bitmason::plan {

namespace {

/// A window's neighbours are pooled within a beat in one cycle: more of them would be a long path.
constexpr int kWidestBeatWindow = 2;

/// Pixels of a beat, more than one.
std::vector<int> several_pixels(const ir::Shape& shape) {
  std::vector<int> pixels = divisors(shape.width);
  std::erase_if(pixels, [&](int p) { return p == 1 || std::int64_t{p} * shape.channels > kMostBeatValues; });
  return pixels;
}

const ir::Window* pool_window(const ir::Layer& layer) {
  if (const auto* pool = std::get_if<ir::MaxPool>(&layer.operation)) return &pool->window;
  if (const auto* pool = std::get_if<ir::SumPool>(&layer.operation)) return &pool->window;
  return nullptr;
}

bool treats_values_alike(const ir::Layer& layer) {
  return std::holds_alternative<ir::Input>(layer.operation) ||
         std::holds_alternative<ir::Requantise>(layer.operation) ||
         std::holds_alternative<ir::Add>(layer.operation);
}

}  // namespace

int input_channels(const ConvPlan& plan) {
  return plan.simd * plan.input_pixels;
}

int input_channels(const LayerPlan& plan) {
  if (plan.conv) return input_channels(*plan.conv);
  return plan.input_channels_per_beat > 0 ? plan.input_channels_per_beat : plan.channels_per_beat;
}

std::vector<BeatWidths> beat_widths(const ir::Network& network, const ir::Layer& layer) {
  int bound = layer.type.shape.channels;
  for (const ir::TensorId input : layer.inputs) bound = std::gcd(bound, network.type(input).shape.channels);
  std::vector<BeatWidths> widths;
  for (const int channels : divisors(bound)) widths.push_back({channels, channels});
  const int channels = layer.type.shape.channels;
  if (treats_values_alike(layer)) {
    for (const int pixels : several_pixels(layer.type.shape)) {
      widths.push_back({pixels * channels, pixels * channels});
    }
  }
  const ir::Window* window = pool_window(layer);
  if (window == nullptr || window->has_padding() || window->kernel_w != window->stride_w ||
      window->kernel_w > kWidestBeatWindow) {
    return widths;
  }
  for (const int pixels : several_pixels(network.type(layer.inputs.front()).shape)) {
    if (pixels % window->kernel_w == 0)
      widths.push_back({pixels * channels, pixels / window->kernel_w * channels});
  }
  return widths;
}

std::vector<int> pixel_groups(const ConvGeometry& geometry, const ConvPlan& plan, int output_bits) {
  // Sums that meet are added at once; longer ones would need a second cycle.
  constexpr int kLongestSum = 24;
  const ir::Window& window = geometry.window;
  const bool rows = plan.packing.family == pack::Family::Convolution;
  if (conv_steps(geometry, plan) != 1 || plan.pe() != geometry.out.channels || plan.external() ||
      output_bits > kLongestSum || (!rows && (window.kernel_w != 1 || window.stride_w != 1)) ||
      geometry.in.width % plan.pixels() != 0) {
    return {};
  }
  std::vector<int> groups = divisors(geometry.in.width / plan.pixels());
  std::erase_if(groups, [&](int count) {
    return count == 1 ||
           count * plan.pixels() * std::max(geometry.in.channels, geometry.out.channels) > kMostBeatValues;
  });
  return groups;
}

std::vector<int> input_pixels(const ConvGeometry& geometry, const ConvPlan& plan) {
  std::vector<int> pixels{1};
  if (plan.simd != geometry.in.channels || plan.constants || plan.external()) return pixels;
  for (const int p : several_pixels(geometry.in)) {
    if (plan.block_pixels() % p == 0) pixels.push_back(p);
  }
  return pixels;
}

bool can_align(const ConvGeometry& geometry, const ConvPlan& plan) {
  const ir::Window& window = geometry.window;
  const bool rows = plan.packing.family == pack::Family::Convolution;
  const int pixels = plan.block_pixels();
  if (pixels == 1 || plan.pe() != geometry.out.channels || geometry.out.width % pixels != 0 ||
      plan.external() || pixels * geometry.out.channels > kMostBeatValues) {
    return false;
  }
  if (!rows) return true;
  if (geometry.real_padding_columns || geometry.out.width != geometry.in.width ||
      window.kernel_w - 1 - window.pad_left >= pixels) {
    return false;
  }
  // Sums that lack part of a centre lie in the first and the last block of a row.
  const int ends = (window.pad_left > 0 ? 1 : 0) + (window.pad_right > 0 ? 1 : 0);
  return plan.centre == 0 ||
         (window.pad_left <= pixels && window.pad_right <= pixels && geometry.out.width / pixels > ends);
}

std::vector<int> result_widths(const ir::Shape& out, const ConvPlan& plan) {
  std::vector<int> widths;
  if (plan.aligned) {
    for (const int pixels : divisors(plan.block_pixels())) {
      if (pixels > 1) widths.push_back(pixels * out.channels);
    }
    return widths;
  }
  const int parallel = plan.pe();
  for (const int channels : divisors(out.channels)) {
    // The engine sends part of its parallel channels, or several groups of them, per beat; constants all at
    // once.
    if (plan.constants && channels < parallel) continue;
    if (channels % parallel == 0 || parallel % channels == 0) widths.push_back(channels);
  }
  return widths;
}

}  // namespace bitmason::plan
