#include "plan/cost.hpp"

#include "base/signed_digits.hpp"
#include "plan/cost_internal.hpp"
#include "plan/layer_variants.hpp"
#include "plan/resources.hpp"

namespace bitmason::plan {

Resources operator+(const Resources& a, const Resources& b) {
  return {a.dsps + b.dsps,       a.luts + b.luts,   a.flip_flops + b.flip_flops,
          a.bram18s + b.bram18s, a.urams + b.urams, a.traffic + b.traffic};
}

Bytes traffic_within(const Budget& budget, std::int64_t cycles) {
  const double bytes = budget.bandwidth / (budget.clock_mhz * 1e6) * static_cast<double>(cycles);
  return Bytes(static_cast<std::int64_t>(std::min(bytes, 1e18)));
}

Cycles traffic_cycles(const Budget& budget, Bytes traffic) {
  if (traffic.value == 0 || budget.bandwidth <= 0) return Cycles(0);
  const double cycles = static_cast<double>(traffic.value) * budget.clock_mhz * 1e6 / budget.bandwidth;
  Cycles least(static_cast<std::int64_t>(std::min(cycles, 1e18)));
  while (traffic_within(budget, least.value) < traffic) least += Cycles(1);
  return least;
}

namespace {

int stages_of(std::int64_t count) {
  int stages = 0;
  while ((std::int64_t{1} << stages) < count) ++stages;
  return stages;
}

Resources threshold_cost(const ir::Thresholds& form, const ir::TensorType& in, int lanes) {
  const int stages = stages_of(form.output.span() + 1);
  const int bits = in.range.bits() + 1;
  const std::int64_t depth = form.rows == 1 ? 1 : std::max(1, in.shape.channels / lanes);
  // The first stage reads one threshold and a flag, the others two thresholds.
  double luts = stages * bits * kCost.compare_bit + static_cast<double>(lut_rom(bits + 1, depth));
  for (int stage = 1; stage < stages; ++stage) {
    luts += static_cast<double>(lut_rom(std::int64_t{2} * bits, depth << (stage - 1)));
  }
  return fabric(kCost.credit, kCost.credit_ff) +
         times(lanes, fabric(luts, stages * (bits + stages) * kCost.compare_bit_ff));
}

Resources scale_cost(const ir::ScaleShift& form, const ir::TensorType& in, const LayerPlan& plan) {
  const int lanes = plan.channels_per_beat;
  const auto bits_of = [](const std::vector<std::int64_t>& values) {
    const auto [lo, hi] = std::minmax_element(values.begin(), values.end());
    return IntRange{*lo, *hi}.united({-1, 0}).bits();
  };
  const auto [multiplier, input] = scale_bits(form, in.range);
  const int bias = bits_of(form.bias);
  const std::int64_t depth = form.multiplier.size() == 1 ? 1 : std::max(1, in.shape.channels / lanes);
  const int product = std::max(multiplier + input, bias) + 1;
  const int digits = (multiplier + 1) / 2;
  double luts = static_cast<double>(lut_rom(multiplier + bias, depth)) + product * kCost.scale_bit;
  double flip_flops = 2.0 * product + kCost.scale_lane_ff;
  if (plan.scale_in_dsp) {
    flip_flops += input + multiplier;
  } else {
    luts += digits * (input + 3) * kCost.booth_bit;
    flip_flops += digits * (2.0 * input + multiplier);
  }
  Resources cost = fabric(kCost.scale_control, kCost.credit_ff) + times(lanes, fabric(luts, flip_flops));
  if (plan.scale_in_dsp) cost.dsps = Dsps(lanes);
  return cost;
}

Resources window_cost(const ir::TensorType& in, const ir::Layer& layer, const ir::Window& window,
                      const LayerPlan& plan) {
  const int lanes = plan.channels_per_beat;
  const std::int64_t bits = std::int64_t{lanes} * layer.type.range.bits();
  const std::int64_t rows = std::max(1, ceil_div(window.kernel_h, window.stride_h) > 1 ? window.kernel_h : 1);
  const std::int64_t depth = rows * layer.type.shape.width * in.shape.channels / lanes;
  // Neighbours within a beat are pooled in one register before the rows (rtl/bm_pool_beat.sv).
  const double pooled = plan.input_channels_per_beat > lanes ? static_cast<double>(bits) : 0;
  return fabric(kCost.window_control + static_cast<double>(bits) * kCost.window_bit + 2 * pooled,
                kCost.window_control_ff + static_cast<double>(bits) * kCost.window_bit_ff + pooled) +
         memory_cost(plan.memory, bits, depth, false);
}

Resources frame_cost(std::int64_t bits, std::int64_t depth, MemoryKind kind) {
  return fabric(kCost.reorder_control + static_cast<double>(bits), 50 + static_cast<double>(bits) * 2) +
         memory_cost(kind, bits, depth, false);
}

Resources add_cost(const ir::Network& network, const ir::Layer& layer, const ir::Add& add, int lanes) {
  // One adder per digit of the multipliers that is not zero; the operands wait for their digits.
  int adders = add.constant == 0 ? -1 : 0;
  double waiting = 0;
  for (std::size_t k = 0; k < add.multipliers.size(); ++k) {
    adders += static_cast<int>(signed_digits(add.multipliers[k]).size());
    waiting += network.type(layer.inputs[k]).range.bits() * std::max(0, adders - 1);
  }
  const double bits = layer.type.range.bits();
  const double sums = bits * std::max(1, adders);
  return fabric(10 + lanes * (bits + (sums - bits) * kCost.add_digit_bit), 2 + lanes * (sums + waiting));
}

}  // namespace

Resources other_cost(const ir::Network& network, const ir::Layer& layer, const LayerPlan& plan) {
  const int lanes = plan.channels_per_beat;
  const std::int64_t bits = std::int64_t{lanes} * layer.type.range.bits();
  const auto beats = [&](const ir::Shape& shape) { return shape.channels / lanes; };
  if (std::holds_alternative<ir::Input>(layer.operation)) {
    return fabric(static_cast<double>(bits) * kCost.slice_bit + 5, static_cast<double>(bits) * 2 + 2);
  }
  const ir::TensorType& in = network.type(layer.inputs.front());
  if (const auto* pool = std::get_if<ir::MaxPool>(&layer.operation))
    return window_cost(in, layer, pool->window, plan);
  if (const auto* pool = std::get_if<ir::SumPool>(&layer.operation))
    return window_cost(in, layer, pool->window, plan);
  if (const auto* add = std::get_if<ir::Add>(&layer.operation)) return add_cost(network, layer, *add, lanes);
  if (const auto* deep = std::get_if<ir::SpaceToDepth>(&layer.operation)) {
    return frame_cost(bits, std::int64_t{2} * deep->block * in.shape.width * beats(in.shape), plan.memory);
  }
  if (const auto* wide = std::get_if<ir::DepthToSpace>(&layer.operation)) {
    return frame_cost(bits, std::int64_t{2} * in.shape.width * std::max(1, beats(in.shape)) * wide->block,
                      plan.memory);
  }
  if (std::holds_alternative<ir::Upsample>(layer.operation)) {
    return frame_cost(bits, std::int64_t{2} * in.shape.width * beats(in.shape), plan.memory);
  }
  if (const auto* requantise = std::get_if<ir::Requantise>(&layer.operation)) {
    if (const auto* scale = std::get_if<ir::ScaleShift>(&requantise->form))
      return scale_cost(*scale, in, plan);
    if (plan.scale_shift) return scale_cost(*plan.scale_shift, in, plan);
    return threshold_cost(std::get<ir::Thresholds>(requantise->form), in, lanes);
  }
  return fabric(kCost.module_control + static_cast<double>(bits), static_cast<double>(bits) * 2);
}

Resources fifo_cost(std::int64_t width, std::int64_t depth, MemoryKind kind) {
  if (depth <= 2)
    return fabric(static_cast<double>(width) * kCost.slice_bit + 4, static_cast<double>(width) * 2 + 3);
  return fabric(kCost.module_control, kind == MemoryKind::Block ? static_cast<double>(width) + 40 : 30) +
         memory_cost(kind, width, depth, false);
}

Resources repack_cost(std::int64_t bits, int from, int to) {
  if (from == to) return {};
  const auto wide = static_cast<double>(bits * std::max(from, to));
  if (from < to) return fabric(10, wide * 2);
  return fabric(wide * kCost.repack_bit + 8, wide + 4);
}

}  // namespace bitmason::plan
