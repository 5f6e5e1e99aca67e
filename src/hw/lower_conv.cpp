#include <algorithm>
#include <cassert>
#include <optional>

#include "hw/external_weights.hpp"
#include "hw/lower_layers.hpp"
#include "hw/pack_parameters.hpp"
#include "hw/word.hpp"
#include "plan/conv_geometry.hpp"
#include "plan/external.hpp"

namespace bitmason::hw {

namespace {

WideConstant packed(const std::vector<std::int64_t>& values, int bits) {
  Word word;
  for (const std::int64_t value : values) word.append(value, bits);
  return word.constant();
}

void append_geometry(Parameters& parameters, const plan::ConvGeometry& g) {
  const ir::Window& w = g.window;
  parameters.insert(parameters.end(), {{"CIN", std::int64_t{g.in.channels}},
                                       {"H", std::int64_t{g.in.height}},
                                       {"W", std::int64_t{g.in.width}},
                                       {"COUT", std::int64_t{g.out.channels}},
                                       {"KH", std::int64_t{w.kernel_h}},
                                       {"KW", std::int64_t{w.kernel_w}},
                                       {"SH", std::int64_t{w.stride_h}},
                                       {"SW", std::int64_t{w.stride_w}},
                                       {"PT", std::int64_t{w.pad_top}},
                                       {"PL", std::int64_t{w.pad_left}},
                                       {"PB", std::int64_t{w.pad_bottom}},
                                       {"PR", std::int64_t{w.pad_right}}});
}

void append_packing(Parameters& parameters, const pack::Packing& packing) {
  std::vector<std::int64_t> widths, fixes;
  for (std::size_t k = 0; k < packing.fields.size(); ++k) {
    widths.push_back(packing.fields[k].width);
    fixes.push_back(packing.field_bias(k));
  }
  append_offsets(parameters, packing, "NFIELDS");
  parameters.insert(
      parameters.end(),
      {{"FWID", packed(widths, 16)}, {"BIAS", packed({packing.bias}, 64)}, {"FIELD_FIX", packed(fixes, 32)}});
}

/// BLOCK of bm_ram.
std::int64_t memory_style(plan::MemoryKind kind) {
  switch (kind) {
    case plan::MemoryKind::Block:
      return 1;
    case plan::MemoryKind::Ultra:
      return 3;
    default:
      return 0;
  }
}

void append_parallelism(Parameters& parameters, const plan::ConvPlan& plan) {
  const bool outer = plan.packing.family == pack::Family::OuterProduct;
  const auto weights = static_cast<std::int64_t>(plan.packing.weight_offsets.size());
  parameters.insert(parameters.end(), {{"CONV", std::int64_t{!outer}},
                                       {"DW", std::int64_t{plan.depthwise}},
                                       {"SIMD", std::int64_t{plan.simd}},
                                       {"KPF", std::int64_t{plan.kernel_rows}},
                                       {"COLS", std::int64_t{plan.columns}},
                                       {"NWC", outer ? weights : std::int64_t{1}},
                                       {"NP", std::int64_t{plan.pixels()}},
                                       {"CHAIN", std::int64_t{plan.chain}},
                                       {"ACCUM", std::int64_t{plan.accumulates() ? 1
                                                              : plan.overlaps()  ? 2
                                                                                 : 0}},
                                       {"SHARE", std::int64_t{plan.share}},
                                       {"CHO", std::int64_t{plan.output_channels_per_beat}},
                                       {"ROWS", std::int64_t{plan.line_rows}},
                                       {"LINE_BLOCK", memory_style(plan.line_memory)},
                                       {"WEIGHT_BLOCK", memory_style(plan.weight_memory)}});
  if (plan.pixel_groups > 1) parameters.emplace_back("PG", std::int64_t{plan.pixel_groups});
  if (plan.input_pixels > 1) parameters.emplace_back("INP", std::int64_t{plan.input_pixels});
  if (plan.aligned) parameters.emplace_back("ALIGN", std::int64_t{1});
  if (!plan.external()) return;
  parameters.insert(parameters.end(),
                    {{"EXTERNAL", std::int64_t{1}}, {"TURN_BLOCK", memory_style(plan.turn_memory)}});
}

}  // namespace

namespace {

/// The stream of the layer's weights, or nothing where they are resident; then `file` names their memory.
std::optional<StreamId> place_weights(const LayerContext& context, const plan::ConvGeometry& geometry,
                                      MemoryFile words, int weight_bits, std::string& file) {
  const plan::ConvPlan& plan = *context.plan.conv;
  if (!plan.external()) {
    file = context.builder.add_memory(context.layer.name, "weights", std::move(words));
    return std::nullopt;
  }
  const plan::ConvWidths widths = plan::widths_of(context.network, context.layer);
  return read_from_memory(context.builder.design(), context.builder, words,
                          {.layer = context.layer.name,
                           .port_bits = plan.memory_port,
                           .weight_bits = weight_bits,
                           .times_per_frame = geometry.out.height,
                           .fifo = plan::external_fifo_depth(geometry, plan, widths)});
}

}  // namespace

StreamId lower_conv(const LayerContext& context, const ir::Conv& conv) {
  assert(context.plan.conv.has_value());
  const plan::ConvPlan& plan = *context.plan.conv;
  if (plan.constants) return lower_dots(context, conv);
  const plan::ConvGeometry geometry = plan::geometry_of(context.network, context.layer);
  const Stream& source = context.builder.stream(context.inputs[0]);
  Format operand = format_of(source);
  if (conv.window.has_padding() && !operand.range().contains(conv.pad_value)) {
    operand = format_of(operand.range().united({conv.pad_value, conv.pad_value}));
  }
  const Format sum = signed_format_of(context.layer.type.range);
  const int weight_bits = signed_format_of(plan.packing.weight.united(geometry.weight)).bits;
  const bool has_bias = plan.centre != 0 || std::any_of(conv.bias.begin(), conv.bias.end(),
                                                        [](std::int64_t b) { return b != 0; });

  assert(plan.centre == 0 || (!operand.is_signed && plan.centre == 1 << (operand.bits - 1)));

  Parameters parameters;
  append_geometry(parameters, geometry);
  parameters.insert(parameters.end(), {{"ABITS", std::int64_t{operand.bits}},
                                       {"ASIGNED", std::int64_t{operand.is_signed}},
                                       {"CENTRE", std::int64_t{plan.centre != 0}},
                                       {"WBITS", std::int64_t{weight_bits}},
                                       {"PAD_VALUE", conv.pad_value}});
  append_parallelism(parameters, plan);
  append_packing(parameters, plan.packing);
  const std::string& name = context.layer.name;
  std::string weights;
  const auto weight_stream = place_weights(
      context, geometry, weight_memory(conv, geometry.in, plan, weight_bits), weight_bits, weights);
  const std::string biases =
      has_bias ? context.builder.add_memory(name, "bias", bias_memory(conv, geometry, plan, sum.bits))
               : std::string();
  parameters.insert(parameters.end(),
                    {{"OUT_BITS", std::int64_t{sum.bits}},
                     {"HAS_BIAS", std::int64_t{has_bias}},
                     {"PRIM", std::int64_t{primitive_number(context.primitive).value_or(0)}},
                     {"FABRIC", std::int64_t{plan.fabric}},
                     {"WFILE", weights},
                     {"BIASFILE", biases}});
  const StreamId in = context.prepared(0, plan.simd * plan.input_pixels, operand);
  const StreamId out = context.output(sum);
  std::vector<Binding> inputs{{"in", in}};
  std::vector<std::string> idle{"w"};
  if (weight_stream) {
    parameters.emplace_back("WPORT", std::int64_t{context.builder.stream(*weight_stream).width()});
    inputs.push_back({"w", *weight_stream});
    idle.clear();
  }
  context.add("bm_conv", std::move(parameters), std::move(inputs), out, true, std::move(idle));
  return out;
}

}  // namespace bitmason::hw
