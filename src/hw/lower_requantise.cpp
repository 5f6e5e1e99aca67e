#include <algorithm>
#include <cassert>

#include "hw/lower_layers.hpp"
#include "hw/word.hpp"

namespace bitmason::hw {

namespace {

__extension__ typedef __int128 Wide;

/// Bits of the two's complement code of every value.
int signed_bits_of(const std::vector<std::int64_t>& values) {
  const auto [lo, hi] = std::minmax_element(values.begin(), values.end());
  return signed_format_of({*lo, *hi}).bits;
}

Parameters common_parameters(const LayerContext& context, const Format& in, const Format& out,
                             const IntRange& codes) {
  return {{"C", std::int64_t{context.layer.type.shape.channels}},
          {"CH", std::int64_t{context.plan.channels_per_beat}},
          {"IN_BITS", std::int64_t{in.bits}},
          {"IN_SIGNED", std::int64_t{in.is_signed}},
          {"OUT_BITS", std::int64_t{out.bits}},
          {"OUT_LO", codes.lo}};
}

/// One word per row: the flag of a decreasing row lowest, then its thresholds, ascending, one bit wider than
/// the input because a threshold that no accumulator reaches lies one above the range.
MemoryFile threshold_memory(const ir::Thresholds& form, const Format& in) {
  const int bits = in.bits + 1;
  const IntRange range = in.range();
  MemoryFile memory;
  for (int row = 0; row < form.rows; ++row) {
    Word word;
    word.append(form.decreasing[static_cast<std::size_t>(row)], 1);
    for (const std::int64_t threshold : form.row(row)) {
      word.append(std::clamp(threshold, range.lo, range.hi + 1), bits);
    }
    memory.width = word.bits();
    memory.words.push_back(word.limbs());
  }
  return memory;
}

StreamId lower_thresholds(const LayerContext& context, const ir::Thresholds& form, const Format& in) {
  const Format out = format_of(form.output);
  Parameters parameters = common_parameters(context, in, out, form.output);
  parameters.emplace_back("STEPS", form.output.span());
  parameters.emplace_back("ROWS", std::int64_t{form.rows});
  parameters.emplace_back(
      "FILE", context.builder.add_memory(context.layer.name, "thresholds", threshold_memory(form, in)));
  const StreamId source = context.prepared(0, context.plan.channels_per_beat, in);
  const StreamId sink = context.output(out);
  context.add("bm_requant_threshold", std::move(parameters), {{"in", source}}, sink);
  return sink;
}

/// One word per row: multiplier lowest, then bias.
MemoryFile scale_memory(const ir::ScaleShift& form, int multiplier_bits, int bias_bits) {
  const std::size_t rows = std::max(form.multiplier.size(), form.bias.size());
  MemoryFile memory;
  for (std::size_t row = 0; row < rows; ++row) {
    Word word;
    word.append(form.multiplier[form.multiplier.size() == 1 ? 0 : row], multiplier_bits);
    word.append(form.bias[form.bias.size() == 1 ? 0 : row], bias_bits);
    memory.width = word.bits();
    memory.words.push_back(word.limbs());
  }
  return memory;
}

StreamId lower_scale(const LayerContext& context, const ir::ScaleShift& form, const Format& in) {
  const Format out = format_of(form.output);
  const int multiplier_bits = signed_bits_of(form.multiplier);
  const int bias_bits = signed_bits_of(form.bias);
  const MemoryFile memory = scale_memory(form, multiplier_bits, bias_bits);
  Parameters parameters = common_parameters(context, in, out, form.output);
  parameters.insert(parameters.end(), {{"OUT_HI", form.output.hi},
                                       {"MUL_BITS", std::int64_t{multiplier_bits}},
                                       {"BIAS_BITS", std::int64_t{bias_bits}},
                                       {"SHIFT", std::int64_t{form.shift}},
                                       {"ROWS", static_cast<std::int64_t>(memory.words.size())},
                                       {"USE_DSP", std::int64_t{context.plan.scale_in_dsp}}});
  parameters.emplace_back("FILE", context.builder.add_memory(context.layer.name, "scales", memory));
  const StreamId source = context.prepared(0, context.plan.channels_per_beat, in);
  const StreamId sink = context.output(out);
  context.add("bm_requant_scale", std::move(parameters), {{"in", source}}, sink);
  return sink;
}

}  // namespace

StreamId lower_requantise(const LayerContext& context, const ir::Requantise& operation) {
  const Format in = format_of(context.builder.stream(context.inputs[0]));
  if (const auto* scale = std::get_if<ir::ScaleShift>(&operation.form))
    return lower_scale(context, *scale, in);
  if (context.plan.requantise == plan::RequantiseForm::ScaleShift) {
    assert(context.plan.scale_shift.has_value());
    return lower_scale(context, *context.plan.scale_shift, in);
  }
  return lower_thresholds(context, std::get<ir::Thresholds>(operation.form), in);
}

}  // namespace bitmason::hw
