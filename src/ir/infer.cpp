#include "ir/infer.hpp"

#include <fmt/format.h>

#include <optional>

#include "ir/diagnostics.hpp"

namespace bitmason::ir {

namespace {

constexpr std::int64_t kLimit = std::int64_t{1} << 62;
constexpr std::int64_t kMaxElements = std::int64_t{1} << 28;

__extension__ typedef __int128 Wide;

/// Interval in 128 bits, so that the check against 2^62 itself cannot overflow.
struct WideRange {
  Wide lo = 0;
  Wide hi = 0;

  void add_scaled(std::int64_t factor, const IntRange& range) {
    const Wide a = Wide{factor} * range.lo;
    const Wide b = Wide{factor} * range.hi;
    lo += std::min(a, b);
    hi += std::max(a, b);
  }
  void unite(const WideRange& other) {
    lo = std::min(lo, other.lo);
    hi = std::max(hi, other.hi);
  }
};

class Inference {
 public:
  Inference(std::string_view where, std::span<const TensorType> inputs) : where_(where), inputs_(inputs) {}

  Result<TensorType> operator()(const Input& op) const { return checked(op.type); }
  Result<TensorType> operator()(const Conv& op) const;
  Result<TensorType> operator()(const MaxPool& op) const;
  Result<TensorType> operator()(const SumPool& op) const;
  Result<TensorType> operator()(const Add& op) const;
  Result<TensorType> operator()(const Concat& op) const;
  Result<TensorType> operator()(const SpaceToDepth& op) const;
  Result<TensorType> operator()(const DepthToSpace& op) const;
  Result<TensorType> operator()(const Upsample& op) const;
  Result<TensorType> operator()(const Requantise& op) const;

 private:
  [[nodiscard]] Diagnostic report(const DiagnosticKind& kind,
                                  std::initializer_list<std::string> arguments) const {
    return make_diagnostic(kind, where_, arguments);
  }
  [[nodiscard]] Result<TensorType> checked(const TensorType& type) const;
  [[nodiscard]] Result<TensorType> accumulated(const Shape& shape, const WideRange& range) const;
  [[nodiscard]] std::optional<Diagnostic> check_window(const Window& window, const Shape& shape) const;
  [[nodiscard]] std::optional<Diagnostic> check_weights(const Conv& op, const Shape& shape) const;
  [[nodiscard]] std::optional<Diagnostic> check_output(const IntRange& output) const;

