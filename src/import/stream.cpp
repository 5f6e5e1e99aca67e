#include "import/stream.hpp"

#include <algorithm>

namespace bitmason::import {

namespace {

struct StepText {
  std::string& out;

  void list(const std::vector<Rational>& values) const {
    for (const Rational& value : values) out += value.to_string() + ",";
    out += ";";
  }
  void operator()(const ir::AffineStep& step) const {
    out += "a";
    list(step.scale);
    list(step.offset);
  }
  void operator()(const ir::ClampStep& step) const {
    out += "c";
    list({step.lo, step.hi});
  }
  void operator()(const ir::ReluStep&) const { out += "m"; }
  void operator()(const ir::RoundStep& step) const { out += "r" + std::string(name_of(step.rounding)); }
  void operator()(const ir::CountStep& step) const {
    out += "t" + std::to_string(step.rows) + ":";
    list(step.thresholds);
  }
};

/// Codes that are really reached from `domain`, at least two where the declared range has them.
IntRange reached(const ir::ScalarFunction& function, const IntRange& domain, const IntRange& declared,
                 int channels) {
  IntRange range{declared.hi, declared.lo};
  const int rows = std::min(ir::rows(function), channels);
  for (int c = 0; c < rows; ++c) {
    for (const std::int64_t end : {domain.lo, domain.hi}) {
      const auto code = ir::apply(function, Rational(end), c).to_int64();
      range.lo = std::min(range.lo, *code);
      range.hi = std::max(range.hi, *code);
    }
  }
  if (range.lo == range.hi) {
    if (range.hi < declared.hi) {
      ++range.hi;
    } else if (range.lo > declared.lo) {
      --range.lo;
    }
  }
  return range;
}

std::optional<ir::Requantise> requantise_form(Scope& scope, const ir::ScalarFunction& function,
                                              const IntRange& domain, const IntRange& output, int channels) {
  constexpr std::int64_t kMaxSteps = std::int64_t{1} << 20;
  constexpr int kMultiplierBits = 24;
  const auto refuse = [&] {
    scope.fail(diagnostics::kLevels,
               {std::to_string(output.span() + 1), std::to_string(ir::kMaxThresholdLevels),
                std::to_string(kMultiplierBits)});
    return std::nullopt;
  };
  const int rows = std::min(ir::rows(function), channels);
  const bool many = output.span() >= ir::kMaxThresholdLevels;
  if (output.span() > kMaxSteps / rows) return refuse();
  ir::Thresholds thresholds = ir::to_thresholds(function, domain, output, channels);
  if (!many) return ir::Requantise{std::move(thresholds)};
  auto scaled = ir::to_scale_shift(thresholds, domain, kMultiplierBits);
  if (!scaled) return refuse();
  return ir::Requantise{*std::move(scaled)};
}

/// The layer that computes `function` of a tensor; an equal one that exists already is used again.
std::optional<ir::TensorId> emit_requantise(Scope& scope, ir::TensorId tensor,
                                            const ir::ScalarFunction& function, const IntRange& declared,
                                            const std::string& name) {
  const ir::TensorType type = scope.session.type(tensor);
  const IntRange output = reached(function, type.range, declared, type.shape.channels);
  const std::string key = std::to_string(tensor.index) + "/" + signature(function);
  if (const auto found = scope.session.emitted.find(key); found != scope.session.emitted.end())
    return found->second;
  auto form = requantise_form(scope, function, type.range, output, type.shape.channels);
  if (!form) return std::nullopt;
  auto id = scope.add(*std::move(form), {tensor}, name);
  if (id) scope.session.emitted.emplace(key, *id);
  return id;
}

/// Makes the graph input a layer with this quantiser, or checks that it already is that layer.
std::optional<ir::TensorId> emit_input(Scope& scope, Stream& stream) {
  InputState& input = scope.session.inputs[static_cast<std::size_t>(stream.input)];
  const std::string key = signature(stream.codes) + std::to_string(stream.code_range.lo) + ".." +
                          std::to_string(stream.code_range.hi);
  if (input.layer.index >= 0) {
    if (key == input.signature) return input.layer;
    scope.fail(diagnostics::kTwoQuantisers, {input.info.name, input.quantiser});
    return std::nullopt;
  }
  ir::InputPort port{.name = input.info.name, .layout = file_layout(input.layout), .quantise = stream.codes};
  if (const auto affine = as_affine(stream.value);
      affine && affine->scale.size() == 1 && affine->offset.size() == 1) {
    port.scale = affine->scale[0];
    port.offset = affine->offset[0];
  }
  auto id =
      scope.session.builder.add_input(input.info.name, {input.frame, stream.code_range}, std::move(port));
  if (!id) {
    scope.errors.insert(scope.errors.end(), id.errors().begin(), id.errors().end());
    return std::nullopt;
  }
  input.layer = *id;
  input.quantiser = stream.quantiser;
  input.signature = key;
  scope.fate = Fate::Input;
  return *id;
}

/// True where the function maps every code of the tensor to itself.
bool keeps_codes(const Session& session, const Stream& stream) {
  const IntRange range = session.type(stream.tensor).range;
  const int rows = std::min(stream.frame.channels, ir::rows(stream.codes));
  if (range.span() >= (std::int64_t{1} << 18) / rows) return false;
  for (int c = 0; c < rows; ++c) {
    for (std::int64_t code = range.lo; code <= range.hi; ++code) {
      if (ir::apply(stream.codes, Rational(code), c) != Rational(code)) return false;
    }
  }
  return true;
}

bool emit_codes(Scope& scope, Stream& stream) {
  if (stream.codes.empty()) return true;
  if (stream.tensor.index >= 0 && keeps_codes(scope.session, stream)) {
    stream.codes.clear();
    if (scope.fate == Fate::Requantise) scope.fate = Fate::Absorbed;
    return true;
  }
  const auto id = stream.tensor.index < 0 ? emit_input(scope, stream)
                                          : emit_requantise(scope, stream.tensor, stream.codes,
                                                            stream.code_range, stream.quantiser);
  if (!id) return false;
  stream.tensor = *id;
  stream.codes.clear();
  return true;
}

/// Replaces the codes by ones that hold the value exactly, so that it becomes affine and increasing.
bool make_exact(Scope& scope, Stream& stream) {
  const ir::TensorType& type = scope.session.type(stream.tensor);
  auto exact = exact_codes(stream.value, type.range, type.shape.channels);
  if (!exact) return false;
  const auto id = emit_requantise(scope, stream.tensor, exact->codes, exact->range, scope.label + "_codes");
  if (!id) return false;
  stream.tensor = *id;
  stream.value.clear();
  append_affine(stream.value, {exact->scale}, {exact->offset});
  return true;
}

bool emit_pools(Scope& scope, Stream& stream) {
  if (stream.pools.empty()) return true;
  const int channels = stream.frame.channels;
  if (!increasing(stream.value, channels)) {
    if (decreasing(stream.value, channels)) {
      const auto negated = scope.add(ir::Add{.multipliers = {-1}}, {stream.tensor}, scope.label + "_negated");
      if (!negated) return false;
      stream.tensor = *negated;
      ir::ScalarFunction value;
      append_affine(value, {Rational(-1)}, {Rational(0)});
      append(value, stream.value);
      stream.value = std::move(value);
    } else if (!make_exact(scope, stream)) {
      if (!scope.failed()) scope.fail(diagnostics::kScaleSign);
      return false;
    }
  }
  for (const DeferredPool& pool : stream.pools) {
    const auto pooled = scope.add(ir::MaxPool{pool.window}, {stream.tensor}, pool.name);
    if (!pooled) return false;
    stream.tensor = *pooled;
  }
  stream.pools.clear();
  return true;
}

void update_padding(Stream& stream, const ir::ScalarFunction& steps) {
  if (!stream.padding.any()) return;
  std::vector<Rational> updated;
  for (int c = 0; c < stream.frame.channels; ++c)
    updated.push_back(ir::apply(steps, row(stream.padding.value, c), c));
  if (uniform(updated)) updated.resize(1);
  stream.padding.value = std::move(updated);
}

}  // namespace

std::string signature(const ir::ScalarFunction& function) {
  std::string text;
  for (const ir::ScalarStep& step : function) std::visit(StepText{text}, step);
  return text;
}

bool append_steps(Scope& scope, Stream& stream, const ir::ScalarFunction& steps) {
  if (!stream.pools.empty() && !increasing(steps, stream.frame.channels) && !settle(scope, stream))
    return false;
  update_padding(stream, steps);
  append(stream.value, steps);
  return true;
}

bool quantise(Scope& scope, Stream& stream, const Quantiser& quantiser) {
  if (!append_steps(scope, stream, quantiser.steps)) return false;
  update_padding(stream, quantiser.value);
  append(stream.codes, stream.value);
  stream.code_range = quantiser.range;
  stream.value = quantiser.value;
  stream.quantiser = scope.label;
  return true;
}

bool settle(Scope& scope, Stream& stream) {
  if (stream.is_raw()) {
    scope.fail(diagnostics::kNoQuantiser,
               {scope.session.inputs[static_cast<std::size_t>(stream.input)].info.name});
    return false;
  }
  return emit_codes(scope, stream) && emit_pools(scope, stream);
}

std::optional<ir::AffineStep> settle_affine(Scope& scope, Stream& stream) {
  if (!settle(scope, stream)) return std::nullopt;
  if (!as_affine(stream.value) && !make_exact(scope, stream)) {
    const IntRange range = scope.session.type(stream.tensor).range;
    if (!scope.failed()) {
      scope.fail(diagnostics::kUnquantised,
                 {std::to_string(range.lo), std::to_string(range.hi), scope.node.inputs.front()});
    }
    return std::nullopt;
  }
  return as_affine(stream.value);
}

bool is_identity(const Session& session, const Stream& stream, const Quantiser& quantiser) {
  if (stream.tensor.index < 0 || !stream.codes.empty() || !as_affine(stream.value)) return false;
  const IntRange range = session.type(stream.tensor).range;
  ir::ScalarFunction back;
  append(back, stream.value);
  append(back, quantiser.steps);
  append(back, quantiser.value);
  const int rows = std::min(stream.frame.channels, std::max(ir::rows(back), ir::rows(stream.value)));
  if (range.span() >= (std::int64_t{1} << 18) / rows) return false;
  const auto keeps = [&](std::int64_t code, int c) {
    return ir::apply(back, Rational(code), c) == ir::apply(stream.value, Rational(code), c);
  };
  for (int c = 0; c < rows; ++c) {
    if (!keeps(range.lo, c) || !keeps(range.hi, c)) return false;
    for (std::int64_t code = range.lo + 1; code < range.hi; ++code) {
      if (!keeps(code, c)) return false;
    }
  }
  return true;
}

bool refuse_padding(Scope& scope, const Stream& stream) {
  if (!stream.padding.any()) return true;
  scope.fail(diagnostics::kPadUse);
  return false;
}

std::optional<std::vector<Rational>> channel_values(Scope& scope, Stream& stream, const Constant& constant,
                                                    std::string_view name) {
  while (stream.layout.dims.size() < constant.shape.size())
    stream.layout.dims.insert(stream.layout.dims.begin(), 1);
  if (constant.size() == 1) return std::vector<Rational>{constant.at(0)};
  const auto elements =
      channel_elements(stream.layout, stream.frame, constant.shape,
                       [&](std::size_t a, std::size_t b) { return constant.at(a) == constant.at(b); });
  if (!elements && constant.shape.size() == stream.layout.dims.size() && stream.layout.dims[0] == 1 &&
      constant.shape[0] > 1) {
    scope.fail(diagnostics::kConstant, {std::string(name), "of shape " + shape_text(constant.shape),
                                        "a first dimension of 1, the same for every image of a batch,"});
    return std::nullopt;
  }
  if (!elements) {
    scope.fail(diagnostics::kPixelConstant,
               {std::string(name), shape_text(constant.shape), shape_text(stream.layout.dims)});
    return std::nullopt;
  }
  std::vector<Rational> values;
  for (const std::size_t element : *elements) values.push_back(constant.at(element));
  if (uniform(values)) values.resize(1);
  return values;
}

}  // namespace bitmason::import
