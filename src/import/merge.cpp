#include <algorithm>

#include "import/handlers.hpp"
#include "import/stream.hpp"

namespace bitmason::import {

namespace {

/// Integers m, n with a : b = m : n in every channel where both have one; nothing otherwise.
struct Ratio {
  std::int64_t first = 1;
  std::int64_t second = 1;
};
std::optional<Ratio> ratio_of(const std::vector<Rational>& a, const std::vector<Rational>& b) {
  std::optional<Rational> ratio;
  for (std::size_t c = 0; c < std::max(a.size(), b.size()); ++c) {
    const Rational& x = row(a, static_cast<int>(c));
    const Rational& y = row(b, static_cast<int>(c));
    if (x.sign() == 0 || y.sign() == 0) return std::nullopt;
    const Rational own = x / y;
    if (ratio && *ratio != own) return std::nullopt;
    ratio = own;
  }
  const auto first = ratio->numerator();
  const auto second = ratio->denominator();
  if (!first || !second || std::abs(*first) > (std::int64_t{1} << 61) || *second > (std::int64_t{1} << 61))
    return std::nullopt;
  return Ratio{*first, *second};
}

std::vector<Rational> sum(const std::vector<Rational>& a, const std::vector<Rational>& b, int sign) {
  std::vector<Rational> result;
  for (std::size_t c = 0; c < std::max(a.size(), b.size()); ++c)
    result.push_back(row(a, static_cast<int>(c)) + row(b, static_cast<int>(c)) * Rational(sign));
  return result;
}

/// Streams to concatenate as one value: affine each, or the same elementwise steps in all.
std::optional<ir::ScalarFunction> joint_value(Scope& scope, std::vector<Stream>& streams) {
  std::vector<int> channels;
  std::vector<ir::ScalarFunction> values;
  for (Stream& stream : streams) {
    if (!settle(scope, stream)) return std::nullopt;
    channels.push_back(stream.frame.channels);
    values.push_back(stream.value);
  }
  if (auto joint = concatenate_rows(values, channels)) return joint;
  values.clear();
  for (Stream& stream : streams) {
    if (!settle_affine(scope, stream)) return std::nullopt;
    values.push_back(stream.value);
  }
  return concatenate_rows(values, channels);
}

Values concat_constants(Scope& scope) {
  const std::size_t rank = scope.constant(0)->shape.size();
  const std::size_t axis = scope.axis(scope.integer("axis", 0), rank);
  if (scope.failed()) return {};
  std::vector<std::int64_t> shape = scope.constant(0)->shape;
  shape[axis] = 0;
  std::int64_t outer = 1;
  for (std::size_t i = 0; i < scope.node.inputs.size(); ++i) {
    const Constant* part = scope.need_constant(i, scope.node.inputs[i]);
    if (part == nullptr) return {};
    auto expected = part->shape;
    if (expected.size() == rank) expected[axis] = shape[axis];
    if (expected != shape)
      return scope.fail(diagnostics::kShape, {shape_text(part->shape), shape_text(scope.constant(0)->shape)});
    shape[axis] += part->shape[axis];
  }
  if (!checked_elements(shape))
    return scope.fail(diagnostics::kTooLarge,
                      {shape_text(shape), "elements", std::to_string(kMaxFoldedElements)});
  for (std::size_t d = 0; d < axis; ++d) outer *= shape[d];
  std::vector<Rational> values;
  std::size_t bits = 64;
  for (std::int64_t o = 0; o < outer; ++o) {
    for (std::size_t i = 0; i < scope.node.inputs.size(); ++i) {
      const Constant& part = *scope.constant(i);
      bits = std::max(bits, part.bits());
      const std::size_t chunk = part.size() / static_cast<std::size_t>(outer);
      for (std::size_t k = 0; k < chunk; ++k)
        values.push_back(part.at(static_cast<std::size_t>(o) * chunk + k));
    }
  }
  return scope.done(to_value({.shape = std::move(shape), .data = std::move(values), .rational_bits = bits}),
                    Fate::Folded);
}

}  // namespace

Values add_streams(Scope& scope, int sign) {
  Stream a = *scope.stream(0);
  Stream b = *scope.stream(1);
  if (!refuse_padding(scope, a) || !refuse_padding(scope, b)) return {};
  if (a.layout.dims != b.layout.dims && broadcast_shape(a.layout.dims, b.layout.dims)) {
    return scope.fail(diagnostics::kOperator,
                      {scope.node.op_type + " that broadcasts computed values of shape " +
                           shape_text(b.layout.dims) + " with " + shape_text(a.layout.dims),
                       "bring both to one shape before it, for example by Resize"});
  }
  if (a.layout != b.layout || a.frame != b.frame) {
    return scope.fail(diagnostics::kShape, {shape_text(a.layout.dims) + " over frame " + to_text(a.frame),
                                            shape_text(b.layout.dims) + " over frame " + to_text(b.frame)});
  }
  const auto first = settle_affine(scope, a);
  const auto second = settle_affine(scope, b);
  if (!first || !second) return {};
  const auto ratio = ratio_of(first->scale, second->scale);
  if (!ratio) {
    return scope.fail(diagnostics::kScaleRatio, {first->scale[0].to_string(), second->scale[0].to_string()});
  }
  const auto id =
      scope.add(ir::Add{.multipliers = {ratio->first, sign * ratio->second}}, {a.tensor, b.tensor});
  if (!id) return {};
  std::vector<Rational> unit;
  for (const Rational& scale : first->scale) unit.push_back(scale / Rational(ratio->first));
  a.tensor = *id;
  a.value.clear();
  append_affine(a.value, unit, sum(first->offset, second->offset, sign));
  return scope.done(
      std::move(a), Fate::Layer,
      "multipliers " + std::to_string(ratio->first) + " and " + std::to_string(sign * ratio->second));
}

Values import_concat(Scope& scope) {
  if (!scope.need_inputs(std::max<std::size_t>(1, scope.node.inputs.size()))) return {};
  std::vector<Stream> streams;
  for (std::size_t i = 0; i < scope.node.inputs.size(); ++i) {
    if (const Stream* stream = scope.stream(i)) streams.push_back(*stream);
  }
  if (streams.empty()) return concat_constants(scope);
  if (streams.size() != scope.node.inputs.size()) {
    return scope.fail(diagnostics::kOperator, {"Concat of a constant with computed values",
                                               "pad with a Pad node or drop the constant"});
  }
  const std::size_t rank = streams[0].layout.dims.size();
  const std::size_t axis = scope.axis(scope.integer("axis", 1), rank);
  if (scope.failed()) return {};
  if (axis != 1)
    return scope.fail(diagnostics::kAttribute, {"axis", std::to_string(axis), "1, the channels"});
  std::vector<ir::TensorId> tensors;
  for (Stream& stream : streams) {
    if (!refuse_padding(scope, stream) || !make_canonical(scope, stream)) return {};
    if (stream.layout.dims.size() != rank)
      return scope.fail(diagnostics::kShape,
                        {shape_text(stream.layout.dims), shape_text(streams[0].layout.dims)});
  }
  auto value = joint_value(scope, streams);
  if (!value)
    return scope.failed() ? Values{} : scope.fail(diagnostics::kScaleRatio, {"(nonlinear)", "(nonlinear)"});
  tensors.reserve(streams.size());
  for (const Stream& stream : streams) tensors.push_back(stream.tensor);
  const auto id = scope.add(ir::Concat{}, std::move(tensors));
  if (!id) return {};
  Stream result{.tensor = *id, .value = *std::move(value), .frame = scope.session.type(*id).shape};
  result.layout = canonical_layout(result.frame, rank);
  return scope.done(std::move(result), Fate::Layer);
}

}  // namespace bitmason::import
