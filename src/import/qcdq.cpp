#include "import/handlers.hpp"
#include "import/stream.hpp"
#include "import/weights.hpp"

namespace bitmason::import {

namespace {

struct Linear {
  Constant scale;  ///< shaped to broadcast along the axis
  Constant zero;
};

/// Scale and zero point, a scalar or a list along `axis`, shaped to broadcast onto a value of `rank`.
std::optional<Linear> linear_of(Scope& scope, std::size_t rank) {
  const Constant* scale = scope.need_constant(1, "scale");
  const Constant* zero = scope.has(2) ? scope.need_constant(2, "zero_point") : nullptr;
  if (scope.failed()) return std::nullopt;
  Linear result{.scale = *scale, .zero = zero == nullptr ? constant_of({}, {0}) : *zero};
  for (std::size_t i = 0; i < scale->size(); ++i) {
    if (scale->at(i).sign() > 0) continue;
    scope.fail(diagnostics::kConstant, {"scale", scale->at(i).to_string(), "more than 0"});
    return std::nullopt;
  }
  for (Constant* part : {&result.scale, &result.zero}) {
    if (part->size() == 1) {
      part->shape.clear();
      continue;
    }
    if (part->shape.size() != 1 || part->size() == 0) {
      scope.fail(diagnostics::kConstant, {part == &result.scale ? "scale" : "zero_point",
                                          shape_text(part->shape), "a scalar or a list"});
      return std::nullopt;
    }
    const std::size_t axis = scope.axis(scope.integer("axis", 1), rank);
    part->shape.resize(rank - axis, 1);
  }
  return scope.failed() ? std::nullopt : std::optional(std::move(result));
}

/// (code - zero) * scale as integer codes with scales.
Values dequantise_constant(Scope& scope, const Constant& values, const Linear& linear) {
  if (scope.need_constant(0, "x") == nullptr) return {};
  auto codes = values.integers();
  if (!codes) return scope.fail(diagnostics::kConstant, {"x", "not integer", "integer codes"});
  if (broadcast_shape(linear.scale.shape, values.shape) != values.shape ||
      broadcast_shape(linear.zero.shape, values.shape) != values.shape) {
    return scope.fail(diagnostics::kShape, {shape_text(linear.scale.shape), shape_text(values.shape)});
  }
  const auto zero_index = broadcast_index(linear.zero.shape, values.shape);
  const auto scale_index = broadcast_index(linear.scale.shape, values.shape);
  IntRange range{0, 0};
  for (std::size_t i = 0; i < codes->size(); ++i) {
    std::int64_t& code = (*codes)[i];
    const std::int64_t zero = linear.zero.integer(zero_index[i]).value_or(0);
    if (std::abs(code) > (std::int64_t{1} << 40) || std::abs(zero) > (std::int64_t{1} << 40)) {
      return scope.fail(diagnostics::kConstant, {"x", std::to_string(code), "at most 32 bits"});
    }
    code -= zero;
    range = range.united({code, code});
  }
  Constant result{.shape = values.shape, .data = *std::move(codes), .range = range};
  for (std::size_t i = 0; i < linear.scale.size(); ++i) result.scale.push_back(linear.scale.at(i));
  result.rational_bits = 2 * linear.scale.bits() + 64;
  if (result.scale.size() > 1) {
    for (const std::size_t index : scale_index) result.scale_of.push_back(static_cast<std::int32_t>(index));
  }
  return scope.done(to_value(std::move(result)), Fate::Folded, "quantised constant");
}

/// Range of the quantised type: that of the zero point, unsigned 8 bits where there is none.
IntRange type_range(Scope& scope) {
  if (!scope.has(2)) return IntRange::unsigned_bits(8);
  for (const onnxio::Tensor& tensor : scope.session.model.initializers) {
    if (tensor.name == scope.node.inputs[2])
      return range_of_type(tensor.type).value_or(IntRange::unsigned_bits(8));
  }
  for (const onnxio::Node& node : scope.session.model.nodes) {
    if (node.outputs.empty() || node.outputs[0] != scope.node.inputs[2]) continue;
    const auto value = node.attributes.find("value");
    if (value == node.attributes.end()) break;
    if (const auto* tensor = std::get_if<onnxio::Tensor>(&value->second))
      return range_of_type(tensor->type).value_or(IntRange::unsigned_bits(8));
  }
  scope.fail(diagnostics::kConstant,
             {"zero_point", "computed by a subgraph", "an initializer, whose type gives the range"});
  return IntRange::unsigned_bits(8);
}

}  // namespace

std::optional<IntRange> range_of_type(std::string_view type) {
  const bool is_unsigned = type.starts_with("uint");
  if (!is_unsigned && !type.starts_with("int")) return std::nullopt;
  const std::string digits(type.substr(is_unsigned ? 4 : 3));
  if (digits.empty() || digits.size() > 2 || digits.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  const int bits = std::stoi(digits);
  if (bits < (is_unsigned ? 1 : 2) || bits > 32) return std::nullopt;
  return is_unsigned ? IntRange::unsigned_bits(bits) : IntRange::signed_bits(bits);
}

Values import_quantize_linear(Scope& scope) {
  if (!scope.need_inputs(2)) return {};
  const Constant* values = scope.constant(0);
  const Stream* source = scope.stream(0);
  const auto linear = linear_of(scope, values != nullptr ? values->shape.size() : source->layout.dims.size());
  const IntRange range = type_range(scope);
  if (scope.failed()) return {};
  if (values != nullptr) {
    if (scope.need_constant(0, "x") == nullptr) return {};
    auto codes = quantise_constant(*values, {linear->scale, linear->zero, range});
    if (!codes)
      return scope.fail(diagnostics::kShape, {shape_text(linear->scale.shape), shape_text(values->shape)});
    // The value of this node is the code itself, zero point included.
    const auto zero_index = broadcast_index(linear->zero.shape, values->shape);
    auto& integers = std::get<std::vector<std::int64_t>>(codes->data);
    for (std::size_t i = 0; i < integers.size(); ++i)
      integers[i] += linear->zero.integer(zero_index[i]).value_or(0);
    codes->scale.clear();
    codes->scale_of.clear();
    codes->range = range;
    return scope.done(to_value(*std::move(codes)), Fate::Folded, "quantised constant");
  }
  Stream stream = *source;
  const auto scale = channel_values(scope, stream, linear->scale, "scale");
  const auto zero = channel_values(scope, stream, linear->zero, "zero_point");
  if (!scale || !zero) return {};
  Quantiser quantiser{.steps = {}, .range = range, .value = {}};
  std::vector<Rational> inverse;
  for (const Rational& s : *scale) inverse.push_back(Rational(1) / s);
  append_affine(quantiser.steps, inverse, {Rational(0)});
  quantiser.steps.emplace_back(ir::RoundStep{Rounding::HalfEven});
  append_affine(quantiser.steps, {Rational(1)}, *zero);
  quantiser.steps.emplace_back(ir::ClampStep{Rational(range.lo), Rational(range.hi)});
  // A Clip that narrows the codes and the DequantizeLinear follow: the layer is made there.
  if (!quantise(scope, stream, quantiser)) return {};
  return scope.done(std::move(stream), Fate::Requantise);
}

Values import_dequantize_linear(Scope& scope) {
  if (!scope.need_inputs(2)) return {};
  const Constant* values = scope.constant(0);
  const Stream* source = scope.stream(0);
  const auto linear = linear_of(scope, values != nullptr ? values->shape.size() : source->layout.dims.size());
  if (scope.failed()) return {};
  if (values != nullptr) {
    return dequantise_constant(scope, *values, *linear);
  }
  Stream stream = *source;
  const auto scale = channel_values(scope, stream, linear->scale, "scale");
  const auto zero = channel_values(scope, stream, linear->zero, "zero_point");
  if (!scale || !zero) return {};
  std::vector<Rational> offset;
  for (std::size_t c = 0; c < std::max(scale->size(), zero->size()); ++c)
    offset.push_back(-row(*zero, static_cast<int>(c)) * row(*scale, static_cast<int>(c)));
  ir::ScalarFunction value;
  append_affine(value, *scale, offset);
  const bool owed = !stream.codes.empty();
  if (!append_steps(scope, stream, value)) return {};
  scope.fate = Fate::Absorbed;
  if (owed && stream.value.size() <= 1 && !settle(scope, stream)) return {};
  return {std::move(stream)};
}

}  // namespace bitmason::import
