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

/// Weight of a group's output channel over all input channels; 0 where they are in different groups.
std::int64_t dense_weight(const ir::Conv& conv, int output, int input, int row, int column) {
  const int inputs = conv.weights.in_channels;
  const int group = output / (conv.weights.out_channels / conv.groups);
  const int local = input - group * inputs;
  return local < 0 || local >= inputs ? 0 : conv.weights.at(output, local, row, column);
}

/// What one step of one group multiplies.
struct Step {
  int group = 0;
  int row_group = 0;
  int tap = 0;  ///< OuterProduct: the kernel column
  int channel_group = 0;
};

/// One word of the weight memory: lanes, columns, operand weights.
Word weight_word(const ir::Conv& conv, const plan::ConvPlan& plan, const Step& step, int weight_bits) {
  const bool outer = plan.packing.family == pack::Family::OuterProduct;
  const int operands = static_cast<int>(plan.packing.weight_offsets.size());
  Word word;
  for (int lane = 0; lane < plan.simd * plan.kernel_rows; ++lane) {
    const int row = step.row_group * plan.kernel_rows + lane / plan.simd;
    const int input = (plan.depthwise ? step.group : step.channel_group) * plan.simd + lane % plan.simd;
    for (int column = 0; column < plan.columns; ++column) {
      for (int operand = 0; operand < operands; ++operand) {
        const int per_column = outer ? operands : 1;
        const int output =
            plan.depthwise ? input : step.group * plan.pe() + column * per_column + (outer ? operand : 0);
        const int tap = outer ? step.tap : conv.weights.kernel_w - 1 - operand;
        word.append(plan.depthwise ? conv.weights.at(output, 0, row, tap)
                                   : dense_weight(conv, output, input, row, tap),
                    weight_bits);
      }
    }
  }
  return word;
}

/// What an output's sum lacks where `centre` was taken off every code: centre times the sum of the weights
/// that meet codes. Class k of columns: the first pad_left ones, one for all between, the last pad_right
/// ones.
std::int64_t centre_bias(const ir::Conv& conv, const plan::ConvGeometry& geometry, const plan::ConvPlan& plan,
                         int output, int column_class) {
  const ir::Window& w = geometry.window;
  const bool skips = plan.packing.family == pack::Family::Convolution;
  const int column = column_class <= w.pad_left
                         ? column_class
                         : geometry.out.width - w.pad_right + column_class - w.pad_left - 1;
  std::int64_t sum = 0;
  for (int kx = 0; kx < w.kernel_w; ++kx) {
    const int x = column + kx - w.pad_left;
    if (skips && (x < 0 || x >= geometry.in.width)) continue;
    for (int ky = 0; ky < w.kernel_h; ++ky) {
      for (int input = 0; input < conv.weights.in_channels; ++input) {
        sum += conv.weights.at(output, input, ky, kx);
      }
    }
  }
  return sum * plan.centre;
}

/// Classes of columns of the pixels that a word of the bias memory serves, word by word: one pixel of each
/// class, or whole blocks of the row's head, of its middle and of its end.
std::vector<std::vector<int>> bias_classes(const plan::ConvGeometry& geometry, const plan::ConvPlan& plan) {
  const bool differ = plan.centre != 0 && plan.packing.family == pack::Family::Convolution;
  const int left = differ ? geometry.window.pad_left : 0;
  const int right = differ ? geometry.window.pad_right : 0;
  std::vector<std::vector<int>> words;
  if (!plan.aligned) {
    for (int column_class = 0; column_class <= left + right; ++column_class) words.push_back({column_class});
    return words;
  }
  const std::vector<int> middle(static_cast<std::size_t>(plan.block_pixels()), left);
  words.assign(static_cast<std::size_t>(1 + (left > 0 ? 1 : 0) + (right > 0 ? 1 : 0)), middle);
  for (int k = 0; k < left; ++k) words.front()[static_cast<std::size_t>(k)] = k;
  for (int k = 0; k < right; ++k)
    words.back()[middle.size() - static_cast<std::size_t>(right - k)] = left + 1 + k;
  return words;
}

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

MemoryFile weight_memory(const ir::Conv& conv, const ir::Shape& in, const plan::ConvPlan& plan,
                         int weight_bits) {
  const bool outer = plan.packing.family == pack::Family::OuterProduct;
  const int groups = conv.weights.out_channels / plan.pe();
  const int channel_groups = plan.depthwise ? 1 : in.channels / plan.simd;
  MemoryFile memory;
  Step step;
  for (step.group = 0; step.group < groups; ++step.group) {
    for (step.row_group = 0; step.row_group < conv.weights.kernel_h / plan.kernel_rows; ++step.row_group) {
      for (step.tap = 0; step.tap < (outer ? conv.weights.kernel_w : 1); ++step.tap) {
        for (step.channel_group = 0; step.channel_group < channel_groups; ++step.channel_group) {
          const Word word = weight_word(conv, plan, step, weight_bits);
          memory.width = word.bits();
          memory.words.push_back(word.limbs());
        }
      }
    }
  }
  return memory;
}

MemoryFile bias_memory(const ir::Conv& conv, const plan::ConvGeometry& geometry, const plan::ConvPlan& plan,
                       int bits) {
  const int pe = plan.pe();
  MemoryFile memory;
  for (const std::vector<int>& classes : bias_classes(geometry, plan)) {
    for (int group = 0; group < conv.weights.out_channels / pe; ++group) {
      Word word;
      for (const int column_class : classes) {
        for (int output = group * pe; output < (group + 1) * pe; ++output) {
          const std::int64_t own = conv.bias.empty() ? 0 : conv.bias[static_cast<std::size_t>(output)];
          word.append(own + centre_bias(conv, geometry, plan, output, column_class), bits);
        }
      }
      memory.width = word.bits();
      memory.words.push_back(word.limbs());
    }
  }
  return memory;
}

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
