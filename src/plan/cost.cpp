#include "plan/cost.hpp"

#include <algorithm>
#include <cmath>

namespace bitmason::plan {

namespace {

/// The one table of coefficients, per bit or per item as named. Found by synthesis with Yosys 0.23
/// (synth_xilinx -family xcup -nosrl); see docs/planning.md.
struct Coefficients {
  double conv_control = 280;  ///< LUTs of counters, credits, addresses
  double conv_control_ff = 320;
  double lane_bit = 0.6;       ///< LUTs per operand bit of a lane: padding mask
  double lane_turn_bit = 1.4;  ///< the same where kernel rows turn between banks
  double lane_bit_ff = 2.2;
  double pack_bit = 1.0;        ///< LUTs per weight bit packed onto a port by addition
  double tree_bit = 1.05;       ///< LUTs per bit of a field's adder tree
  double accumulate_bit = 1.1;  ///< LUTs per bit of a field's accumulator
  double sum_bit_ff = 1.3;
  double result_bit = 1.2;      ///< LUTs per bit of a result word: buffer and selection
  double skew_bit_ff = 1.0;     ///< flip-flops per operand bit and cascade position
  double compare_bit = 0.75;    ///< LUTs per bit of a comparison
  double multiply_bit = 0.62;   ///< LUTs per bit product of a multiplier in LUTs
  double module_control = 45;   ///< LUTs of a small module's counters
  double window_control = 130;  ///< LUTs of a pool's or a rearrangement's counters
  double slice_bit = 1.0;       ///< LUTs per bit of a register slice
  double repack_bit = 1.1;
  double bank_mux = 0.34;  ///< LUTs per bit and extra 64 words of a memory in LUTs
};
constexpr Coefficients kCost;

std::int64_t ceil_div(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
}

std::int64_t rounded(double value) {
  return static_cast<std::int64_t>(std::ceil(value));
}

int stages_of(std::int64_t count) {
  int stages = 0;
  while ((std::int64_t{1} << stages) < count) ++stages;
  return stages;
}

Resources fabric(double luts, double flip_flops) {
  return {.luts = Luts(rounded(luts)), .flip_flops = FlipFlops(rounded(flip_flops))};
}

Resources times(std::int64_t count, const Resources& one) {
  return {count * one.dsps, count * one.luts, count * one.flip_flops, count * one.bram18s, count * one.urams};
}

/// Field sums of one column: adder trees over the chains, then accumulators.
Resources field_cost(const ConvPlan& plan, const ConvWidths& widths) {
  const int lanes = plan.depthwise ? plan.kernel_rows : plan.simd * plan.kernel_rows;
  const int chains = std::max(1, lanes / plan.chain);
  double luts = 0;
  double flip_flops = 0;
  for (const pack::Field& field : plan.packing.fields) {
    const double tree = (chains - 1) * (field.width + 1.5) * kCost.tree_bit;
    luts += tree + widths.output_bits * kCost.accumulate_bit;
    flip_flops += tree * kCost.sum_bit_ff + widths.output_bits * kCost.sum_bit_ff;
  }
  return fabric(luts, flip_flops);
}

}  // namespace

Resources operator+(const Resources& a, const Resources& b) {
  return {a.dsps + b.dsps, a.luts + b.luts, a.flip_flops + b.flip_flops, a.bram18s + b.bram18s,
          a.urams + b.urams};
}

std::int64_t block_memory(std::int64_t width, std::int64_t depth) {
  // Aspect ratios of half a block: 36 bits by 512 words down to 1 bit by 16,384.
  std::int64_t best = ceil_div(width, 36) * ceil_div(depth, 512);
  for (const auto& [bits, words] : {std::pair{18, 1024}, {9, 2048}, {4, 4096}, {2, 8192}, {1, 16384}}) {
    best = std::min(best, ceil_div(width, bits) * ceil_div(depth, words));
  }
  return best;
}

std::int64_t lut_memory(std::int64_t width, std::int64_t depth) {
  // RAM64M8: 7 bits by 64 words in 8 LUTs; RAM32M16: 14 bits by 32 words in 8 LUTs.
  if (depth <= 32) return ceil_div(width, 14) * 8;
  const std::int64_t banks = ceil_div(depth, 64);
  return ceil_div(width, 7) * 8 * banks + rounded(kCost.bank_mux * static_cast<double>(width * (banks - 1)));
}

std::int64_t lut_rom(std::int64_t width, std::int64_t depth) {
  if (depth <= 1) return 0;
  return rounded(static_cast<double>(width) * std::max(0.5, static_cast<double>(depth) / 64.0 * 1.2));
}

Resources memory_cost(MemoryKind kind, std::int64_t width, std::int64_t depth, bool read_only) {
  if (kind == MemoryKind::Block) return {.bram18s = Bram18s(block_memory(width, depth))};
  const std::int64_t luts = read_only ? lut_rom(width, depth) : lut_memory(width, depth);
  return {.luts = Luts(luts), .flip_flops = FlipFlops(width)};
}

Resources memory_cost(MemoryKind kind, const MemoryShape& shape, bool read_only) {
  return times(shape.count, memory_cost(kind, shape.width, shape.depth, read_only));
}

MemoryKind cheaper_memory(std::int64_t width, std::int64_t depth, bool read_only) {
  // Typical parts hold about 160 LUTs per half block.
  constexpr std::int64_t kLutsPerBlock = 160;
  const std::int64_t luts = read_only ? lut_rom(width, depth) : lut_memory(width, depth);
  return luts > kLutsPerBlock * block_memory(width, depth) ? MemoryKind::Block : MemoryKind::Lut;
}

ConvWidths widths_of(const ir::Network& network, const ir::Layer& layer) {
  const ConvGeometry geometry = geometry_of(network, layer);
  return {.weight_bits = geometry.weight.united({-1, 0}).bits(),
          .activation_bits = geometry.activation.bits(),
          .output_bits = layer.type.range.united({-1, 0}).bits()};
}

MemoryShape weight_shape(const ConvGeometry& geometry, const ConvPlan& plan, const ConvWidths& widths) {
  const std::int64_t operands = static_cast<std::int64_t>(plan.packing.weight_offsets.size());
  return {.width = std::int64_t{plan.simd} * plan.kernel_rows * plan.columns * operands * widths.weight_bits,
          .depth = geometry.out.channels / plan.pe() * conv_steps(geometry, plan)};
}

MemoryShape line_shape(const ConvGeometry& geometry, const ConvPlan& plan, const ConvWidths& widths) {
  const std::int64_t pixels = plan.pixels();
  return {.width = std::int64_t{plan.simd} * widths.activation_bits,
          .depth = ceil_div(plan.line_rows, plan.kernel_rows) * ceil_div(geometry.in.width, pixels) *
                   (geometry.in.channels / plan.simd),
          .count = plan.kernel_rows * pixels};
}

Resources conv_logic_cost(const ConvPlan& plan, const ConvWidths& widths) {
  const double lanes = plan.simd * plan.kernel_rows;
  const double operand_bits = lanes * plan.pixels() * widths.activation_bits;
  const double per_lane = plan.kernel_rows > 1 ? kCost.lane_turn_bit : kCost.lane_bit;
  const double skew = operand_bits * (plan.chain - 1) / 2.0 * kCost.skew_bit_ff;
  const auto extra_operands = static_cast<double>(plan.packing.weight_offsets.size() - 1);
  const double packed_bits = static_cast<double>(conv_dsps(plan).value) * extra_operands * widths.weight_bits;
  const double result_bits = 1.0 * plan.pe() * plan.pixels() * widths.output_bits;
  Resources total = fabric(kCost.conv_control, kCost.conv_control_ff);
  total = total + fabric(operand_bits * per_lane, operand_bits * kCost.lane_bit_ff + skew);
  total = total + fabric(packed_bits * kCost.pack_bit, 0);
  total = total + fabric(result_bits * kCost.result_bit, result_bits);
  total = total + times(plan.depthwise ? plan.simd : plan.columns, field_cost(plan, widths));
  total.dsps = conv_dsps(plan);
  return total;
}

Resources conv_cost(const ConvGeometry& geometry, const ConvPlan& plan, const ConvWidths& widths) {
  const MemoryShape weights = weight_shape(geometry, plan, widths);
  const MemoryShape line = line_shape(geometry, plan, widths);
  return conv_logic_cost(plan, widths) + memory_cost(plan.weight_memory, weights, true) +
         memory_cost(plan.line_memory, line, false);
}

namespace {

Resources threshold_cost(const ir::Thresholds& form, const ir::TensorType& in, int lanes) {
  const int stages = stages_of(form.output.span() + 1);
  const int bits = in.range.bits() + 1;
  const std::int64_t depth = form.rows == 1 ? 1 : in.shape.channels / lanes;
  double luts = stages * bits * kCost.compare_bit;
  for (int stage = 0; stage < stages; ++stage) {
    luts += static_cast<double>(lut_rom(bits, depth * (std::int64_t{1} << stage)));
  }
  return times(lanes, fabric(luts, stages * (bits + stages) * 1.5));
}

Resources scale_cost(const ir::ScaleShift& form, const ir::TensorType& in, const LayerPlan& plan) {
  const int lanes = plan.channels_per_beat;
  const auto bits_of = [](const std::vector<std::int64_t>& values) {
    const auto [lo, hi] = std::minmax_element(values.begin(), values.end());
    return IntRange{*lo, *hi}.united({-1, 0}).bits();
  };
  const int multiplier = bits_of(form.multiplier);
  const int bias = bits_of(form.bias);
  const int input = in.range.bits();
  const std::int64_t depth = form.multiplier.size() == 1 ? 1 : in.shape.channels / lanes;
  const int product = std::max(multiplier + input, bias);
  double luts = static_cast<double>(lut_rom(multiplier + bias, depth)) + product * (1.0 + kCost.compare_bit);
  if (!plan.scale_in_dsp) luts += multiplier * input * kCost.multiply_bit;
  Resources cost = times(lanes, fabric(luts, 3.0 * product));
  if (plan.scale_in_dsp) cost.dsps = Dsps(lanes);
  return cost;
}

Resources window_cost(const ir::TensorType& in, const ir::Layer& layer, const ir::Window& window,
                      const LayerPlan& plan) {
  const int lanes = plan.channels_per_beat;
  const std::int64_t bits = std::int64_t{lanes} * layer.type.range.bits();
  const std::int64_t rows = std::max(1, ceil_div(window.kernel_h, window.stride_h) > 1 ? window.kernel_h : 1);
  const std::int64_t depth = rows * layer.type.shape.width * (in.shape.channels / lanes);
  return fabric(kCost.window_control + static_cast<double>(bits) * 2.5, 60 + static_cast<double>(bits) * 3) +
         memory_cost(plan.memory, bits, depth, false);
}

Resources frame_cost(std::int64_t bits, std::int64_t depth, MemoryKind kind) {
  return fabric(kCost.window_control + static_cast<double>(bits), 80 + static_cast<double>(bits) * 2) +
         memory_cost(kind, bits, depth, false);
}

Resources add_cost(const ir::Network& network, const ir::Layer& layer, const ir::Add& add, int lanes) {
  double luts = 0;
  for (std::size_t k = 0; k < add.multipliers.size(); ++k) {
    const std::int64_t multiplier = std::abs(add.multipliers[k]);
    const bool shift = (multiplier & (multiplier - 1)) == 0;
    const double product = network.type(layer.inputs[k]).range.bits() * stages_of(multiplier + 1);
    luts += layer.type.range.bits() + (shift ? 0 : product * kCost.multiply_bit);
  }
  return fabric(10 + luts * lanes, layer.type.range.bits() * lanes * 2.0);
}

}  // namespace

Resources other_cost(const ir::Network& network, const ir::Layer& layer, const LayerPlan& plan) {
  const int lanes = plan.channels_per_beat;
  const std::int64_t bits = std::int64_t{lanes} * layer.type.range.bits();
  const auto beats = [&](const ir::Shape& shape) { return shape.channels / lanes; };
  if (std::holds_alternative<ir::Input>(layer.operation)) {
    return fabric(kCost.module_control, static_cast<double>(bits) * 2 + 20);
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
  return fabric(kCost.module_control, static_cast<double>(width) + 40) +
         memory_cost(kind, width, depth, false);
}

Resources repack_cost(std::int64_t bits, int from, int to) {
  if (from == to) return {};
  const auto wide = static_cast<double>(bits * std::max(from, to));
  return fabric(wide * kCost.repack_bit + 8, wide * 2);
}

}  // namespace bitmason::plan