  std::string_view where_;
  std::span<const TensorType> inputs_;
};

Result<TensorType> Inference::checked(const TensorType& type) const {
  const Shape& s = type.shape;
  if (s.channels < 1 || s.height < 1 || s.width < 1 || std::int64_t{s.channels} * s.height > kMaxElements ||
      s.elements() > kMaxElements) {
    return report(diagnostics::kBadShape, {to_text(s)});
  }
  if (type.range.lo > type.range.hi || type.range.lo < -kLimit || type.range.hi > kLimit) {
    return report(diagnostics::kBadRange, {std::to_string(type.range.lo), std::to_string(type.range.hi)});
  }
  return type;
}

Result<TensorType> Inference::accumulated(const Shape& shape, const WideRange& range) const {
  const Wide extreme = std::max(-range.lo, range.hi);
  if (extreme > kLimit) {
    return report(diagnostics::kAccumulator, {std::to_string(static_cast<std::int64_t>(extreme >> 40))});
  }
  return checked({shape, {static_cast<std::int64_t>(range.lo), static_cast<std::int64_t>(range.hi)}});
}

std::optional<Diagnostic> Inference::check_window(const Window& w, const Shape& shape) const {
  const bool positive = w.kernel_h >= 1 && w.kernel_w >= 1 && w.stride_h >= 1 && w.stride_w >= 1;
  const bool padded = w.pad_top >= 0 && w.pad_bottom >= 0 && w.pad_left >= 0 && w.pad_right >= 0 &&
                      w.pad_top < w.kernel_h && w.pad_bottom < w.kernel_h && w.pad_left < w.kernel_w &&
                      w.pad_right < w.kernel_w;
  const bool fits = positive && padded &&
                    std::int64_t{shape.height} + w.pad_top + w.pad_bottom >= w.kernel_h &&
                    std::int64_t{shape.width} + w.pad_left + w.pad_right >= w.kernel_w;
  if (fits) return std::nullopt;
  return report(diagnostics::kWindow,
                {fmt::format("{}x{} stride {}x{} padding {},{},{},{}", w.kernel_h, w.kernel_w, w.stride_h,
                             w.stride_w, w.pad_top, w.pad_left, w.pad_bottom, w.pad_right),
                 fmt::format("{}x{}", shape.height, shape.width)});
}

std::optional<Diagnostic> Inference::check_weights(const Conv& op, const Shape& shape) const {
  const Weights& w = op.weights;
  if (op.groups < 1 || shape.channels % op.groups != 0 || w.in_channels != shape.channels / op.groups) {
    const int per_group = op.groups < 1 ? 0 : shape.channels / op.groups;
    return report(diagnostics::kGroups, {std::to_string(shape.channels), std::to_string(op.groups),
                                         std::to_string(per_group), std::to_string(w.in_channels)});
  }
  if (w.out_channels < 1 || w.out_channels % op.groups != 0) {
    return report(diagnostics::kGroupOutputs, {std::to_string(w.out_channels), std::to_string(op.groups)});
  }
  const auto count = static_cast<Wide>(w.out_channels) * w.in_channels * w.kernel_h * w.kernel_w;
  if (w.kernel_h != op.window.kernel_h || w.kernel_w != op.window.kernel_w ||
      count != static_cast<Wide>(w.values.size())) {
    return report(diagnostics::kWeightCount,
                  {fmt::format("{}x{}x{}x{}", w.out_channels, w.in_channels, w.kernel_h, w.kernel_w),
                   std::to_string(static_cast<std::int64_t>(w.out_channels) * w.in_channels *
                                  op.window.kernel_h * op.window.kernel_w),
                   std::to_string(w.values.size())});
  }
  for (const std::int32_t value : w.values) {
    if (!w.range.contains(value)) {
      return report(diagnostics::kWeightRange,
                    {std::to_string(value), std::to_string(w.range.lo), std::to_string(w.range.hi)});
    }
  }
  if (!op.bias.empty() && op.bias.size() != static_cast<std::size_t>(w.out_channels)) {
    return report(diagnostics::kVectorLength,
                  {"bias", std::to_string(op.bias.size()), std::to_string(w.out_channels)});
  }
  return std::nullopt;
}

Result<TensorType> Inference::operator()(const Conv& op) const {
  const TensorType& in = inputs_[0];
  if (auto bad = check_window(op.window, in.shape)) return *bad;
  if (auto bad = check_weights(op, in.shape)) return *bad;
  if (auto pad = checked({in.shape, {op.pad_value, op.pad_value}}); !pad) return pad.errors();
  IntRange operand = in.range;
  if (op.window.has_padding()) operand = operand.united({op.pad_value, op.pad_value});
  const Weights& w = op.weights;
  const std::size_t per_output = w.values.size() / static_cast<std::size_t>(w.out_channels);
  WideRange total;
  for (std::size_t o = 0; o < static_cast<std::size_t>(w.out_channels); ++o) {
    WideRange row;
    for (std::size_t k = 0; k < per_output; ++k) row.add_scaled(w.values[o * per_output + k], operand);
    if (!op.bias.empty()) row.add_scaled(1, {op.bias[o], op.bias[o]});
    if (o == 0) total = row;
    total.unite(row);
  }
  return accumulated(
      {w.out_channels, op.window.output_height(in.shape.height), op.window.output_width(in.shape.width)},
      total);
}

Result<TensorType> Inference::operator()(const MaxPool& op) const {
  const TensorType& in = inputs_[0];
  if (auto bad = check_window(op.window, in.shape)) return *bad;
  return checked(
      {{in.shape.channels, op.window.output_height(in.shape.height), op.window.output_width(in.shape.width)},
       in.range});
}

Result<TensorType> Inference::operator()(const SumPool& op) const {
  const TensorType& in = inputs_[0];
  if (auto bad = check_window(op.window, in.shape)) return *bad;
  IntRange operand = in.range;
  if (op.window.has_padding()) operand = operand.united({op.pad_value, op.pad_value});
  WideRange total;
  total.add_scaled(std::int64_t{op.window.kernel_h} * op.window.kernel_w, operand);
  return accumulated(
      {in.shape.channels, op.window.output_height(in.shape.height), op.window.output_width(in.shape.width)},
      total);
}

Result<TensorType> Inference::operator()(const Add& op) const {
  if (op.multipliers.size() != inputs_.size()) {
    return report(diagnostics::kVectorLength,
                  {"multipliers", std::to_string(op.multipliers.size()), std::to_string(inputs_.size())});
  }
  WideRange total;
  total.add_scaled(1, {op.constant, op.constant});
  for (std::size_t k = 0; k < inputs_.size(); ++k) {
    if (inputs_[k].shape != inputs_[0].shape) {
      return report(diagnostics::kShapesDiffer, {to_text(inputs_[0].shape), to_text(inputs_[k].shape)});
    }
    total.add_scaled(op.multipliers[k], inputs_[k].range);
  }
  return accumulated(inputs_[0].shape, total);
}

Result<TensorType> Inference::operator()(const Concat&) const {
  TensorType out = inputs_[0];
  for (std::size_t k = 1; k < inputs_.size(); ++k) {
    const Shape& s = inputs_[k].shape;
    if (s.height != out.shape.height || s.width != out.shape.width) {
      return report(diagnostics::kShapesDiffer, {to_text(inputs_[0].shape), to_text(s)});
    }
    out.shape.channels += s.channels;
    out.range = out.range.united(inputs_[k].range);
  }
  return checked(out);
}

Result<TensorType> Inference::operator()(const SpaceToDepth& op) const {
  const Shape& s = inputs_[0].shape;
  if (op.block < 1 || s.height % op.block != 0 || s.width % op.block != 0) {
    return report(diagnostics::kBlock, {std::to_string(op.block), to_text(s)});
  }
  return checked(
      {{s.channels * op.block * op.block, s.height / op.block, s.width / op.block}, inputs_[0].range});
}

Result<TensorType> Inference::operator()(const DepthToSpace& op) const {
  const Shape& s = inputs_[0].shape;
  if (op.block < 1 || op.block > 1024 || s.channels % (op.block * op.block) != 0) {
    return report(diagnostics::kBlock, {std::to_string(op.block), to_text(s)});
  }
  return checked(
      {{s.channels / (op.block * op.block), s.height * op.block, s.width * op.block}, inputs_[0].range});
}

Result<TensorType> Inference::operator()(const Upsample& op) const {
  const Shape& s = inputs_[0].shape;
  if (op.factor_h < 1 || op.factor_w < 1 || op.factor_h > 1024 || op.factor_w > 1024) {
    return report(diagnostics::kBlock, {fmt::format("{}x{}", op.factor_h, op.factor_w), to_text(s)});
  }
  return checked({{s.channels, s.height * op.factor_h, s.width * op.factor_w}, inputs_[0].range});
}

std::optional<Diagnostic> Inference::check_output(const IntRange& output) const {
  if (auto type = checked({inputs_[0].shape, output}); !type) return type.errors().front();
  return std::nullopt;
}

Result<TensorType> Inference::operator()(const Requantise& op) const {
  const Shape& shape = inputs_[0].shape;
  const auto channels = static_cast<std::size_t>(shape.channels);
  if (auto bad = check_output(op.output())) return *bad;
  if (const auto* scale = std::get_if<ScaleShift>(&op.form)) {
    for (const auto* values : {&scale->multiplier, &scale->bias}) {
      if (values->size() != 1 && values->size() != channels) {
        return report(diagnostics::kVectorLength, {values == &scale->bias ? "bias" : "multiplier",
                                                   std::to_string(values->size()), std::to_string(channels)});
      }
    }
    if (scale->shift < 0 || scale->shift > 62) {
      return report(diagnostics::kBadRange, {std::to_string(scale->shift), std::to_string(scale->shift)});
    }
    return TensorType{shape, scale->output};
  }
  const auto& form = std::get<Thresholds>(op.form);
  if (form.output.span() >= kMaxThresholdLevels) {
    return report(diagnostics::kLevels,
                  {std::to_string(form.output.span() + 1), std::to_string(kMaxThresholdLevels)});
  }
  const auto rows = static_cast<std::size_t>(form.rows);
  if (form.rows < 1 || (rows != 1 && rows != channels) || form.decreasing.size() != rows) {
    return report(diagnostics::kVectorLength,
                  {"threshold rows", std::to_string(form.rows), std::to_string(channels)});
  }
  if (form.values.size() != rows * static_cast<std::size_t>(form.output.span())) {
    return report(diagnostics::kVectorLength,
                  {"thresholds", std::to_string(form.values.size()),
                   std::to_string(rows * static_cast<std::size_t>(form.output.span()))});
  }
  for (int row = 0; row < form.rows; ++row) {
    const auto values = form.row(row);
    for (std::size_t k = 1; k < values.size(); ++k) {
      if (values[k] < values[k - 1]) {
        return report(diagnostics::kOrder, {std::to_string(row), std::to_string(k)});
      }
    }
  }
  return TensorType{shape, form.output};
}

/// Number of inputs an operation takes; 0 stands for one or more.
std::size_t arity(const Operation& operation) {
  if (std::holds_alternative<Add>(operation) || std::holds_alternative<Concat>(operation)) return 0;
  return 1;
}

}  // namespace

Result<TensorType> infer(std::string_view where, const Operation& operation,
                         std::span<const TensorType> inputs) {
  const bool is_input = std::holds_alternative<Input>(operation);
  const std::size_t expected = is_input ? 0 : std::max<std::size_t>(arity(operation), 1);
  const bool any = !is_input && arity(operation) == 0;
  if (inputs.size() < expected || (!any && inputs.size() != expected)) {
    return make_diagnostic(
        diagnostics::kInputCount, where,
        {std::string(kind_name(operation)), std::to_string(expected), std::to_string(inputs.size())});
  }
  return std::visit(Inference(where, inputs), operation);
}

std::string to_text(const Shape& shape) {
  return fmt::format("({}, {}, {})", shape.channels, shape.height, shape.width);
}

}  // namespace bitmason::ir
