#include "support/float_quantisers.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "support/exact_operators.hpp"

namespace bitmason::test {

namespace {

const std::set<std::string> kProducts{"Conv", "ConvTranspose", "Gemm", "MatMul"};
/// Sums of products with non-negative factors grow with every input.
const std::set<std::string> kSums{"Conv",
                                  "Gemm",
                                  "MatMul",
                                  "Mul",
                                  "Div",
                                  "Add",
                                  "Sub",
                                  "AveragePool",
                                  "GlobalAveragePool",
                                  "BatchNormalization"};
const std::set<std::string> kSteady{"MaxPool", "Relu", "Clip"};
const std::set<std::string> kMoves{"Reshape",   "Flatten", "Transpose", "Concat",  "Squeeze",
                                   "Unsqueeze", "Pad",     "Identity",  "Dropout", "SpaceToDepth"};

class GraphQuantiser {
 public:
  GraphQuantiser(const onnxio::Model& model, const ExactValues& inputs) : inputs_(inputs) {
    result_.model = model;
    result_.model.opsets["qonnx.custom_op.general"] = 1;
  }

  QuantisedGraph run() {
    double magnitude = 0;
    for (const auto& [name, values] : inputs_) magnitude = std::max(magnitude, largest(values));
    for (const onnxio::ValueInfo& input : result_.model.inputs) add(input.name, magnitude);
    for (const std::string& name : weights()) add(name, largest(from_tensor(initializer(name))));
    for (onnxio::Node& node : result_.model.nodes) {
      for (std::string& input : node.inputs) {
        if (const auto found = result_.renamed.find(input); found != result_.renamed.end())
          input = found->second;
      }
    }
    auto& nodes = result_.model.nodes;
    nodes.insert(nodes.begin(), quantisers_.begin(), quantisers_.end());
    return std::move(result_);
  }

 private:
  static double largest(const Exact& tensor) {
    Rational result;
    for (const Rational& value : tensor.values) result = std::max(result, value.abs());
    return result.sign() == 0 ? 1 : result.to_double();
  }

  const onnxio::Tensor& initializer(const std::string& name) const {
    return *std::ranges::find(result_.model.initializers, name, &onnxio::Tensor::name);
  }

  /// Initializers that reach the second input of a product, straight or through a Transpose.
  std::set<std::string> weights() const {
    std::map<std::string, std::string> source;
    std::set<std::string> found;
    for (const onnxio::Tensor& tensor : result_.model.initializers) source[tensor.name] = tensor.name;
    for (const onnxio::Node& node : result_.model.nodes) {
      if (node.op_type == "Transpose" && source.contains(node.inputs.at(0)))
        source[node.outputs.at(0)] = source.at(node.inputs[0]);
      if (kProducts.contains(node.op_type) && source.contains(node.inputs.at(1)))
        found.insert(source.at(node.inputs[1]));
    }
    return found;
  }

  std::string constant(const std::string& name, double value) {
    result_.model.initializers.push_back({name, {}, "float64", {}, {value}});
    return name;
  }

  void add(const std::string& name, double magnitude) {
    const std::string quantised = name + "_quantised";
    const double scale = magnitude / 127;
    quantisers_.push_back(
        {quantised,
         "IntQuant",
         "qonnx.custom_op.general",
         {name, constant(name + "_scale", scale), constant(name + "_zero", 0), constant(name + "_bits", 8)},
         {quantised},
         {{"signed", std::int64_t{1}},
          {"narrow", std::int64_t{1}},
          {"rounding_mode", std::string("ROUND")}}});
    result_.renamed[name] = quantised;
    result_.half_steps[name] = Rational::from_double(scale) / Rational(2);
  }

