#include <cmath>

#include "import/handlers.hpp"
#include "import/stream.hpp"
#include "import/weights.hpp"

namespace bitmason::import {

namespace {

constexpr std::int64_t kMaxBits = 32;

std::optional<Rounding> rounding_of(Scope& scope, const std::string& otherwise) {
  const std::string name = scope.string("rounding_mode", otherwise);
  const auto rounding = rounding_from_name(name);
  if (!rounding) {
    scope.fail(diagnostics::kAttribute,
               {"rounding_mode", name.substr(0, 100), "ROUND, CEIL, FLOOR, UP, DOWN, HALF_UP or HALF_DOWN"});
  }
  return rounding;
}

bool flag(Scope& scope, const std::string& name) {
  if (!scope.has_attribute(name)) scope.fail(diagnostics::kAttribute, {name, "absent", "0 or 1"});
  return scope.integer(name, 0) != 0;
}

/// A bit width: one integer, given once or equal for all channels.
std::int64_t bits_of(Scope& scope, std::size_t index, std::string_view name) {
  const auto list = scope.need_integers(index, name);
  if (scope.failed()) return 8;
  for (const std::int64_t bits : list) {
    if (bits != list.front()) {
      scope.fail(diagnostics::kConstant, {std::string(name), "different between channels", "one bit width"});
      return 8;
    }
  }
  if (list.empty() || list.front() < 1 || list.front() > kMaxBits) {
    scope.fail(diagnostics::kConstant,
               {std::string(name), list.empty() ? "empty" : std::to_string(list.front()),
                "1 to " + std::to_string(kMaxBits)});
    return 8;
  }
  return list.front();
}

IntRange code_range(std::int64_t bits, bool is_signed, bool narrow) {
  const int width = static_cast<int>(bits);
  if (is_signed) return narrow ? IntRange::narrow_bits(width) : IntRange::signed_bits(width);
  IntRange range = IntRange::unsigned_bits(width);
  if (narrow && range.hi > 1) --range.hi;
  return range;
}

const Constant* positive_scale(Scope& scope, std::size_t index, std::string_view name) {
  const Constant* scale = scope.need_constant(index, name);
  if (scale == nullptr) return nullptr;
  if (scale->size() == 0) scope.fail(diagnostics::kConstant, {std::string(name), "empty", "more than 0"});
  for (std::size_t i = 0; i < scale->size(); ++i) {
    if (scale->at(i).sign() > 0) continue;
    scope.fail(diagnostics::kConstant, {std::string(name), scale->at(i).to_string(), "more than 0"});
    return nullptr;
  }
  return scope.failed() ? nullptr : scale;
}

std::vector<Rational> inverse(const std::vector<Rational>& values) {
  std::vector<Rational> result;
  for (const Rational& value : values) result.push_back(Rational(1) / value);
  return result;
}

/// -zero * scale, per channel.
std::vector<Rational> offset_of(const std::vector<Rational>& scale, const std::vector<Rational>& zero) {
  std::vector<Rational> result;
  for (std::size_t c = 0; c < std::max(scale.size(), zero.size()); ++c)
    result.push_back(-row(zero, static_cast<int>(c)) * row(scale, static_cast<int>(c)));
  return result;
}

ir::ScalarFunction affine(const std::vector<Rational>& scale, const std::vector<Rational>& offset) {
  ir::ScalarFunction function;
  append_affine(function, scale, offset);
  return function;
}

/// Quantises and settles at once, so that the layer bears this node's name; an identity is left out.
Values finish(Scope& scope, Stream stream, const Quantiser& quantiser) {
  if (is_identity(scope.session, stream, quantiser) && stream.pools.empty()) {
    return scope.done(std::move(stream), Fate::Absorbed, "keeps every code; no layer");
  }
  scope.fate = Fate::Requantise;
  if (!quantise(scope, stream, quantiser)) return {};
  if (!settle(scope, stream)) return {};
  return {std::move(stream)};
}

struct QuantParameters {
  const Constant* scale = nullptr;
  const Constant* zero = nullptr;
  IntRange range;
  bool bipolar = false;
  Rounding rounding = Rounding::HalfEven;
};

Quantiser quantiser_of(const QuantParameters& p, const std::vector<Rational>& scale,
                       const std::vector<Rational>& zero) {
  Quantiser result;
  append_affine(result.steps, inverse(scale), zero);
  if (p.bipolar) {
    result.steps.emplace_back(ir::CountStep{.rows = 1, .thresholds = {Rational(0)}});
    result.range = {0, 1};
    append_affine(result.value, {Rational(2)}, {Rational(-1)});
  } else {
    result.steps.emplace_back(ir::ClampStep{Rational(p.range.lo), Rational(p.range.hi)});
    result.steps.emplace_back(ir::RoundStep{p.rounding});
    result.range = p.range;
  }
  append(result.value, affine(scale, offset_of(scale, zero)));
  return result;
}

Values apply_quant(Scope& scope, const QuantParameters& p) {
  if (const Constant* values = scope.constant(0)) {
    if (scope.need_constant(0, "X") == nullptr) return {};
    auto quantised = quantise_constant(*values, {*p.scale, *p.zero, p.range, p.rounding, p.bipolar});
    if (!quantised) {
      return scope.fail(diagnostics::kShape, {shape_text(p.scale->shape), shape_text(values->shape)});
    }
    return scope.done(to_value(*std::move(quantised)), Fate::Folded, "quantised constant");
  }
  Stream stream = *scope.stream(0);
  const auto scale = channel_values(scope, stream, *p.scale, "scale");
  const auto zero = channel_values(scope, stream, *p.zero, "zeropt");
  if (!scale || !zero) return {};
  return finish(scope, std::move(stream), quantiser_of(p, *scale, *zero));
}

}  // namespace

Values import_quant(Scope& scope) {
  if (!scope.need_inputs(4)) return {};
  QuantParameters p;
  p.scale = positive_scale(scope, 1, "scale");
  p.zero = scope.need_constant(2, "zeropt");
  const std::int64_t bits = bits_of(scope, 3, "bitwidth");
  const bool is_signed = flag(scope, "signed");
  const bool narrow = flag(scope, "narrow");
  const auto rounding = rounding_of(scope, "ROUND");
  if (scope.failed()) return {};
  p.rounding = *rounding;
  p.bipolar = is_signed && bits == 1;
  p.range = p.bipolar ? IntRange{-1, 1} : code_range(bits, is_signed, narrow);
  return apply_quant(scope, p);
}

Values import_bipolar_quant(Scope& scope) {
  if (!scope.need_inputs(2)) return {};
  const Constant zero = constant_of({}, {0});
  QuantParameters p{
      .scale = positive_scale(scope, 1, "scale"), .zero = &zero, .range = {-1, 1}, .bipolar = true};
  if (scope.failed()) return {};
  return apply_quant(scope, p);
}

Values import_multi_threshold(Scope& scope) {
  if (!scope.need_inputs(2)) return {};
  const Constant* thresholds = scope.need_constant(1, "thresholds");
  const Rational out_scale = Rational::from_double(scope.real("out_scale", 1));
  const Rational out_bias = Rational::from_double(scope.real("out_bias", 0));
  const std::string layout = scope.string("data_layout", "NCHW");
  if (scope.stream(0) == nullptr && !scope.failed())
    scope.fail(diagnostics::kOperator, {"MultiThreshold of a constant", "fold the constant before export"});
  if (scope.failed()) return {};
  if (thresholds->shape.size() != 2 || thresholds->size() == 0) {
    return scope.fail(diagnostics::kConstant,
                      {"thresholds", shape_text(thresholds->shape), "[channels, steps]"});
  }
  Stream stream = *scope.stream(0);
  const std::size_t rank = stream.layout.dims.size();
  const bool last = layout.size() > 2 && layout.back() == 'C';
  std::vector<std::int64_t> shape(last || rank < 2 ? 1 : rank - 1, 1);
  shape.front() = thresholds->shape[0];
  const auto rows = channel_elements(stream.layout, stream.frame, shape, [](auto, auto) { return false; });
  if (!rows)
    return scope.fail(diagnostics::kShape, {shape_text(thresholds->shape), shape_text(stream.layout.dims)});
  const auto steps = static_cast<std::size_t>(thresholds->shape[1]);
  ir::CountStep count{.rows = thresholds->shape[0] == 1 ? 1 : stream.frame.channels, .thresholds = {}};
  for (int c = 0; c < count.rows; ++c) {
    for (std::size_t k = 0; k < steps; ++k) {
      const std::size_t index = (*rows)[static_cast<std::size_t>(c)] * steps + k;
      count.thresholds.push_back(thresholds->at(index));
      if (k > 0 && count.thresholds.back() < *(count.thresholds.end() - 2)) {
        return scope.fail(diagnostics::kConstant, {"thresholds", "descending at step " + std::to_string(k),
                                                   "ascending in every row"});
      }
    }
  }
  Quantiser quantiser{.steps = {std::move(count)},
                      .range = {0, static_cast<std::int64_t>(steps)},
                      .value = affine({out_scale}, {out_bias})};
  return finish(scope, std::move(stream), quantiser);
}

namespace {

/// Codes that a function makes of everything the stream can hold.
IntRange reachable(const Session& session, const Stream& stream, const ir::ScalarFunction& steps) {
  ir::ScalarFunction function;
  append(function, stream.codes);
  append(function, stream.value);
  append(function, steps);
  const IntRange domain = session.type(stream.tensor).range;
  std::optional<IntRange> range;
  for (int c = 0; c < std::min(ir::rows(function), stream.frame.channels); ++c) {
    for (const std::int64_t end : {domain.lo, domain.hi}) {
      const auto code = ir::apply(function, Rational(end), c).to_int64().value_or(0);
      range = range ? range->united({code, code}) : IntRange{code, code};
    }
  }
  return *range;
}

Rational power_of_two(std::int64_t exponent) {
  const Rational two(exponent < 0 ? 1 : 2, exponent < 0 ? 2 : 1);
  Rational result(1);
  for (std::int64_t i = 0; i < std::abs(exponent); ++i) result *= two;
  return result;
}

}  // namespace

Values import_trunc(Scope& scope) {
  if (!scope.need_inputs(5)) return {};
  const bool second = scope.node.inputs.size() >= 6;  // version 2 adds the output scale
  const std::size_t last = scope.node.inputs.size() - 1;
  const Constant* scale_constant = positive_scale(scope, 1, "scale");
  const Constant* zero_constant = scope.need_constant(2, "zeropt");
  const std::int64_t in_bits = bits_of(scope, 3, "in_bitwidth");
  const std::int64_t out_bits = bits_of(scope, last, "out_bitwidth");
  const auto rounding = rounding_of(scope, "FLOOR");
  const Constant* out_scale = second ? positive_scale(scope, 4, "out_scale") : nullptr;
  if (scope.stream(0) == nullptr && !scope.failed())
    scope.fail(diagnostics::kOperator, {"Trunc of a constant", "fold the constant before export"});
  if (!scope.failed() && out_scale != nullptr && out_scale->size() != 1)
    scope.fail(diagnostics::kConstant, {"out_scale", shape_text(out_scale->shape), "one value"});
  if (!scope.failed() && out_scale != nullptr && scale_constant->size() != 1)
    scope.fail(diagnostics::kConstant, {"scale", shape_text(scale_constant->shape), "one value"});
  if (scope.failed()) return {};
  Stream stream = *scope.stream(0);
  if (stream.tensor.index < 0) return settle(scope, stream), Values{};
  const auto scale = channel_values(scope, stream, *scale_constant, "scale");
  const auto zero = channel_values(scope, stream, *zero_constant, "zeropt");
  if (!scale || !zero) return {};
  const double ratio = second ? std::log2((out_scale->at(0) / scale->front()).to_double()) : 0;
  const Rational divisor = power_of_two(second ? std::llround(ratio) : in_bits - out_bits);
  Quantiser quantiser;
  append_affine(quantiser.steps, inverse(*scale), *zero);
  quantiser.steps.emplace_back(ir::RoundStep{Rounding::HalfEven});
  append_affine(quantiser.steps, {Rational(1) / divisor}, {Rational(0)});
  if (second) {
    const IntRange range =
        code_range(out_bits, scope.integer("signed", 1) != 0, scope.integer("narrow", 0) != 0);
    quantiser.steps.emplace_back(ir::ClampStep{Rational(range.lo), Rational(range.hi)});
    std::vector<Rational> out_zero;
    for (const Rational& z : *zero) out_zero.push_back(z / divisor);
    quantiser.value = affine({out_scale->at(0)}, offset_of({out_scale->at(0)}, out_zero));
  } else {
    quantiser.value = affine(*scale, offset_of(*scale, *zero));
  }
  quantiser.steps.emplace_back(ir::RoundStep{*rounding});
  quantiser.range = reachable(scope.session, stream, quantiser.steps);
  return scope.failed() ? Values{} : finish(scope, std::move(stream), quantiser);
}

}  // namespace bitmason::import
