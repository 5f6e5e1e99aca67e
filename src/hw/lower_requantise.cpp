#include <algorithm>
#include <cassert>

#include "hw/lower_layers.hpp"
#include "hw/pack_parameters.hpp"
#include "hw/word.hpp"

namespace bitmason::hw {

namespace {

/// Bits of the two's complement code of every value.
int signed_bits_of(const std::vector<std::int64_t>& values) {
  const auto [lo, hi] = std::minmax_element(values.begin(), values.end());
  return signed_format_of({*lo, *hi}).bits;
}

Parameters common_parameters(const LayerContext& context, const Format& in, const Format& out,
                             const IntRange& codes) {
  // Lanes of a beat of several pixels are as many channels.
  return {{"C", std::int64_t{std::max(context.layer.type.shape.channels, context.plan.channels_per_beat)}},
          {"CH", std::int64_t{context.plan.channels_per_beat}},
          {"IN_BITS", std::int64_t{in.bits}},
          {"IN_SIGNED", std::int64_t{in.is_signed}},
          {"OUT_BITS", std::int64_t{out.bits}},
          {"OUT_LO", codes.lo}};
}

/// A row's thresholds padded to 2^stages - 1 with "never", as bm_requant_threshold compares them.
std::vector<std::int64_t> padded_row(const ir::Thresholds& form, int row, int stages, const Format& in) {
  const std::int64_t never = in.range().hi + 1;
  std::vector<std::int64_t> padded((std::size_t{1} << stages) - 1, never);
  const auto thresholds = form.row(row);
  std::transform(thresholds.begin(), thresholds.end(), padded.begin(),
                 [&](std::int64_t t) { return std::clamp(t, in.range().lo, never); });
  return padded;
}

/// Number of stages of the binary search.
int stages_of(std::int64_t steps) {
  int stages = 0;
  while ((std::int64_t{1} << stages) < steps + 1) ++stages;
  return stages;
}

/// One file per stage and lane, words as docs/hardware.md says.
class ThresholdFiles {
 public:
  ThresholdFiles(const ir::Thresholds& form, const Format& in, int channels, int lanes)
      : form_(form), bits_(in.bits + 1), stages_(stages_of(form.output.span())) {
    lanes_ = form.rows == 1 ? 1 : lanes;
    groups_ = form.rows == 1 ? 1 : std::max(1, channels / lanes);
    for (int row = 0; row < form.rows; ++row) rows_.push_back(padded_row(form, row, stages_, in));
  }

  [[nodiscard]] std::vector<MemoryFile> all() const {
    std::vector<MemoryFile> files;
    for (int stage = 0; stage < stages_; ++stage) {
      for (int lane = 0; lane < lanes_; ++lane) files.push_back(file(stage, lane));
    }
    return files;
  }

 private:
  [[nodiscard]] MemoryFile file(int stage, int lane) const {
    std::string digits = std::to_string(100000 + stage * 1000 + lane).substr(1);
    digits.insert(2, "_");
    MemoryFile memory{
        .name = "_" + digits + ".hex", .width = stage == 0 ? bits_ + 1 : 2 * bits_, .words = {}};
    for (int group = 0; group < groups_; ++group) {
      // Beats of several pixels repeat the channels.
      const std::size_t row =
          static_cast<std::size_t>(group * lanes_ + lane) % static_cast<std::size_t>(form_.rows);
      const int words = stage == 0 ? 1 : 1 << (stage - 1);
      for (int q = 0; q < words; ++q) memory.words.push_back(word(stage, row, q).limbs());
    }
    return memory;
  }

  /// The threshold that the stage compares with once it has found the leading bits `found`.
  [[nodiscard]] std::int64_t threshold(int stage, std::size_t row, int found) const {
    const int index = (found << (stages_ - stage)) + (1 << (stages_ - stage - 1)) - 1;
    return rows_[row][static_cast<std::size_t>(index)];
  }

  [[nodiscard]] Word word(int stage, std::size_t row, int q) const {
    Word word;
    if (stage == 0) {
      word.append(threshold(0, row, 0), bits_);
      word.append(form_.decreasing[row], 1);
    } else {
      word.append(threshold(stage, row, 2 * q), bits_);
      word.append(threshold(stage, row, 2 * q + 1), bits_);
    }
    return word;
  }

