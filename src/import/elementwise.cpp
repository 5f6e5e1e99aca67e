#include <cmath>

#include "import/fold.hpp"
#include "import/handlers.hpp"
#include "import/stream.hpp"

namespace bitmason::import {

namespace {

Rational plus(const Rational& a, const Rational& b) {
  return a + b;
}
Rational minus(const Rational& a, const Rational& b) {
  return a - b;
}
Rational times(const Rational& a, const Rational& b) {
  return a * b;
}
/// Precondition: b is not zero (checked by the caller).
Rational over(const Rational& a, const Rational& b) {
  return a / b;
}

std::vector<Rational> negated(std::vector<Rational> values) {
  for (Rational& value : values) value = -value;
  return values;
}

/// The stream with y = scale * x + offset after it.
Values affine(Scope& scope, Stream stream, const std::vector<Rational>& scale,
              const std::vector<Rational>& offset) {
  ir::ScalarFunction steps;
  append_affine(steps, scale, offset);
  if (!append_steps(scope, stream, steps)) return {};
  return scope.done(std::move(stream), Fate::Absorbed, "exact scale and offset");
}

bool has_zero(const Constant& constant) {
  for (std::size_t i = 0; i < constant.size(); ++i) {
    if (constant.at(i).sign() == 0) return true;
  }
  return false;
}

/// Both operands where they are constants and finite.
bool both_constant(Scope& scope) {
  return scope.constant(0) != nullptr && scope.constant(1) != nullptr;
}

/// Before opset 7 the attribute `axis` says where the second operand's dimensions begin.
std::optional<Constant> placed_by_axis(Scope& scope, const Constant& constant, std::size_t rank) {
  Constant result = constant;
  if (scope.session.opset >= 7 || !scope.has_attribute("axis")) return result;
  const std::size_t axis = scope.axis(scope.integer("axis", 0), rank);
  if (scope.failed()) return std::nullopt;
  if (result.shape.size() + axis < rank) result.shape.resize(rank - axis, 1);
  return result;
}

/// The stream operand and the values of the constant one per channel; nothing (and findings) otherwise.
struct Operands {
  Stream stream;
  std::vector<Rational> values;
  bool constant_first = false;
};
std::optional<Operands> operands_of(Scope& scope) {
  const bool first = scope.constant(0) != nullptr;
  const Constant* constant =
      scope.need_constant(first ? 0 : 1, first ? scope.node.inputs[0] : scope.node.inputs[1]);
  if (constant == nullptr) return std::nullopt;
  Stream stream = *scope.stream(first ? 1 : 0);
  const auto placed = placed_by_axis(scope, *constant, stream.layout.dims.size());
  if (!placed) return std::nullopt;
  auto values = channel_values(scope, stream, *placed, scope.node.inputs[first ? 0 : 1]);
  if (!values) return std::nullopt;
  return Operands{std::move(stream), *std::move(values), first};
}

Values fold_two(Scope& scope, RationalOperation operation) {
  const Constant* a = scope.need_constant(0, "A");
  const Constant* b = scope.need_constant(1, "B");
  if (scope.failed()) return {};
  return fold_binary(scope, *a, *b, operation);
}

bool two_streams(Scope& scope) {
  return scope.stream(0) != nullptr && scope.stream(1) != nullptr;
}

/// max(x, lo) or, with sign -1, min(x, lo): exact by a shifted Relu.
void append_bound(ir::ScalarFunction& steps, const Rational& bound, int sign) {
  append_affine(steps, {Rational(sign)}, {bound * Rational(-sign)});
  steps.emplace_back(ir::ReluStep{});
  append_affine(steps, {Rational(sign)}, {bound});
}

/// A bound of Clip: attribute before opset 11, input from there; nothing where it is absent or infinite.
std::optional<Rational> bound_of(Scope& scope, std::size_t index, const std::string& name) {
  if (scope.has_attribute(name)) {
    const auto& attribute = scope.node.attributes.at(name);
    if (const auto* value = std::get_if<double>(&attribute); value != nullptr && std::isinf(*value))
      return std::nullopt;
    return Rational::from_double(scope.real(name, 0));
  }
  if (!scope.has(index)) return std::nullopt;
  if (const Constant* constant = scope.constant(index);
      constant != nullptr && constant->size() == 1 && std::isinf(constant->real(0))) {
    return std::nullopt;
  }
  const Constant* constant = scope.need_constant(index, name);
  if (constant == nullptr) return std::nullopt;
  if (constant->size() != 1) {
    scope.fail(diagnostics::kConstant, {name, shape_text(constant->shape), "one value"});
    return std::nullopt;
  }
  return constant->at(0);
}

/// A Clip of integer codes that are not a layer yet narrows them instead of following them.
bool narrow_codes(Stream& stream, const Rational& lo, const Rational& hi) {
  const auto low = lo.to_int64();
  const auto high = hi.to_int64();
  if (stream.codes.empty() || !stream.value.empty() || !stream.pools.empty() || !low || !high) return false;
  const IntRange range{std::max(stream.code_range.lo, *low), std::min(stream.code_range.hi, *high)};
  if (range.lo > range.hi) return false;
  stream.codes.emplace_back(ir::ClampStep{lo, hi});
  stream.code_range = range;
  return true;
}

Values clip_constant(Scope& scope, const std::optional<Rational>& lo, const std::optional<Rational>& hi) {
  const Constant* values = scope.need_constant(0, "input");
  if (values == nullptr) return {};
  std::vector<Rational> result;
  for (std::size_t i = 0; i < values->size(); ++i) {
    Rational value = values->at(i);
    if (lo && value < *lo) value = *lo;
    if (hi && value > *hi) value = *hi;
    result.push_back(std::move(value));
  }
  return scope.done(
      to_value(
          {.shape = values->shape, .data = std::move(result), .rational_bits = 2 * values->bits() + 1200}),
      Fate::Folded);
}

/// A list of the node for BatchNormalization, one value per channel.
std::vector<Rational> channel_list(Scope& scope, std::size_t index, std::string_view name,
                                   std::int64_t channels) {
  const Constant* constant = scope.need_constant(index, name);
  if (constant == nullptr) return {};
  std::vector<Rational> result;
  for (std::size_t i = 0; i < constant->size(); ++i) result.push_back(constant->at(i));
  if (static_cast<std::int64_t>(result.size()) != channels) {
    scope.fail(diagnostics::kShape, {shape_text(constant->shape), std::to_string(channels) + " channels"});
  }
  return result;
}

/// Values of file channels (axis 1) for the channels of the frame.
std::optional<std::vector<Rational>> to_frame(Scope& scope, Stream& stream, std::vector<Rational> values,
                                              std::string_view name) {
  Constant constant{.shape = std::vector<std::int64_t>(stream.layout.dims.size() - 1, 1), .data = {}};
  constant.shape.front() = static_cast<std::int64_t>(values.size());
  constant.data = std::move(values);
  return channel_values(scope, stream, constant, name);
}

}  // namespace

Values import_add(Scope& scope) {
  if (!scope.need_inputs(2)) return {};
  if (both_constant(scope)) return fold_two(scope, plus);
  if (two_streams(scope)) return add_streams(scope, 1);
  const auto operands = operands_of(scope);
  if (!operands) return {};
  return affine(scope, operands->stream, {Rational(1)}, operands->values);
}

Values import_sub(Scope& scope) {
  if (!scope.need_inputs(2)) return {};
  if (both_constant(scope)) return fold_two(scope, minus);
  if (two_streams(scope)) return add_streams(scope, -1);
  const auto operands = operands_of(scope);
  if (!operands) return {};
  if (operands->constant_first) return affine(scope, operands->stream, {Rational(-1)}, operands->values);
  return affine(scope, operands->stream, {Rational(1)}, negated(operands->values));
}

Values import_mul(Scope& scope) {
  if (!scope.need_inputs(2)) return {};
  if (both_constant(scope)) return fold_two(scope, times);
  if (two_streams(scope)) return scope.fail(diagnostics::kTwoStreams, {"Mul"});
  const auto operands = operands_of(scope);
  if (!operands) return {};
  return affine(scope, operands->stream, operands->values, {Rational(0)});
}

Values import_div(Scope& scope) {
  if (!scope.need_inputs(2)) return {};
  const Constant* divisor = scope.need_constant(1, "B");
  if (divisor == nullptr) return {};
  if (has_zero(*divisor)) return scope.fail(diagnostics::kConstant, {"B", "0", "a divisor other than 0"});
  if (both_constant(scope)) return fold_two(scope, over);
  const auto operands = operands_of(scope);
  if (!operands) return {};
  std::vector<Rational> scale;
  for (const Rational& value : operands->values) scale.push_back(Rational(1) / value);
  return affine(scope, operands->stream, scale, {Rational(0)});
}

Values import_neg(Scope& scope) {
  if (!scope.need_inputs(1)) return {};
  if (const Constant* values = scope.constant(0)) {
    if (scope.need_constant(0, "X") == nullptr) return {};
    return fold_binary(scope, constant_of({}, {0}), *values, minus);
  }
  return affine(scope, *scope.stream(0), {Rational(-1)}, {Rational(0)});
}

Values import_relu(Scope& scope) {
  if (!scope.need_inputs(1)) return {};
  if (scope.constant(0) != nullptr) return clip_constant(scope, Rational(0), std::nullopt);
  Stream stream = *scope.stream(0);
  if (!append_steps(scope, stream, {ir::ReluStep{}})) return {};
  return scope.done(std::move(stream), Fate::Absorbed, "part of the next requantisation");
}

Values import_clip(Scope& scope) {
  if (!scope.need_inputs(1)) return {};
  const auto lo = bound_of(scope, 1, "min");
  const auto hi = bound_of(scope, 2, "max");
  if (scope.failed()) return {};
  if (scope.constant(0) != nullptr) return clip_constant(scope, lo, hi);
  Stream stream = *scope.stream(0);
  ir::ScalarFunction steps;
  if (lo && hi) {
    if (narrow_codes(stream, *lo, *hi))
      return scope.done(std::move(stream), Fate::Absorbed, "narrows the quantiser before it");
    steps.emplace_back(ir::ClampStep{*lo, *hi});
  } else {
    if (lo) append_bound(steps, *lo, 1);
    if (hi) append_bound(steps, *hi, -1);
  }
  if (!append_steps(scope, stream, steps)) return {};
  return scope.done(std::move(stream), Fate::Absorbed, "part of the next requantisation");
}

Values import_batch_normalization(Scope& scope) {
  if (!scope.need_inputs(5)) return {};
  if (scope.integer("training_mode", 0) != 0)
    scope.fail(diagnostics::kAttribute, {"training_mode", "1", "0"});
  if (scope.session.opset < 7 && scope.integer("is_test", 0) != 1)
    scope.fail(diagnostics::kAttribute, {"is_test", "0", "1"});
  if (scope.integer("spatial", 1) != 1) scope.fail(diagnostics::kAttribute, {"spatial", "0", "1"});
  const Rational epsilon = Rational::from_double(scope.real("epsilon", 1e-5));
  if (scope.stream(0) == nullptr && !scope.failed())
    scope.fail(diagnostics::kOperator,
               {"BatchNormalization of a constant", "fold the constant before export"});
  if (scope.failed()) return {};
  Stream stream = *scope.stream(0);
  if (stream.layout.dims.size() < 2)
    return scope.fail(diagnostics::kShape, {shape_text(stream.layout.dims), "channels at axis 1"});
  const std::int64_t channels = stream.layout.dims[1];
  const auto gamma = channel_list(scope, 1, "scale", channels);
  const auto beta = channel_list(scope, 2, "B", channels);
  const auto mean = channel_list(scope, 3, "mean", channels);
  const auto variance = channel_list(scope, 4, "var", channels);
  if (scope.failed()) return {};
  std::vector<Rational> scale;
  std::vector<Rational> offset;
  for (std::size_t c = 0; c < gamma.size(); ++c) {
    const Rational sum = variance[c] + epsilon;
    if (sum.sign() <= 0)
      return scope.fail(diagnostics::kConstant, {"var", variance[c].to_string(), "more than -epsilon"});
    scale.push_back(gamma[c] / sum.square_root());
    offset.push_back(beta[c] - mean[c] * scale.back());
  }
  const auto frame_scale = to_frame(scope, stream, std::move(scale), "scale");
  if (!frame_scale) return {};
  const auto frame_offset = to_frame(scope, stream, std::move(offset), "B");
  if (!frame_offset) return {};
  return affine(scope, std::move(stream), *frame_scale, *frame_offset);
}

}  // namespace bitmason::import
