#include "import/ports.hpp"

#include <algorithm>

#include "import/graph.hpp"
#include "import/stream.hpp"

namespace bitmason::import {

namespace {

constexpr std::int64_t kMaxElements = std::int64_t{1} << 24;

void collect(Diagnostics& findings, const Scope& scope) {
  findings.insert(findings.end(), scope.errors.begin(), scope.errors.end());
}

/// Frame and layout of a file shape; refused unless it has a batch and 1 to 3 known sizes.
bool set_frame(Scope& scope, const onnxio::Model& model, InputState& input) {
  const auto& shape = input.info.shape;
  const bool known = shape.size() >= 2 && shape.size() <= 4 &&
                     std::all_of(shape.begin() + 1, shape.end(), [](std::int64_t size) { return size >= 1; });
  if (!known) {
    scope.fail(diagnostics::kInputShape, {shape_text(shape)});
    return false;
  }
  std::int64_t elements = 1;
  for (std::size_t d = 1; d < shape.size(); ++d) {
    if (shape[d] > kMaxElements / elements) {
      scope.fail(diagnostics::kInputSize, {shape_text(shape), "2^24"});
      return false;
    }
    elements *= shape[d];
  }
  const auto size = [&](std::size_t d) { return static_cast<int>(shape[d]); };
  const bool last = shape.size() > 2 && is_channel_last(model, input.info.name, shape.size());
  if (shape.size() == 2) input.frame = {size(1), 1, 1};
  if (shape.size() == 3) input.frame = last ? ir::Shape{size(2), 1, size(1)} : ir::Shape{size(1), 1, size(2)};
  if (shape.size() == 4)
    input.frame = last ? ir::Shape{size(3), size(1), size(2)} : ir::Shape{size(1), size(2), size(3)};
  input.layout = canonical_layout(input.frame, shape.size());
  if (last && shape.size() == 3) input.layout = transposed(input.layout, {0, 2, 1});
  if (last && shape.size() == 4) input.layout = transposed(input.layout, {0, 2, 3, 1});
  return true;
}

/// Real values are codes of this type, scaled.
Quantiser typed_quantiser(const IntRange& range, const Rational& scale, const Rational& offset) {
  Quantiser quantiser{.steps = {}, .range = range, .value = {}};
  // No clamp: a value beyond the codes is a mistake of the caller, which the simulator names.
  append_affine(quantiser.steps, {Rational(1) / scale}, {-offset / scale});
  quantiser.steps.emplace_back(ir::RoundStep{Rounding::HalfEven});
  append_affine(quantiser.value, {scale}, {offset});
  return quantiser;
}

std::optional<Quantiser> input_quantiser(const Session& session, const InputState& input) {
  const Options& options = session.options;
  if (!options.input_type.empty())
    return typed_quantiser(*range_of_type(options.input_type), options.input_scale, options.input_offset);
  const auto range = range_of_type(input.info.type);
  if (!range || range->bits() > 16) return std::nullopt;
  return typed_quantiser(*range, Rational(1), Rational(0));
}

struct ShiftAxis {
  void operator()(ir::SoftmaxTail& tail) const { ++tail.axis; }
  void operator()(ir::ArgMaxTail& tail) const { ++tail.axis; }
  void operator()(ir::TopOneTail& tail) const { ++tail.axis; }
  void operator()(ir::SigmoidTail&) const {}
};

void declare_output(Session& session, const onnxio::ValueInfo& info, Diagnostics& findings) {
  const onnxio::Node node{.name = "output " + info.name, .op_type = "Output", .inputs = {info.name}};
  Scope scope(session, node);
  const auto found = session.values.find(info.name);
  if (found == session.values.end()) {
    scope.fail(diagnostics::kCycle, {info.name});
  } else if (std::holds_alternative<ConstantPtr>(found->second)) {
    scope.fail(diagnostics::kOutputConstant);
  } else if (!std::holds_alternative<Poison>(found->second)) {
    const auto* host = std::get_if<HostStream>(&found->second);
    Stream stream = host != nullptr ? host->stream : std::get<Stream>(found->second);
    if (refuse_padding(scope, stream) && settle(scope, stream)) {
      ir::OutputPort port{.name = info.name,
                          .layer = stream.tensor.index,
                          .layout = file_layout(stream.layout),
                          .dequantise = stream.value};
      port.tail_shape = port.layout.file_shape;
      if (host != nullptr) {
        port.tail = host->tail;
        port.tail_shape = host->shape;
        // A missing batch dimension is put in front, so axes move with it.
        if (port.layout.file_shape.size() > stream.layout.dims.size()) {
          for (ir::HostTail& tail : port.tail) std::visit(ShiftAxis{}, tail);
        }
        if (port.tail_shape.empty() || port.tail_shape.front() != 1)
          port.tail_shape.insert(port.tail_shape.begin(), 1);
      }
      if (auto status = session.builder.add_output(std::move(port)); !status) scope.errors = status.errors();
    }
  }
  collect(findings, scope);
}

}  // namespace

Diagnostics check_options(const Options& options) {
  if (options.input_type.empty()) return {};
  const auto range = range_of_type(options.input_type);
  if (!range || range->bits() > 16)
    return {make_diagnostic(diagnostics::kInputType, "--input-type", {options.input_type})};
  if (options.input_scale.sign() <= 0)
    return {make_diagnostic(diagnostics::kInputScale, "--input-scale", {options.input_scale.to_string()})};
  return {};
}

void declare_inputs(Session& session, Diagnostics& findings) {
  for (const onnxio::ValueInfo& info : session.model.inputs) {
    const int index = static_cast<int>(session.inputs.size());
    session.inputs.push_back({.info = info});
    InputState& input = session.inputs.back();
    const onnxio::Node node{.name = info.name, .op_type = "Input", .outputs = {info.name}};
    Scope scope(session, node);
    Value value = Poison{};
    if (set_frame(scope, session.model, input)) {
      Stream stream{.input = index, .frame = input.frame, .layout = input.layout};
      const auto quantiser = input_quantiser(session, input);
      if (!quantiser || (quantise(scope, stream, *quantiser) && settle(scope, stream)))
        value = std::move(stream);
    }
    session.values[info.name] = std::move(value);
    collect(findings, scope);
  }
}

void declare_outputs(Session& session, Diagnostics& findings) {
  for (const onnxio::ValueInfo& info : session.model.outputs) declare_output(session, info, findings);
}

}  // namespace bitmason::import
