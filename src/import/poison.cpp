#include "import/poison.hpp"

#include <algorithm>
#include <array>

#include "import/linear.hpp"

namespace bitmason::import {

namespace {

constexpr std::array<std::string_view, 5> kNonlinear{"Relu", "Clip", "MaxPool", "GlobalMaxPool", "Sigmoid"};
constexpr std::array<std::string_view, 6> kQuantising{"Quant",          "IntQuant", "BipolarQuant",
                                                      "MultiThreshold", "Trunc",    "QuantizeLinear"};

bool is_linear(const onnxio::Node& node) {
  return node.op_type == "Conv" || node.op_type == "Gemm" || node.op_type == "MatMul";
}

/// Elements of the weights in groups of one output each.
std::vector<std::int64_t> by_output(const onnxio::Node& node, const Constant& weights, std::size_t& outputs) {
  std::vector<std::int64_t> element(weights.size());
  for (std::size_t i = 0; i < element.size(); ++i) element[i] = static_cast<std::int64_t>(i);
  const auto found = node.attributes.find("transB");
  const auto* flag = found == node.attributes.end() ? nullptr : std::get_if<std::int64_t>(&found->second);
  const bool rows = node.op_type == "Conv" || (flag != nullptr && *flag != 0);
  outputs = static_cast<std::size_t>(rows ? weights.shape.front() : weights.shape.back());
  if (rows || outputs == 0) return element;
  const std::size_t inputs = element.size() / outputs;
  for (std::size_t o = 0; o < outputs; ++o) {
    for (std::size_t k = 0; k < inputs; ++k)
      element[o * inputs + k] = static_cast<std::int64_t>(k * outputs + o);
  }
  return element;
}

}  // namespace

void examine_poisoned(Scope& scope) {
  const onnxio::Node& node = scope.node;
  if (const auto found = node.attributes.find("kernel_shape"); found != node.attributes.end()) {
    const auto* kernel = std::get_if<std::vector<std::int64_t>>(&found->second);
    if (kernel != nullptr && kernel->size() > 2) {
      scope.fail(diagnostics::kOperator,
                 {std::to_string(kernel->size()) + "-D " + node.op_type, "use the 1-D or 2-D operator"});
      return;
    }
  }
  if (!is_linear(node)) return;
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
    if (!scope.has(i)) continue;
    if (const auto* poison = std::get_if<Poison>(&scope.value(i)); poison != nullptr && poison->unquantised)
      scope.fail(diagnostics::kNoActivationQuantiser, {node.inputs[i]});
  }
  if (const Constant* weights = scope.constant(1);
      weights != nullptr && weights->shape.size() >= 2 && weights->size() > 0) {
    std::size_t outputs = 0;
    auto element = by_output(node, *weights, outputs);
    check_weights(scope, *weights, std::move(element), outputs);
  }
}

Poison poison_after(const Scope& scope) {
  const std::string& type = scope.node.op_type;
  if (std::ranges::count(kNonlinear, type) > 0) return {.unquantised = true};
  if (std::ranges::count(kQuantising, type) > 0 || is_linear(scope.node)) return {};
  Poison result;
  for (std::size_t i = 0; i < scope.node.inputs.size(); ++i) {
    if (!scope.has(i)) continue;
    const auto found = scope.session.values.find(scope.node.inputs[i]);
    if (found == scope.session.values.end()) continue;
    const auto* poison = std::get_if<Poison>(&found->second);
    result.unquantised = result.unquantised || (poison != nullptr && poison->unquantised);
  }
  return result;
}

}  // namespace bitmason::import
