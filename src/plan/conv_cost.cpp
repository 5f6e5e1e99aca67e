#include "pack/cost.hpp"
#include "plan/cost_internal.hpp"

namespace bitmason::plan {

namespace {

/// Fields of a block and column: of arrays side by side some are the same.
double block_fields(const ConvPlan& plan) {
  const auto fields = static_cast<int>(plan.packing.fields.size());
  const bool rows = plan.packing.family == pack::Family::Convolution;
  return rows ? fields + (plan.pixel_groups - 1) * plan.pixels() : fields * plan.pixel_groups;
}

/// Fields that overlap: carries, counters and drains, or trees, of all columns; then a merging adder per
/// field.
Resources overlapping_cost(const ConvGeometry& geometry, const ConvPlan& plan, const ConvWidths& widths) {
  const int lanes = plan.simd * plan.kernel_rows;
  const pack::ArrayShape array{.outputs = plan.columns,
                               .lanes = lanes,
                               .steps = static_cast<int>(conv_steps(geometry, plan)),
                               .sum_bits = widths.output_bits,
                               .most_chain = plan.chain};
  const auto fields = static_cast<double>(plan.packing.fields.size());
  const double multipliers = static_cast<double>(conv_dsps(plan).value);
  const double merged = plan.columns * block_fields(plan) * widths.output_bits;
  return fabric(
      multipliers * pack::estimated_luts(plan.packing, array) + merged * kCost.accumulate_bit,
      multipliers * fields * (kCost.packed_field_ff + kCost.packed_side_ff * plan.packing.side_bits) +
          merged * kCost.packed_sum_ff);
}

/// Field sums of one column: adder trees over the chains of every array, then accumulators.
Resources field_cost(const ConvPlan& plan, const ConvWidths& widths) {
  const int lanes = plan.depthwise ? plan.kernel_rows : plan.simd * plan.kernel_rows;
  const int chains = std::max(1, lanes / plan.chain);
  double trees = 0;
  for (const pack::Field& field : plan.packing.fields) {
    trees += plan.pixel_groups * (chains - 1) * (field.width + 1.5) * kCost.tree_bit;
  }
  const double accumulators = block_fields(plan) * widths.output_bits;
  return fabric(trees + accumulators * kCost.accumulate_bit, (trees + accumulators) * kCost.sum_bit_ff);
}

/// Fields of neighbouring arrays that meet: an adder and a register for each but the first.
Resources join_cost(const ConvPlan& plan, const ConvWidths& widths) {
  const double all = static_cast<double>(plan.packing.fields.size()) * plan.pixel_groups;
  const double bits =
      (all - block_fields(plan)) * (plan.depthwise ? plan.simd : plan.columns) * widths.output_bits;
  return fabric(bits, plan.pixel_groups == 1 ? 0 : 2 * bits);
}

/// Words of the result buffer, as bm_conv counts them.
std::int64_t result_words(const ConvGeometry& geometry, const ConvPlan& plan) {
  constexpr std::int64_t kInFlight = 6;
  const std::int64_t groups = geometry.out.channels / plan.pe();
  const std::int64_t held = groups > 1 ? 2 * groups - 2 * groups / plan.block_pixels() : 0;
  std::int64_t words = 16;
  while (words < std::max(groups, held) + kInFlight) words *= 2;
  return words;
}

/// Family Convolution keeps the last kernel_w - 1 fields of every group until its next block.
Resources tail_cost(const ConvGeometry& geometry, const ConvPlan& plan, const ConvWidths& widths) {
  const std::int64_t groups = geometry.out.channels / plan.pe();
  if (plan.packing.family != pack::Family::Convolution || groups < 2 || plan.external()) return {};
  const int columns = plan.depthwise ? plan.simd : plan.columns;
  const std::int64_t bits = std::int64_t{columns} * (geometry.window.kernel_w - 1) * widths.output_bits;
  if (groups == 2) return fabric(0, static_cast<double>(bits));
  return memory_cost(MemoryKind::Lut, bits, groups, false);
}

/// Blocks of whole pixels: two registers of a block, and a choice for the pixels that the next block
/// completes (rtl/bm_conv_align.sv).
Resources align_cost(const ConvGeometry& geometry, const ConvPlan& plan, const ConvWidths& widths) {
  const int late = geometry.window.kernel_w - 1 - geometry.window.pad_left;
  if (!plan.aligned || plan.packing.family == pack::Family::OuterProduct || late == 0) return {};
  const double pixel = static_cast<double>(plan.pe()) * widths.output_bits;
  return fabric(late * pixel, 2 * plan.block_pixels() * pixel);
}

/// Multipliers of rtl/dsp/bm_dsp_fabric.sv: partial products, an adder per pair of weight bits, their sum,
/// and the sum of the cascade.
Resources fabric_cost(const ConvPlan& plan, const ConvWidths& widths) {
  if (!plan.fabric) return {};
  const int w = widths.weight_bits;
  const int a = widths.activation_bits;
  const int pairs = (w + 1) / 2;
  const double sum = a + w + 2;
  const double luts = w + pairs * (a + 2) + (pairs - 1) * (a + w - 1) + sum;
  const double flip_flops = w * a + pairs * (a + 2) + a + w + sum;
  const double multipliers =
      static_cast<double>(plan.simd) * plan.kernel_rows * plan.columns * plan.pixel_groups;
  return fabric(multipliers * luts, multipliers * flip_flops);
}

/// What centred activations owe every sum: a bias per output channel and class of columns, and its adder.
Resources centre_cost(const ConvGeometry& geometry, const ConvPlan& plan, const ConvWidths& widths) {
  if (plan.centre == 0) return {};
  const std::int64_t groups = geometry.out.channels / plan.pe();
  const std::int64_t words = groups * geometry.centre_classes(plan.packing.family);
  const std::int64_t copies = plan.aligned ? plan.block_pixels() : 1;
  return memory_cost(MemoryKind::Lut, copies * plan.pe() * widths.output_bits, words, true) +
         fabric(widths.output_bits, widths.output_bits);
}

}  // namespace

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
  const std::int64_t pixels = plan.block_pixels();
  return {.width = std::int64_t{plan.simd} * widths.activation_bits,
          .depth = ceil_div(plan.line_rows, plan.kernel_rows) * ceil_div(geometry.in.width, pixels) *
                   (geometry.in.channels / plan.simd),
          .count = plan.kernel_rows * pixels};
}

