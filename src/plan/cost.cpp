#include "plan/cost.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace bitmason::plan {

namespace {

/// The one table of coefficients, per bit or per item as named. Found by synthesis with Yosys 0.23
/// (synth_xilinx -family xcup -nosrl) of the blocks of two networks; see docs/planning.md.
struct Coefficients {
  double conv_control = 180;  ///< LUTs of counters, credits, addresses
  double conv_control_ff = 320;
  double lane_bit = 0.3;        ///< LUTs per operand bit of a lane
  double lane_turn_bit = 1.4;   ///< the same where kernel rows turn between banks
  double tree_bit = 1.05;       ///< LUTs per bit of a field's adder tree
  double accumulate_bit = 1.1;  ///< LUTs per bit of a field's accumulator
  double sum_bit_ff = 1.3;
  double result_bit = 0.6;  ///< LUTs per bit of a result word: selection
  double credit = 60;       ///< LUTs of a requantiser's admission and output FIFO
  double credit_ff = 50;
  double compare_bit = 0.65;     ///< LUTs per bit of a stage's comparison and choice
  double compare_bit_ff = 2.75;  ///< flip-flops per bit of a stage's code, threshold and count
  double scale_control = 90;     ///< as `credit`, with the counters of multiplier and bias
  double booth_bit = 1.2;        ///< LUTs per bit of a base 4 digit's adder
  double scale_bit = 1.75;       ///< LUTs per bit of the product: bias, shift and clamp
  double scale_lane_ff = 20;     ///< flip-flops of a lane's code and flags
  double add_digit_bit = 0.6;    ///< LUTs per bit of each adder behind a weighted sum's first
  double window_control = 95;    ///< LUTs of a pool's counters
  double window_control_ff = 60;
  double window_bit = 7.3;  ///< LUTs per bit of a pool's beat: both directions and their memories
  double window_bit_ff = 7.8;
  double module_control = 35;   ///< LUTs of a small module's counters
  double reorder_control = 60;  ///< LUTs of a rearrangement's counters
  double slice_bit = 1.0;       ///< LUTs per bit of a register slice
  double repack_bit = 1.1;      ///< LUTs per bit of a beat that is split
  double bank_mux = 0.34;       ///< LUTs per bit and extra 64 words of a memory in LUTs
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

/// Columns of a memory of constants that can differ: equal ones are made once.
std::int64_t distinct_columns(std::int64_t width, std::int64_t depth) {
  return depth < 16 ? std::min(width, std::int64_t{1} << depth) : width;
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

/// Words of the result buffer, as bm_conv counts them.
std::int64_t result_words(const ConvGeometry& geometry, const ConvPlan& plan) {
  constexpr std::int64_t kInFlight = 6;
  const std::int64_t groups = geometry.out.channels / plan.pe();
  const std::int64_t held = groups > 1 ? 2 * groups - 2 * groups / plan.pixels() : 0;
  std::int64_t words = 16;
  while (words < std::max(groups, held) + kInFlight) words *= 2;
  return words;
}

/// Family Convolution keeps the last kernel_w - 1 fields of every group until its next block.
Resources tail_cost(const ConvGeometry& geometry, const ConvPlan& plan, const ConvWidths& widths) {
  const std::int64_t groups = geometry.out.channels / plan.pe();
  if (plan.packing.family != pack::Family::Convolution || groups < 2) return {};
  const int columns = plan.depthwise ? plan.simd : plan.columns;
  const std::int64_t bits = std::int64_t{columns} * (geometry.window.kernel_w - 1) * widths.output_bits;
  if (groups == 2) return fabric(0, static_cast<double>(bits));
  return memory_cost(MemoryKind::Lut, bits, groups, false);
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

std::int64_t written_block_memory(std::int64_t width, std::int64_t depth) {
  // bm_ram cuts its words into parts of 36 bits.
  return width / 36 * block_memory(36, depth) + (width % 36 == 0 ? 0 : block_memory(width % 36, depth));
}

std::int64_t lut_memory(std::int64_t width, std::int64_t depth) {
  // RAM64M8: 7 bits by 64 words in 8 LUTs; RAM32M16: 14 bits by 32 words in 8 LUTs.
  if (depth <= 32) return ceil_div(width, 14) * 8;
  const std::int64_t banks = ceil_div(depth, 64);
  return ceil_div(width, 7) * 8 * banks + rounded(kCost.bank_mux * static_cast<double>(width * (banks - 1)));
}

std::int64_t lut_rom(std::int64_t width, std::int64_t depth) {
  if (depth <= 1) return 0;
  return rounded(static_cast<double>(distinct_columns(width, depth)) *
                 static_cast<double>(ceil_div(depth, 64)));
}

Resources memory_cost(MemoryKind kind, std::int64_t width, std::int64_t depth, bool read_only) {
  if (kind == MemoryKind::Block) {
    // The words of a whole block, and multiplexers of up to four blocks.
    const std::int64_t choices = ceil_div(ceil_div(depth, 1024) - 1, 3);
    return {.luts = Luts(width * choices),
            .bram18s = Bram18s(read_only ? block_memory(width, depth) : written_block_memory(width, depth))};
  }
  if (!read_only) return {.luts = Luts(lut_memory(width, depth)), .flip_flops = FlipFlops(width)};
  return {.luts = Luts(lut_rom(width, depth)), .flip_flops = FlipFlops(distinct_columns(width, depth))};
}

Resources memory_cost(MemoryKind kind, const MemoryShape& shape, bool read_only) {
  return times(shape.count, memory_cost(kind, shape.width, shape.depth, read_only));
}

MemoryKind cheaper_memory(std::int64_t width, std::int64_t depth, bool read_only) {
  // Typical parts hold about 160 LUTs per half block.
  constexpr std::int64_t kLutsPerBlock = 160;
  const std::int64_t luts = read_only ? lut_rom(width, depth) : lut_memory(width, depth);
  const std::int64_t blocks = memory_cost(MemoryKind::Block, width, depth, read_only).bram18s.value;
  return luts > kLutsPerBlock * blocks ? MemoryKind::Block : MemoryKind::Lut;
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

Resources conv_logic_cost(const ConvGeometry& geometry, const ConvPlan& plan, const ConvWidths& widths) {
  const double lanes = plan.simd * plan.kernel_rows;
  const double operand_bits = lanes * plan.pixels() * widths.activation_bits;
  const double per_lane = plan.kernel_rows > 1 ? kCost.lane_turn_bit : kCost.lane_bit;
  // Lane i of a cascade takes its operands i cycles late, behind one register for all.
  const double delays = 1 + (plan.chain - 1) / 2.0;
  const MemoryShape weights = weight_shape(geometry, plan, widths);
  const auto weight_bits = static_cast<double>(distinct_columns(weights.width, weights.depth));
  const std::int64_t result_bits = std::int64_t{1} * plan.pe() * plan.pixels() * widths.output_bits;
  Resources total = fabric(kCost.conv_control, kCost.conv_control_ff);
  total = total + fabric(operand_bits * per_lane, (operand_bits + weight_bits) * delays);
  total = total + fabric(static_cast<double>(result_bits) * kCost.result_bit, 0);
  total = total + memory_cost(MemoryKind::Lut, result_bits, result_words(geometry, plan), false);
  total = total + tail_cost(geometry, plan, widths);
  total = total + times(plan.depthwise ? plan.simd : plan.columns, field_cost(plan, widths));
  total.dsps = conv_dsps(plan);
  return total;
}

namespace {

Resources threshold_cost(const ir::Thresholds& form, const ir::TensorType& in, int lanes) {
  const int stages = stages_of(form.output.span() + 1);
  const int bits = in.range.bits() + 1;
  const std::int64_t depth = form.rows == 1 ? 1 : in.shape.channels / lanes;
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
  const int multiplier = bits_of(form.multiplier);
  const int bias = bits_of(form.bias);
  const int input = in.range.united({-1, 0}).bits();
  const std::int64_t depth = form.multiplier.size() == 1 ? 1 : in.shape.channels / lanes;
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
  const std::int64_t depth = rows * layer.type.shape.width * (in.shape.channels / lanes);
  return fabric(kCost.window_control + static_cast<double>(bits) * kCost.window_bit,
                kCost.window_control_ff + static_cast<double>(bits) * kCost.window_bit_ff) +
         memory_cost(plan.memory, bits, depth, false);
}

Resources frame_cost(std::int64_t bits, std::int64_t depth, MemoryKind kind) {
  return fabric(kCost.reorder_control + static_cast<double>(bits), 50 + static_cast<double>(bits) * 2) +
         memory_cost(kind, bits, depth, false);
}

/// Digits of the non-adjacent form that are not zero.
int signed_digits(std::int64_t value) {
  const auto wide = static_cast<__uint128_t>(static_cast<__int128_t>(value));
  const __uint128_t digits = (3 * wide) ^ wide;
  return std::popcount(static_cast<std::uint64_t>(digits >> 1)) +
         std::popcount(static_cast<std::uint64_t>(digits >> 65) & 3);
}

Resources add_cost(const ir::Network& network, const ir::Layer& layer, const ir::Add& add, int lanes) {
  // One adder per digit of the multipliers that is not zero; the operands wait for their digits.
  int adders = add.constant == 0 ? -1 : 0;
  double waiting = 0;
  for (std::size_t k = 0; k < add.multipliers.size(); ++k) {
    adders += signed_digits(add.multipliers[k]);
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
