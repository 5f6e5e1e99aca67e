#include "ir/network.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "ir/diagnostics.hpp"
#include "ir/infer.hpp"

namespace bitmason::ir {

std::string_view kind_name(const Operation& operation) {
  static constexpr std::string_view kNames[] = {"input",    "conv",      "max_pool",       "sum_pool",
                                                "add",      "concat",    "space_to_depth", "depth_to_space",
                                                "upsample", "requantise"};
  static_assert(std::size(kNames) == std::variant_size_v<Operation>);
  return kNames[operation.index()];
}

std::string to_text(const HostTail& tail) {
  if (const auto* softmax = std::get_if<SoftmaxTail>(&tail))
    return "softmax axis " + std::to_string(softmax->axis);
  if (const auto* arg = std::get_if<ArgMaxTail>(&tail)) return "argmax axis " + std::to_string(arg->axis);
  if (const auto* top = std::get_if<TopOneTail>(&tail)) {
    return std::string(top->largest ? "largest" : "smallest") + (top->indices ? " index" : " value") +
           " axis " + std::to_string(top->axis);
  }
  return "sigmoid";
}

std::vector<TensorId> Network::users(TensorId id) const {
  std::vector<TensorId> result;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    if (std::ranges::count(layers_[i].inputs, id) > 0) result.push_back({static_cast<int>(i)});
  }
  return result;
}

std::int64_t Network::macs() const {
  std::int64_t total = 0;
  for (const Layer& layer : layers_) {
    if (const auto* conv = std::get_if<Conv>(&layer.operation)) {
      total += static_cast<std::int64_t>(conv->weights.values.size()) * layer.type.shape.height *
               layer.type.shape.width;
    }
  }
  return total;
}

std::vector<std::string> names_of(const std::vector<InputPort>& ports) {
  std::vector<std::string> names;
  names.reserve(ports.size());
  for (const InputPort& port : ports) names.push_back(port.name);
  return names;
}

std::vector<std::string> names_of(const std::vector<OutputPort>& ports) {
  std::vector<std::string> names;
  names.reserve(ports.size());
  for (const OutputPort& port : ports) names.push_back(port.name);
  return names;
}

NetworkBuilder::NetworkBuilder(std::string name) {
  network_.name_ = utf8_text(name);
}

Result<TensorId> NetworkBuilder::add_input(std::string name, TensorType type, InputPort port) {
  auto id = add(std::move(name), Input{type}, {});
  if (!id) return id;
  port.layer = id->index;
  port.name = utf8_text(port.name);
  if (std::ranges::count(names_of(network_.inputs_), port.name) > 0)
    return make_diagnostic(diagnostics::kPortTwice, port.name, {"inputs"});
  network_.inputs_.push_back(std::move(port));
  return id;
}

Result<TensorId> NetworkBuilder::add(std::string name, Operation operation, std::vector<TensorId> inputs) {
  std::vector<TensorType> types;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    if (inputs[k].index < 0 || inputs[k].index >= static_cast<int>(network_.layers_.size())) {
      return make_diagnostic(
          diagnostics::kUnknownTensor, name,
          {std::to_string(k), std::to_string(inputs[k].index), std::to_string(network_.layers_.size())});
    }
    types.push_back(network_.type(inputs[k]));
  }
  auto type = infer(name, operation, types);
  if (!type) return type.errors();
  const auto taken = [&](const std::string& candidate) {
    return std::ranges::any_of(network_.layers_, [&](const Layer& layer) { return layer.name == candidate; });
  };
  const std::string text = utf8_text(name);
  std::string unique = text;
  for (int suffix = 2; taken(unique); ++suffix) unique = text + "_" + std::to_string(suffix);
  network_.layers_.push_back({std::move(unique), std::move(inputs), std::move(operation), *type});
  return TensorId{static_cast<int>(network_.layers_.size()) - 1};
}

Status NetworkBuilder::add_output(OutputPort port) {
  if (port.layer < 0 || port.layer >= static_cast<int>(network_.layers_.size())) {
    return make_diagnostic(diagnostics::kUnknownTensor, port.name,
                           {"0", std::to_string(port.layer), std::to_string(network_.layers_.size())});
  }
  port.name = utf8_text(port.name);
  if (std::ranges::count(names_of(network_.outputs_), port.name) > 0)
    return make_diagnostic(diagnostics::kPortTwice, port.name, {"outputs"});
  network_.outputs_.push_back(std::move(port));
  return success();
}

Result<Network> NetworkBuilder::build() && {
  Network& net = network_;
  if (net.inputs_.empty()) return make_diagnostic(diagnostics::kNoInput, net.name_, {"input"});
  if (net.outputs_.empty()) return make_diagnostic(diagnostics::kNoInput, net.name_, {"output"});
  std::vector<bool> needed(net.layers_.size(), false);
  for (const OutputPort& port : net.outputs_) needed[static_cast<std::size_t>(port.layer)] = true;
  for (std::size_t i = net.layers_.size(); i-- > 0;) {
    if (!needed[i]) continue;
    for (const TensorId input : net.layers_[i].inputs) needed[static_cast<std::size_t>(input.index)] = true;
  }
  for (const InputPort& port : net.inputs_) {
    if (!needed[static_cast<std::size_t>(port.layer)]) {
      return make_diagnostic(diagnostics::kUnusedInput, net.name_, {port.name});
    }
  }
  std::vector<int> renumbered(net.layers_.size(), -1);
  std::vector<Layer> kept;
  for (std::size_t i = 0; i < net.layers_.size(); ++i) {
    if (!needed[i]) continue;
    renumbered[i] = static_cast<int>(kept.size());
    kept.push_back(std::move(net.layers_[i]));
    for (TensorId& input : kept.back().inputs)
      input.index = renumbered[static_cast<std::size_t>(input.index)];
  }
  net.layers_ = std::move(kept);
  for (InputPort& port : net.inputs_) port.layer = renumbered[static_cast<std::size_t>(port.layer)];
  for (OutputPort& port : net.outputs_) port.layer = renumbered[static_cast<std::size_t>(port.layer)];
  return std::move(net);
}

}  // namespace bitmason::ir