  const ExactValues& inputs_;
  QuantisedGraph result_;
  std::vector<onnxio::Node> quantisers_;
};

Exact magnitudes(const Exact& a) {
  return map(a, [](const Rational& x) { return x.abs(); });
}

Exact plus(const Exact& a, const Exact& b) {
  return broadcast(a, b, [](const Rational& x, const Rational& y) { return x + y; });
}

Exact minus(const Exact& a, const Exact& b) {
  return broadcast(a, b, [](const Rational& x, const Rational& y) { return x - y; });
}

/// The node with its attributes made non-negative and Sub made Add, applied to the operands by name.
Exact apply(onnxio::Node node, std::int64_t opset, const ExactValues& operands) {
  if (node.op_type == "Sub") node.op_type = "Add";
  for (const char* name : {"alpha", "beta"}) {
    const auto found = node.attributes.find(name);
    if (found != node.attributes.end()) found->second = std::abs(std::get<double>(found->second));
  }
  const std::string output = node.outputs.front();
  onnxio::Model single;
  single.opsets[""] = opset;
  single.nodes.push_back(std::move(node));
  return interpret(single, operands).at(output);
}

/// Terms of the longest sum that one output element of the node is.
std::int64_t terms(const onnxio::Node& node, const ExactValues& operands) {
  const auto& shape = operands.at(node.inputs[0]).shape;
  if (node.op_type == "Conv") {
    const auto& weights = operands.at(node.inputs[1]).shape;
    return element_count(weights) / weights[0] + 1;
  }
  if (node.op_type == "Gemm" || node.op_type == "MatMul") return *std::ranges::max_element(shape) + 1;
  if (node.op_type.ends_with("Pool")) return element_count(shape) + 1;
  return 8;
}

class Bounds {
 public:
  Bounds(const onnxio::Model& model, const QuantisedGraph& quantised, const ExactValues& values)
      : quantised_(quantised), values_(values) {
    if (const auto found = model.opsets.find(""); found != model.opsets.end()) opset_ = found->second;
    for (const auto& [name, half_step] : quantised.half_steps)
      errors_[name] = map(values.at(name), [&](const Rational&) { return half_step; });
    for (const onnxio::Node& node : model.nodes) {
      if (node.op_type != "Constant") errors_[node.outputs.front()] = of(node);
    }
  }

  ExactValues take() { return std::move(errors_); }

 private:
  const Exact& value(const std::string& name) const {
    const auto found = quantised_.renamed.find(name);
    return values_.at(found == quantised_.renamed.end() ? name : found->second);
  }

  Exact error(const std::string& name) const {
    if (const auto found = errors_.find(name); found != errors_.end()) return found->second;
    return map(value(name), [](const Rational&) { return Rational(); });
  }

  Exact of(const onnxio::Node& node) const {
    if (kSums.contains(node.op_type)) return of_sum(node);
    if (!kSteady.contains(node.op_type) && !kMoves.contains(node.op_type))
      throw std::runtime_error(node.op_type + " has no error bound");
    onnxio::Node moved = node;
    // A clamp at other bounds than its own moves errors, not values; padding is exact.
    if (node.op_type == "Clip" || node.op_type == "Relu") moved.op_type = "Identity";
    moved.attributes.erase("value");
    ExactValues operands;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const bool data = i == 0 || node.op_type == "Concat";
      operands[node.inputs[i]] = data ? error(node.inputs[i]) : value(node.inputs[i]);
    }
    return apply(moved, opset_, operands);
  }

  Exact of_sum(const onnxio::Node& node) const {
    ExactValues exact;
    ExactValues extended;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const std::string& name = node.inputs[i];
      exact[name] = magnitudes(value(name));
      // The mean is subtracted.
      if (node.op_type == "BatchNormalization" && i == 3)
        exact[name] = map(exact[name], [](const Rational& x) { return -x; });
      extended[name] = plus(exact[name], error(name));
    }
    const Exact most = apply(node, opset_, extended);
    const Rational rounding(terms(node, exact), std::int64_t{1} << 24);
    const Exact rounded = map(most, [&](const Rational& x) { return x * rounding; });
    return plus(minus(most, apply(node, opset_, exact)), rounded);
  }

  const QuantisedGraph& quantised_;
  const ExactValues& values_;
  std::int64_t opset_ = 13;
  ExactValues errors_;
};

}  // namespace

QuantisedGraph quantise_graph(const onnxio::Model& model, const ExactValues& inputs) {
  return GraphQuantiser(model, inputs).run();
}

ExactValues error_bounds(const onnxio::Model& model, const QuantisedGraph& quantised,
                         const ExactValues& values) {
  return Bounds(model, quantised, values).take();
}

}  // namespace bitmason::test
