#pragma once

#include <algorithm>
#include <numeric>

#include "plan/conv_geometry.hpp"
#include "plan/plan.hpp"

/// Plans made by hand for tests of the rooms above: one product per multiplier, one channel per beat unless
/// asked otherwise.
namespace bitmason::plan::testing {

/// Packing of a single product, field offset 0.
inline pack::Packing plain_packing(const ConvGeometry& geometry) {
  pack::Packing packing;
  packing.weight = geometry.weight;
  packing.activation = geometry.activation;
  packing.weight_offsets = {0};
  packing.activation_offsets = {0};
  packing.fields = {{.offset = 0, .terms = {{0, 0}}, .width = packing.ports.accumulator_bits}};
  packing.accumulations = 16;
  packing.bias = -16 * (geometry.weight * geometry.activation).lo;
  return packing;
}

inline LayerPlan simple_layer(const ir::Network& network, const ir::Layer& layer, int channels) {
  LayerPlan plan{.layer = layer.name, .channels_per_beat = std::gcd(channels, layer.type.shape.channels)};
  for (const ir::TensorId input : layer.inputs) {
    plan.channels_per_beat = std::gcd(plan.channels_per_beat, network.type(input).shape.channels);
  }
  if (!std::holds_alternative<ir::Conv>(layer.operation)) return plan;
  const ConvGeometry geometry = geometry_of(network, layer);
  ConvPlan conv;
  conv.packing = plain_packing(geometry);
  conv.depthwise = geometry.depthwise;
  conv.line_rows = std::min(geometry.in.height, geometry.window.kernel_h + geometry.window.stride_h);
  conv.simd = std::gcd(channels, geometry.in.channels);
  conv.output_channels_per_beat = plan.channels_per_beat = geometry.depthwise ? conv.simd : 1;
  plan.conv = conv;
  plan.dsps = conv_dsps(conv);
  plan.cycles = conv_cycles(geometry, conv);
  return plan;
}

/// At most `channels` channels a beat everywhere.
inline Plan simple_plan(const ir::Network& network, int channels = 1) {
  Plan plan{.part = "test", .clock_mhz = 100};
  for (const ir::Layer& layer : network.layers())
    plan.layers.push_back(simple_layer(network, layer, channels));
  return plan;
}

inline device::Primitive plain_primitive() {
  device::Primitive primitive;
  primitive.name = "plain";
  primitive.wide_bits = 27;
  primitive.narrow_bits = 18;
  primitive.accumulator_bits = 48;
  primitive.rtl_module = "bm_dsp_inferred";
  return primitive;
}

}  // namespace bitmason::plan::testing