Resources conv_logic_cost(const ConvGeometry& geometry, const ConvPlan& plan, const ConvWidths& widths) {
  const double lanes = plan.simd * plan.kernel_rows;
  const double operand_bits = lanes * plan.block_pixels() * widths.activation_bits;
  const double per_lane = plan.kernel_rows > 1 ? kCost.lane_turn_bit : kCost.lane_bit;
  // Lane i of a cascade takes its operands i cycles late, behind one register for all.
  const double delays = 1 + (plan.chain - 1) / 2.0;
  const MemoryShape weights = weight_shape(geometry, plan, widths);
  const auto weight_bits = static_cast<double>(distinct_columns(weights.width, weights.depth));
  const std::int64_t result_bits = std::int64_t{1} * plan.pe() * plan.block_pixels() * widths.output_bits;
  Resources total = fabric(kCost.conv_control, kCost.conv_control_ff);
  total = total + fabric(operand_bits * per_lane, (operand_bits + weight_bits) * delays);
  total = total + fabric(static_cast<double>(result_bits) * kCost.result_bit, 0);
  total = total + memory_cost(MemoryKind::Lut, result_bits, result_words(geometry, plan), false);
  total = total + tail_cost(geometry, plan, widths);
  total = total + centre_cost(geometry, plan, widths);
  total = total + align_cost(geometry, plan, widths);
  total = total + fabric_cost(plan, widths);
  total = total + join_cost(plan, widths);
  total =
      total + (plan.overlaps() ? overlapping_cost(geometry, plan, widths)
                               : times(plan.depthwise ? plan.simd : plan.columns, field_cost(plan, widths)));
  total.dsps = conv_dsps(plan);
  return total;
}

}  // namespace bitmason::plan
