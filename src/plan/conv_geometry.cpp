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

std::optional<int> ConvGeometry::centre(pack::Family family) const {
  if (activation.lo < 0 || activation.hi == 0) return std::nullopt;
  if (family == pack::Family::Convolution &&
      (real_padding_columns || out.width <= window.pad_left + window.pad_right)) {
    return std::nullopt;
  }
  return 1 << (activation.bits() - 1);
}

int ConvGeometry::centre_classes(pack::Family family) const {
  return family == pack::Family::Convolution ? window.pad_left + 1 + window.pad_right : 1;
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

namespace {

/// Cycles of one group in one row where its weights are a tile that is loaded in so many beats: two tiles are
/// filled and used in turn, and one may be filled again a few cycles after its last use.
std::int64_t external_pass(const ConvGeometry& geometry, const ConvPlan& plan, std::int64_t used) {
  constexpr std::int64_t kTurnover = 6;
  const std::int64_t word = std::int64_t{plan.simd} * plan.kernel_rows * plan.columns *
                            static_cast<std::int64_t>(plan.packing.weight_offsets.size()) *
                            geometry.weight.united({-1, 0}).bits();
  const std::int64_t beats = std::max<std::int64_t>(1, (word + plan.memory_port - 1) / plan.memory_port);
  const std::int64_t load = conv_steps(geometry, plan) * beats;
  return std::max({used, load, (used + load + kTurnover + 1) / 2});
}

}  // namespace

Cycles conv_cycles(const ConvGeometry& geometry, const ConvPlan& plan) {
  assert(geometry.out.channels % plan.pe() == 0);
  const std::int64_t pixels = plan.block_pixels();
  const std::int64_t blocks = (geometry.columns(plan.packing.family) + pixels - 1) / pixels;
  std::int64_t row = blocks * conv_steps(geometry, plan);
  if (plan.external()) row = external_pass(geometry, plan, row);
  return Cycles(geometry.out.height * (geometry.out.channels / plan.pe()) * row);
}

Dsps conv_dsps(const ConvPlan& plan) {
  if (plan.fabric) return Dsps(0);
  return Dsps(std::int64_t{plan.simd} * plan.kernel_rows * plan.columns * plan.pixel_groups);
}

namespace {

/// Rows that may arrive between the end of a row's use and the first beat into its place, at the rate of the
/// slower of stream and engine: three cycles, and six that engines behind one another with rows of so few
/// cycles lose to each other. Without them a stream as slow as the engine waits for every row.
int spare_rows(const ConvGeometry& geometry, const ConvPlan& plan) {
  constexpr std::int64_t kReuseCycles = 9;
  const std::int64_t stream = geometry.in.elements() / plan.simd / plan.input_pixels;
  const std::int64_t frame = std::max(stream, conv_cycles(geometry, plan).value);
  return static_cast<int>((kReuseCycles * geometry.in.height + frame - 1) / frame);
}

}  // namespace

int line_rows(const ConvGeometry& geometry, const ConvPlan& plan) {
  const ir::Window& window = geometry.window;
  const int height = geometry.in.height;
  const int last_first = std::max(0, (geometry.out.height - 1) * window.stride_h - window.pad_top);
  const int held_by_last = height - std::min(height, last_first);
  const int needed_by_first = std::min(height, window.kernel_h - window.pad_top);
  const int rows = std::max(window.kernel_h + window.stride_h, held_by_last + needed_by_first) +
                   spare_rows(geometry, plan);
  return (rows + plan.kernel_rows - 1) / plan.kernel_rows * plan.kernel_rows;
}

}  // namespace bitmason::plan