  const ir::Thresholds& form_;
  int bits_;
  int stages_;
  int lanes_ = 1;
  int groups_ = 1;
  std::vector<std::vector<std::int64_t>> rows_;
};

/// A requantiser with a single level: its code, whatever comes.
StreamId lower_constant(const LayerContext& context, std::int64_t code, const Format& in) {
  const Format out = format_of(IntRange{code, code});
  const StreamId source = context.prepared(0, context.plan.channels_per_beat, in);
  const StreamId sink = context.output(out);
  context.add("bm_add",
              {{"CH", std::int64_t{context.plan.channels_per_beat}},
               {"COUNT", std::int64_t{1}},
               {"BITS_A", std::int64_t{in.bits}},
               {"SIGNED_A", std::int64_t{in.is_signed}},
               {"MUL_A", wide_parameter(0)},
               {"CONST", wide_parameter(code)},
               {"OUT_BITS", std::int64_t{out.bits}}},
              {{"a", source}}, sink, false, {"b"});
  return sink;
}

StreamId lower_thresholds(const LayerContext& context, const ir::Thresholds& form, const Format& in) {
  if (form.output.span() == 0) return lower_constant(context, form.output.lo, in);
  const int lanes = context.plan.channels_per_beat;
  const Format out = format_of(form.output);
  Parameters parameters = common_parameters(context, in, out, form.output);
  parameters.emplace_back("STEPS", form.output.span());
  parameters.emplace_back("ROWS", std::int64_t{form.rows});
  const ThresholdFiles files(form, in, context.layer.type.shape.channels, lanes);
  parameters.emplace_back("FILE",
                          context.builder.add_memories(context.layer.name, "thresholds", files.all()));
  const StreamId source = context.prepared(0, lanes, in);
  const StreamId sink = context.output(out);
  context.add("bm_requant_threshold", std::move(parameters), {{"in", source}}, sink, true);
  return sink;
}

/// One word per group of lanes, or one word for all: for each lane the multiplier, then the bias.
MemoryFile scale_memory(const ir::ScaleShift& form, int multiplier_bits, int bias_bits, int lanes) {
  const std::size_t rows = std::max(form.multiplier.size(), form.bias.size());
  const std::size_t per_word = rows == 1 ? 1 : static_cast<std::size_t>(lanes);
  MemoryFile memory;
  for (std::size_t row = 0; row < rows; row += per_word) {
    Word word;
    for (std::size_t lane = row; lane < row + per_word; ++lane) {
      // Beats of several pixels repeat the channels.
      word.append(form.multiplier[lane % form.multiplier.size()], multiplier_bits);
      word.append(form.bias[lane % form.bias.size()], bias_bits);
    }
    memory.width = word.bits();
    memory.words.push_back(word.limbs());
  }
  return memory;
}

StreamId lower_scale(const LayerContext& context, const ir::ScaleShift& form, const Format& in) {
  const Format out = format_of(form.output);
  const int multiplier_bits = signed_bits_of(form.multiplier);
  const int bias_bits = signed_bits_of(form.bias);
  const MemoryFile memory = scale_memory(form, multiplier_bits, bias_bits, context.plan.channels_per_beat);
  const bool shared = std::max(form.multiplier.size(), form.bias.size()) == 1;
  Parameters parameters = common_parameters(context, in, out, form.output);
  const std::int64_t rows = shared ? 1 : std::get<std::int64_t>(parameters.front().second);
  parameters.insert(parameters.end(),
                    {{"OUT_HI", form.output.hi},
                     {"MUL_BITS", std::int64_t{multiplier_bits}},
                     {"BIAS_BITS", std::int64_t{bias_bits}},
                     {"SHIFT", std::int64_t{form.shift}},
                     {"ROWS", rows},
                     {"USE_DSP", std::int64_t{context.plan.scale_in_dsp}},
                     {"PRIM", std::int64_t{primitive_number(context.primitive).value_or(0)}}});
  parameters.emplace_back("FILE", context.builder.add_memory(context.layer.name, "scales", memory));
  const StreamId source = context.prepared(0, context.plan.channels_per_beat, in);
  const StreamId sink = context.output(out);
  context.add("bm_requant_scale", std::move(parameters), {{"in", source}}, sink, true);
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
