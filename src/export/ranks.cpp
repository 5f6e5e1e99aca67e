#include "export/ranks.hpp"

#include <algorithm>

namespace bitmason::exporting {

Ranks::Ranks(const onnxio::Model& model) {
  std::map<std::string, const onnxio::Tensor*> constants;
  for (const onnxio::Tensor& tensor : model.initializers) {
    constants[tensor.name] = &tensor;
    ranks_[tensor.name] = static_cast<int>(tensor.shape.size());
  }
  for (const onnxio::ValueInfo& input : model.inputs)
    ranks_[input.name] = static_cast<int>(input.shape.size());
  for (const onnxio::Node& node : model.nodes) infer(node, constants);
}

std::optional<int> Ranks::of(const std::string& value) const {
  const auto found = ranks_.find(value);
  return found == ranks_.end() ? std::nullopt : std::optional(found->second);
}

void Ranks::infer(const onnxio::Node& node, const std::map<std::string, const onnxio::Tensor*>& constants) {
  if (node.inputs.empty() || node.outputs.empty()) return;
  // Operators that broadcast take the largest rank; most others keep that of their first input.
  std::optional<int> rank = of(node.inputs[0]);
  const auto axes = [&]() -> std::optional<int> {
    if (const auto found = node.attributes.find("axes"); found != node.attributes.end()) {
      if (const auto* list = std::get_if<std::vector<std::int64_t>>(&found->second))
        return static_cast<int>(list->size());
    }
    const auto constant = node.inputs.size() > 1 ? constants.find(node.inputs[1]) : constants.end();
    if (constant == constants.end()) return std::nullopt;
    return static_cast<int>(constant->second->size());
  };
  if (node.op_type == "Reshape") {
    rank = axes();
  } else if (node.op_type == "Flatten" || node.op_type == "Gemm") {
    rank = 2;
  } else if (node.op_type == "Squeeze" || node.op_type == "Unsqueeze") {
    const auto count = axes();
    if (!rank || !count) return;
    rank = node.op_type == "Squeeze" ? *rank - *count : *rank + *count;
  } else if (node.op_type == "Shape") {
    rank = 1;
  } else if (node.op_type == "Add" || node.op_type == "Sub" || node.op_type == "Mul" ||
             node.op_type == "Div" || node.op_type == "MatMul") {
    for (const std::string& input : node.inputs) {
      const auto other = of(input);
      if (!other) return;
      rank = std::max(*rank, *other);
    }
  } else if (node.op_type == "Constant") {
    return;
  }
  if (!rank) return;
  for (const std::string& output : node.outputs) ranks_[output] = *rank;
}

}  // namespace bitmason::exporting
