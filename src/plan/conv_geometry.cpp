#include "plan/conv_geometry.hpp"

#include <algorithm>
#include <cassert>

namespace bitmason::plan {

int ConvPlan::pe() const {
  if (depthwise) return simd;
  const bool outer = packing.family == pack::Family::OuterProduct;
  return columns * (outer ? static_cast<int>(packing.weight_offsets.size()) : 1);
}

int ConvGeometry::columns(pack::Family family) const {
  if (family == pack::Family::OuterProduct) return out.width;
  return real_padding_columns ? in.width + window.pad_left + window.pad_right : in.width;
}

ConvGeometry geometry_of(const ir::Network& network, const ir::Layer& layer) {
  const auto& conv = std::get<ir::Conv>(layer.operation);
  const ir::TensorType& input = network.type(layer.inputs.front());
  const auto [lowest, highest] = std::minmax_element(conv.weights.values.begin(), conv.weights.values.end());
  ConvGeometry geometry;
  geometry.window = conv.window;
  geometry.in = input.shape;
  geometry.out = layer.type.shape;
  geometry.depthwise = conv.groups > 1 && conv.groups == input.shape.channels &&
                       conv.weights.out_channels == input.shape.channels;
  geometry.weight = IntRange{*lowest, *highest}.united({0, 0});
  geometry.activation = input.range.united({0, 0});
  if (conv.window.has_padding())
    geometry.activation = geometry.activation.united({conv.pad_value, conv.pad_value});
  geometry.real_padding_columns = conv.pad_value != 0 && conv.window.pad_left + conv.window.pad_right > 0;
  return geometry;
}

std::int64_t conv_steps(const ConvGeometry& geometry, const ConvPlan& plan) {
  const bool outer = plan.packing.family == pack::Family::OuterProduct;
  const int taps = outer ? geometry.window.kernel_w : 1;
  const int groups = plan.depthwise ? 1 : geometry.in.channels / plan.simd;
  return std::int64_t{geometry.window.kernel_h / plan.kernel_rows} * taps * groups;
}

Cycles conv_cycles(const ConvGeometry& geometry, const ConvPlan& plan) {
  assert(geometry.out.channels % plan.pe() == 0);
  const std::int64_t pixels = plan.pixels();
  const std::int64_t blocks = (geometry.columns(plan.packing.family) + pixels - 1) / pixels;
  return Cycles(geometry.out.height * blocks * (geometry.out.channels / plan.pe()) *
                conv_steps(geometry, plan));
}

Dsps conv_dsps(const ConvPlan& plan) {
  return Dsps(std::int64_t{plan.simd} * plan.kernel_rows * plan.columns);
}

}  // namespace bitmason::plan
