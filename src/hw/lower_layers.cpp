#include "hw/lower_layers.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "hw/word.hpp"
#include "plan/wide_beats.hpp"

namespace bitmason::hw {

namespace {

std::int64_t number(int value) {
  return value;
}

Parameters window_parameters(const ir::Window& w) {
  return {{"KH", number(w.kernel_h)},   {"KW", number(w.kernel_w)}, {"SH", number(w.stride_h)},
          {"SW", number(w.stride_w)},   {"PT", number(w.pad_top)},  {"PL", number(w.pad_left)},
          {"PB", number(w.pad_bottom)}, {"PR", number(w.pad_right)}};
}

struct Pooling {
  const ir::Window& window;
  bool sum = false;
  std::int64_t pad_value = 0;
  Format in;
  Format out;
};

StreamId lower_pool(const LayerContext& context, const Pooling& pooling) {
  const ir::Shape& shape = context.input_shape();
  // A beat of several pixels holds all channels of each.
  const int taken = plan::input_channels(context.plan);
  const int channels = std::min(taken, shape.channels);
  Parameters parameters{{"C", number(shape.channels)},      {"CH", number(channels)},
                        {"BITS", number(pooling.in.bits)},  {"IN_SIGNED", std::int64_t{pooling.in.is_signed}},
                        {"SUM", std::int64_t{pooling.sum}}, {"OUT_BITS", number(pooling.out.bits)},
                        {"H", number(shape.height)},        {"W", number(shape.width)}};
  const Parameters window = window_parameters(pooling.window);
  parameters.insert(parameters.end(), window.begin(), window.end());
  parameters.emplace_back("PAD_VALUE", pooling.pad_value);
  parameters.emplace_back("BLOCK", std::int64_t{context.plan.memory == plan::MemoryKind::Block});
  if (taken > channels) {
    parameters.emplace_back("INP", number(taken / channels));
    parameters.emplace_back("OUTP", number(context.plan.channels_per_beat / channels));
  }
  const StreamId in = context.prepared(0, taken, pooling.in);
  const StreamId out = context.output(pooling.out);
  context.add("bm_pool", std::move(parameters), {{"in", in}}, out);
  return out;
}

/// Parameters of one of bm_add's inputs.
void append_operand(Parameters& parameters, const std::string& suffix, const Format& format,
                    std::int64_t multiplier) {
  parameters.emplace_back("BITS_" + suffix, number(format.bits));
  parameters.emplace_back("SIGNED_" + suffix, std::int64_t{format.is_signed});
  parameters.emplace_back("MUL_" + suffix, wide_parameter(multiplier));
}

/// Module that moves blocks between pixels and channels.
StreamId lower_blocks(const LayerContext& context, const char* module, int block, ir::BlockOrder order) {
  const ir::Shape& shape = context.input_shape();
  const Format format = format_of(context.builder.stream(context.inputs[0]));
  const int channels = context.plan.channels_per_beat;
  // The beat divides the channels of both sides; the ratio of the two widths then divides the block.
  const int in_channels = std::gcd(channels, shape.channels);
  const StreamId in = context.prepared(0, in_channels, format);
  const StreamId out = context.output(format);
  context.add(module,
              {{"C", number(shape.channels)},
               {"CH", number(in_channels)},
               {"BITS", number(format.bits)},
               {"H", number(shape.height)},
               {"W", number(shape.width)},
               {"B", number(block)},
               {"CRD", std::int64_t{order == ir::BlockOrder::ColumnRowDepth}},
               {"CH_OUT", number(channels)},
               {"BLOCK", std::int64_t{context.plan.memory == plan::MemoryKind::Block}}},
              {{"in", in}}, out);
  return out;
}

}  // namespace

StreamId LayerContext::output(const Format& format) const {
  return builder.add_stream({.name = layer.name,
                             .shape = layer.type.shape,
                             .channels_per_beat = plan.channels_per_beat,
                             .bits = format.bits,
                             .is_signed = format.is_signed,
                             .layer = layer.name});
}

StreamId LayerContext::partial(const Format& format) const {
  return builder.add_stream({.name = layer.name + "_partial",
                             .shape = layer.type.shape,
                             .channels_per_beat = plan.channels_per_beat,
                             .bits = format.bits,
                             .is_signed = format.is_signed,
                             .layer = {}});
}

StreamId LayerContext::prepared(std::size_t k, int channels, const Format& format) const {
  return builder.relieved(builder.widened(builder.repacked(inputs[k], channels), format));
}

void LayerContext::add(std::string module, Parameters parameters, std::vector<Binding> bindings, StreamId out,
                       bool breaks_ready, std::vector<std::string> idle) const {
  builder.add_instance({.name = "u_" + layer.name,
                        .module = std::move(module),
                        .parameters = std::move(parameters),
                        .inputs = std::move(bindings),
                        .outputs = {{"out", out}},
                        .layer = layer.name,
                        .idle = std::move(idle)},
                       breaks_ready);
}

StreamId lower_max_pool(const LayerContext& context, const ir::MaxPool& pool) {
  const Format format = format_of(context.builder.stream(context.inputs[0]));
  // The lowest code of the format never beats a code of the frame.
  return lower_pool(
      context,
      {.window = pool.window, .sum = false, .pad_value = format.range().lo, .in = format, .out = format});
}

StreamId lower_sum_pool(const LayerContext& context, const ir::SumPool& pool) {
  Format format = format_of(context.builder.stream(context.inputs[0]));
  if (pool.window.has_padding() && !format.range().contains(pool.pad_value)) {
    format = format_of(format.range().united({pool.pad_value, pool.pad_value}));
  }
  Format sum = format_of(context.layer.type.range);
  // A signed input makes a two's complement sum, even where the exact range has no negative value.
  if (format.is_signed) sum = signed_format_of(context.layer.type.range);
  return lower_pool(context, {.window = pool.window,
                              .sum = true,
                              .pad_value = pool.window.has_padding() ? pool.pad_value : 0,
                              .in = format,
                              .out = sum});
}

StreamId lower_add(const LayerContext& context, const ir::Add& add) {
  const int channels = context.plan.channels_per_beat;
  const auto format = [&](std::size_t k) { return format_of(context.builder.stream(context.inputs[k])); };
  IntRange range =
      context.network.type(context.layer.inputs[0]).range * IntRange{add.multipliers[0], add.multipliers[0]} +
      IntRange{add.constant, add.constant};
  StreamId sum = context.inputs[0];
  std::int64_t multiplier = add.multipliers[0];
  const std::size_t last = add.multipliers.size() - 1;
  // Two inputs at a time; the first stage adds the constant.
  for (std::size_t k = std::min<std::size_t>(1, last); k <= last; ++k) {
    const bool two = last > 0;
    if (two) {
      const IntRange& other = context.network.type(context.layer.inputs[k]).range;
      range = range + other * IntRange{add.multipliers[k], add.multipliers[k]};
    }
    const Format in = format_of(context.builder.stream(sum));
    Parameters parameters{{"CH", number(channels)}, {"COUNT", std::int64_t{two ? 2 : 1}}};
    append_operand(parameters, "A", in, multiplier);
    if (two) append_operand(parameters, "B", format(k), add.multipliers[k]);
    const Format out = format_of(k == last ? context.layer.type.range : range);
    parameters.emplace_back("CONST", wide_parameter(k <= 1 ? add.constant : 0));
    parameters.emplace_back("OUT_BITS", number(out.bits));
    std::vector<Binding> bindings;
    const StreamId first = context.builder.relieved(context.builder.repacked(sum, channels));
    bindings.push_back({"a", first});
    if (two) bindings.push_back({"b", context.prepared(k, channels, format(k))});
    sum = k == last ? context.output(out) : context.partial(out);
    const std::vector<std::string> idle = two ? std::vector<std::string>{} : std::vector<std::string>{"b"};
    context.add("bm_add", std::move(parameters), std::move(bindings), sum, false, idle);
    multiplier = 1;
  }
  return sum;
}

StreamId lower_concat(const LayerContext& context) {
  const int channels = context.plan.channels_per_beat;
  IntRange range = context.builder.stream(context.inputs[0]).is_signed ? IntRange{-1, 0} : IntRange{0, 0};
  for (const StreamId input : context.inputs) {
    range = range.united(format_of(context.builder.stream(input)).range());
  }
  const Format common = format_of(range);
  Word groups;
  std::vector<Binding> bindings;
  for (std::size_t k = 0; k < context.inputs.size(); ++k) {
    bindings.push_back({"in", context.prepared(k, channels, common)});
    groups.append(context.input_shape(k).channels / channels, 32);
  }
  const StreamId out = context.output(common);
  context.add("bm_concat",
              {{"BITS", number(common.bits)},
               {"CH", number(channels)},
               {"COUNT", static_cast<std::int64_t>(context.inputs.size())},
               {"GROUPS", groups.constant()}},
              std::move(bindings), out);
  return out;
}

StreamId lower_space_to_depth(const LayerContext& context, const ir::SpaceToDepth& operation) {
  return lower_blocks(context, "bm_space_to_depth", operation.block, operation.order);
}

StreamId lower_depth_to_space(const LayerContext& context, const ir::DepthToSpace& operation) {
  return lower_blocks(context, "bm_depth_to_space", operation.block, operation.order);
}

StreamId lower_upsample(const LayerContext& context, const ir::Upsample& operation) {
  const ir::Shape& shape = context.input_shape();
  const int channels = context.plan.channels_per_beat;
  const Format format = format_of(context.builder.stream(context.inputs[0]));
  const StreamId in = context.prepared(0, channels, format);
  const StreamId out = context.output(format);
  context.add("bm_upsample",
              {{"C", number(shape.channels)},
               {"CH", number(channels)},
               {"BITS", number(format.bits)},
               {"H", number(shape.height)},
               {"W", number(shape.width)},
               {"FH", number(operation.factor_h)},
               {"FW", number(operation.factor_w)},
               {"BLOCK", std::int64_t{context.plan.memory == plan::MemoryKind::Block}}},
              {{"in", in}}, out);
  return out;
}

}  // namespace bitmason::hw
