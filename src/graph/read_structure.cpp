#include <fmt/format.h>

#include <algorithm>

#include "graph/reader_internal.hpp"

/// Handlers of pooling, reordering and what only names a value.
namespace bitmason::graph {

void Reader::read_relu() {
  if (!need_value(0)) return;
  const Operand x = input(0);
  const auto* pool = x.value > 0 ? std::get_if<MaxPool>(&graph_.steps.back().operation) : nullptr;
  if (pool == nullptr || x.value != graph_.output() || uses_[node_->inputs[0]] > 1)
    return append(Relu{}, {x}, x.flat);
  // The largest of what is not negative: before the pool, the quantiser needs no sign.
  const Step pooled = graph_.steps.back();
  const ir::Shape after = shape(x);
  graph_.steps.pop_back();
  shapes_.pop_back();
  append(Relu{}, {{nullptr, {}, pooled.inputs[0], false}}, false);
  const Operand relu = operands_.at(node_->outputs[0]);
  graph_.steps.push_back({pooled.name, pooled.operation, {relu.value}});
  shapes_.push_back(after);
  define({nullptr, {}, graph_.output(), false});
}

void Reader::read_max_pool() {
  if (!need_value(0, false)) return;
  if (const auto window = this->window({})) append(MaxPool{*window}, {input(0)}, false);
}

void Reader::read_average_pool() {
  if (!need_value(0, false)) return;
  const auto window = this->window({});
  if (!window) return;
  if (window->has_padding() && !need_attribute("count_include_pad", 1, 0)) return;
  append(AveragePool{*window}, {input(0)}, false);
}

void Reader::read_global_average_pool() {
  if (!need_value(0, false)) return;
  const ir::Shape frame = shape(input(0));
  append(AveragePool{{.kernel_h = frame.height, .kernel_w = frame.width}}, {input(0)}, false);
}

void Reader::read_reduce_mean() {
  using Ints = std::vector<std::int64_t>;
  if (!need_value(0, false)) return;
  Ints axes = integers("axes", {});
  if (has(1)) {
    const auto* constant = need_constant(1);
    if (constant == nullptr) return;
    axes = constant->integers;
  }
  for (auto& axis : axes) axis += axis < 0 ? 4 : 0;
  std::ranges::sort(axes);
  if (axes != Ints{2, 3})
    return fail(diagnostics::kAttribute, {"axes", fmt::format("[{}]", fmt::join(axes, ", ")), "[2, 3]"});
  const ir::Shape frame = shape(input(0));
  append(AveragePool{{.kernel_h = frame.height, .kernel_w = frame.width}}, {input(0)}, false);
  if (integer("keepdims", 1) == 0) append(Flatten{}, {operands_.at(node_->outputs[0])}, true);
}

void Reader::read_concat() {
  const std::int64_t axis = integer("axis", 1);
  std::vector<Operand> inputs;
  for (std::size_t i = 0; i < node_->inputs.size(); ++i) {
    if (!need_value(i)) return;
    inputs.push_back(input(i));
    if (inputs[i].flat != inputs[0].flat)
      return fail(diagnostics::kOperand, {std::to_string(i + 1), "of another rank", "the same"});
  }
  if (inputs.empty()) return fail(diagnostics::kOperand, {"1", "missing", "a value of the network"});
  const std::int64_t rank = inputs[0].flat ? 2 : 4;
  if (axis != 1 && axis + rank != 1)
    return fail(diagnostics::kAttribute, {"axis", std::to_string(axis), "1"});
  append(Concat{}, inputs, inputs[0].flat);
}

void Reader::read_space_to_depth() {
  if (!need_value(0, false)) return;
  const std::int64_t block = integer("blocksize", 0);
  if (block < 1 || block > 64)
    return fail(diagnostics::kAttribute, {"blocksize", std::to_string(block), "1 to 64"});
  append(SpaceToDepth{static_cast<int>(block)}, {input(0)}, false);
}

void Reader::read_flatten() {
  if (!need_value(0)) return;
  const std::int64_t axis = integer("axis", 1);
  if (axis != 1) return fail(diagnostics::kAttribute, {"axis", std::to_string(axis), "1"});
  if (input(0).flat) return define(input(0));
  append(Flatten{}, {input(0)}, true);
}

void Reader::read_reshape() {
  const auto* target = need_constant(1);
  if (!need_value(0) || target == nullptr) return;
  const auto& dims = target->integers;
  const std::int64_t elements = shape(input(0)).elements();
  const bool to_vector = dims.size() == 2 && (dims[0] == 1 || dims[0] == -1 || dims[0] == 0) &&
                         (dims[1] == elements || (dims[1] == -1 && dims[0] != -1));
  if (!to_vector)
    return fail(diagnostics::kOperand,
                {"2", fmt::format("[{}]", fmt::join(dims, ", ")), fmt::format("[1, {}]", elements)});
  if (input(0).flat) return define(input(0));
  append(Flatten{}, {input(0)}, true);
}

void Reader::read_transpose() {
  using Ints = std::vector<std::int64_t>;
  const auto* constant = is_constant(0) ? input(0).constant.get() : nullptr;
  if (constant == nullptr) return fail(diagnostics::kOperator, {"Transpose of what is computed"});
  if (constant->shape.size() != 2 || integers("perm", Ints{1, 0}) != Ints{1, 0})
    return fail(diagnostics::kAttribute, {"perm", "another", "[1, 0] of a matrix"});
  onnxio::Tensor result{constant->name, {constant->shape[1], constant->shape[0]}, "float64", {}, {}};
  const auto values = reals_of(*constant);
  const auto rows = static_cast<std::size_t>(constant->shape[0]);
  const auto columns = static_cast<std::size_t>(constant->shape[1]);
  for (std::size_t c = 0; c < columns; ++c) {
    for (std::size_t r = 0; r < rows; ++r) result.reals.push_back(values[r * columns + c]);
  }
  define({std::make_shared<onnxio::Tensor>(std::move(result)), input(0).quantiser, 0, false});
}

void Reader::read_alias() {
  if (has(0)) define(input(0));
}

void Reader::read_softmax() {
  if (!need_value(0)) return;
  if (node_->outputs[0] != model_.outputs[0].name)
    return fail(diagnostics::kOperator, {"Softmax in the middle of the network"});
  define(input(0));
}

void Reader::read_constant() {
  const auto found = node_->attributes.find("value");
  const auto* tensor =
      found == node_->attributes.end() ? nullptr : std::get_if<onnxio::Tensor>(&found->second);
  if (tensor == nullptr) return fail(diagnostics::kAttribute, {"value", "no tensor", "a tensor"});
  define({std::make_shared<onnxio::Tensor>(*tensor), {}, 0, false});
}

}  // namespace bitmason::graph
