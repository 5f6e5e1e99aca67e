#include "ir/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/json_internal.hpp"
#include "ir/diagnostics.hpp"
#include "ir/infer.hpp"
#include "ir/text_json_internal.hpp"

namespace bitmason::ir {

namespace {

using text::Json;
using text::Node;

constexpr std::string_view kFormat = "bitmason-network";
constexpr int kVersion = 1;

Json write_layer(const Layer& layer) {
  Json json{{"name", layer.name}};
  Json inputs = Json::array();
  for (const TensorId input : layer.inputs) inputs.push_back(input.index);
  json["inputs"] = inputs;
  json["shape"] = {layer.type.shape.channels, layer.type.shape.height, layer.type.shape.width};
  json["range"] = text::to_json(layer.type.range);
  text::write_operation(layer.operation, json);
  return json;
}

/// Builds the network layer by layer, so that a text is checked like an imported file.
class Parser {
 public:
  explicit Parser(const Json& json) : root_(json, "", failure_), builder_(root_["name"].string()) {}

  Result<Network> parse() && {
    root_["format"].require(root_["format"].string() == kFormat);
    root_["version"].require(root_["version"].integer() == kVersion);
    const Node layers = root_["layers"];
    for (std::size_t i = 0; i < layers.size() && !failure_; ++i) {
      if (auto status = add_layer(layers[i], static_cast<int>(i)); !status) return status.errors();
    }
    root_["inputs"].require(next_input_ == root_["inputs"].size());
    const Node outputs = root_["outputs"];
    for (std::size_t i = 0; i < outputs.size() && !failure_; ++i) {
      if (auto status = add_output(outputs[i]); !status) return status.errors();
    }
    if (failure_) return malformed();
    return std::move(builder_).build();
  }

 private:
  [[nodiscard]] Diagnostic malformed() const {
    return make_diagnostic(diagnostics::kText, "", {failure_->empty() ? "the whole" : *failure_});
  }

  Status add_layer(const Node& layer, int index) {
    const std::string name = layer["name"].string();
    layer["name"].require(names_.insert(name).second);
    Operation operation = text::read_operation(layer);
    const auto inputs = layer["inputs"].list([](const Node& node) { return TensorId{node.small()}; });
    if (failure_) return malformed();
    const auto* input = std::get_if<Input>(&operation);
    const Node ports = root_["inputs"];
    const bool has_port = input != nullptr && next_input_ < ports.size() &&
                          ports[next_input_]["layer"].small() == index && inputs.empty();
    if (has_port) {
      // Only a shape within the limits may size the port's layout.
      if (auto type = infer(name, operation, {}); !type) return type.errors();
      auto port = text::read_input_port(ports[next_input_++], input->type.shape);
      if (failure_) return malformed();
      const auto id = builder_.add_input(name, input->type, std::move(port));
      return id ? success() : Status(id.errors());
    }
    const auto id = builder_.add(name, std::move(operation), inputs);
    if (!id) return id.errors();
    const TensorType& type = builder_.type(*id);
    layer["range"].require(layer["range"].range() == type.range);
    const Node shape = layer["shape"];
    shape.require(shape.integers() ==
                  std::vector<std::int64_t>{type.shape.channels, type.shape.height, type.shape.width});
    return success();
  }

  Status add_output(const Node& node) {
    const int layer = node["layer"].small();
    const auto count = static_cast<int>(root_["layers"].size());
    node["layer"].require(layer >= 0 && layer < count);
    if (failure_) return malformed();
    auto port = text::read_output_port(node, builder_.type({layer}).shape);
    if (failure_) return malformed();
    return builder_.add_output(std::move(port));
  }

  std::optional<std::string> failure_;
  Node root_;
  NetworkBuilder builder_;
  std::size_t next_input_ = 0;
  std::set<std::string> names_;  ///< of the layers so far
};

/// Weights and groups, pool windows and the like; what a reader wants to see beside the shape.
std::string detail_of(const Operation& operation) {
  const auto window = [](const Window& w) {
    return fmt::format("{}x{} stride {}x{}", w.kernel_h, w.kernel_w, w.stride_h, w.stride_w);
  };
  if (const auto* conv = std::get_if<Conv>(&operation)) {
    return fmt::format("{}, {}-bit weights{}", window(conv->window), conv->weights.range.bits(),
                       conv->groups > 1 ? fmt::format(", {} groups", conv->groups) : "");
  }
  if (const auto* pool = std::get_if<MaxPool>(&operation)) return window(pool->window);
  if (const auto* pool = std::get_if<SumPool>(&operation)) return window(pool->window);
  if (const auto* requantise = std::get_if<Requantise>(&operation)) {
    const bool counted = std::holds_alternative<Thresholds>(requantise->form);
    return counted ? fmt::format("{} thresholds", requantise->output().span()) : "multiplier and shift";
  }
  return "";
}

}  // namespace

std::string to_json(const Network& network) {
  Json json{{"format", kFormat}, {"version", kVersion}, {"name", network.name()}};
  json["inputs"] = Json::array();
  for (const InputPort& port : network.inputs()) json["inputs"].push_back(text::write_port(port));
  json["outputs"] = Json::array();
  for (const OutputPort& port : network.outputs()) json["outputs"].push_back(text::write_port(port));
  json["layers"] = Json::array();
  for (const Layer& layer : network.layers()) json["layers"].push_back(write_layer(layer));
  return json_text(json) + "\n";
}

Result<Network> parse_network(std::string_view json) {
  const Json parsed = Json::parse(json, nullptr, false);
  if (!parsed.is_object()) return make_diagnostic(diagnostics::kText, "", {"the whole"});
  return Parser(parsed).parse();
}

std::string summary(const Network& network) {
  std::size_t width = 5;
  for (const Layer& layer : network.layers()) width = std::max(width, layer.name.size());
  std::string text = fmt::format("{:<{}}  {:<14}  {:<16}  {:<26}  {:>4}  {}\n", "layer", width, "kind",
                                 "shape (C, H, W)", "range", "bits", "detail");
  for (const Layer& layer : network.layers()) {
    const IntRange& range = layer.type.range;
    std::string line =
        fmt::format("{:<{}}  {:<14}  {:<16}  {:<26}  {:>4}  {}", layer.name, width,
                    kind_name(layer.operation), to_text(layer.type.shape),
                    fmt::format("[{}, {}]", range.lo, range.hi), range.bits(), detail_of(layer.operation));
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text + fmt::format("{} layers, {:.2f} M multiply-accumulates a frame\n", network.layers().size(),
                            static_cast<double>(network.macs()) / 1e6);
}

}  // namespace bitmason::ir
