#include <algorithm>

#include "ir/text_json_internal.hpp"

namespace bitmason::ir::text {

namespace {

struct WriteStep {
  Json operator()(const AffineStep& step) const {
    return {{"step", "affine"}, {"scale", to_json(step.scale)}, {"offset", to_json(step.offset)}};
  }
  Json operator()(const ClampStep& step) const {
    return {{"step", "clamp"}, {"lo", step.lo.to_string()}, {"hi", step.hi.to_string()}};
  }
  Json operator()(const ReluStep&) const { return {{"step", "relu"}}; }
  Json operator()(const RoundStep& step) const {
    return {{"step", "round"}, {"mode", name_of(step.rounding)}};
  }
  Json operator()(const CountStep& step) const {
    return {{"step", "count"}, {"rows", step.rows}, {"thresholds", to_json(step.thresholds)}};
  }
};

Json write_function(const ScalarFunction& function) {
  Json steps = Json::array();
  for (const ScalarStep& step : function) steps.push_back(std::visit(WriteStep{}, step));
  return steps;
}

std::vector<Rational> read_channels(const Node& node, int channels) {
  std::vector<Rational> values = node.rationals();
  node.require(values.size() == 1 || values.size() == static_cast<std::size_t>(channels));
  return values;
}

CountStep read_count(const Node& node, int channels) {
  CountStep step{node["rows"].small(), node["thresholds"].rationals()};
  node["rows"].require(step.rows == 1 || step.rows == channels);
  const auto rows = static_cast<std::size_t>(std::max(step.rows, 1));
  const std::size_t length = step.thresholds.size() / rows;
  node["thresholds"].require(length * rows == step.thresholds.size());
  for (std::size_t k = 1; k < step.thresholds.size(); ++k) {
    node["thresholds"][k].require(k % length == 0 || step.thresholds[k - 1] <= step.thresholds[k]);
  }
  return step;
}

ScalarStep read_step(const Node& node, int channels) {
  switch (node["step"].choice({"affine", "clamp", "relu", "round", "count"})) {
    case 0:
      return AffineStep{read_channels(node["scale"], channels), read_channels(node["offset"], channels)};
    case 1:
      return ClampStep{node["lo"].rational(), node["hi"].rational()};
    case 2:
      return ReluStep{};
    case 3: {
      const auto rounding = rounding_from_name(node["mode"].string());
      node["mode"].require(rounding.has_value());
      return RoundStep{rounding.value_or(Rounding::HalfEven)};
    }
    default:
      return read_count(node, channels);
  }
}

ScalarFunction read_function(const Node& node, int channels) {
  return node.list([&](const Node& step) { return read_step(step, channels); });
}

Json write_layout(const FileLayout& layout) {
  Json json{{"file_shape", layout.file_shape}};
  if (!layout.map.empty()) json["map"] = layout.map;
  return json;
}

FileLayout read_layout(const Node& node, const Shape& shape) {
  FileLayout layout{node["file_shape"].integers(), {}};
  std::int64_t elements = 1;
  for (std::size_t d = 0; d < layout.file_shape.size(); ++d) {
    const std::int64_t size = layout.file_shape[d];
    node["file_shape"][d].require(size >= 1 && size <= shape.elements());
    elements = std::min(elements * std::clamp<std::int64_t>(size, 1, shape.elements()), shape.elements() + 1);
  }
  node["file_shape"].require(layout.file_shape.empty() ||
                             (elements == shape.elements() && layout.file_shape.front() == 1));
  if (!node.has("map")) return layout;
  layout.map = node["map"].list(
      [&](const Node& entry) { return static_cast<std::int32_t>(entry.integer(0, shape.elements() - 1)); });
  std::vector<std::int32_t> sorted = layout.map;
  std::ranges::sort(sorted);
  bool permutation = static_cast<std::int64_t>(sorted.size()) == shape.elements();
  for (std::size_t i = 0; permutation && i < sorted.size(); ++i)
    permutation = sorted[i] == static_cast<std::int32_t>(i);
  node["map"].require(permutation);
  return layout;
}

struct WriteTail {
  Json operator()(const SoftmaxTail& tail) const { return {{"tail", "softmax"}, {"axis", tail.axis}}; }
  Json operator()(const ArgMaxTail& tail) const {
    return {{"tail", "argmax"},
            {"axis", tail.axis},
            {"keep_dims", tail.keep_dims},
            {"last_index", tail.last_index}};
  }
  Json operator()(const TopOneTail& tail) const {
    return {{"tail", "top_one"}, {"axis", tail.axis}, {"largest", tail.largest}, {"indices", tail.indices}};
  }
  Json operator()(const SigmoidTail&) const { return {{"tail", "sigmoid"}}; }
};

/// Reads one operator on a tensor of `rank` dimensions and updates the rank.
HostTail read_tail(const Node& node, std::int64_t& rank) {
  const std::size_t kind = node["tail"].choice({"softmax", "argmax", "top_one", "sigmoid"});
  if (kind == 3) return SigmoidTail{};
  const auto axis = static_cast<int>(node["axis"].integer(-rank, rank - 1));
  if (kind == 0) return SoftmaxTail{axis};
  if (kind == 2) return TopOneTail{axis, node["largest"].boolean(), node["indices"].boolean()};
  const ArgMaxTail tail{axis, node["keep_dims"].boolean(), node["last_index"].boolean()};
  if (!tail.keep_dims) --rank;
  return tail;
}

}  // namespace

Json write_port(const InputPort& port) {
  return {{"name", port.name},
          {"layer", port.layer},
          {"layout", write_layout(port.layout)},
          {"quantise", write_function(port.quantise)},
          {"scale", port.scale.to_string()},
          {"offset", port.offset.to_string()}};
}

Json write_port(const OutputPort& port) {
  Json tails = Json::array();
  for (const HostTail& tail : port.tail) tails.push_back(std::visit(WriteTail{}, tail));
  return {{"name", port.name},
          {"layer", port.layer},
          {"layout", write_layout(port.layout)},
          {"dequantise", write_function(port.dequantise)},
          {"tail", tails},
          {"tail_shape", port.tail_shape}};
}

InputPort read_input_port(const Node& node, const Shape& shape) {
  return {.name = node["name"].string(),
          .layer = node["layer"].small(),
          .layout = read_layout(node["layout"], shape),
          .quantise = read_function(node["quantise"], shape.channels),
          .scale = node["scale"].rational(),
          .offset = node["offset"].rational()};
}

OutputPort read_output_port(const Node& node, const Shape& shape) {
  OutputPort port{.name = node["name"].string(),
                  .layer = node["layer"].small(),
                  .layout = read_layout(node["layout"], shape),
                  .dequantise = read_function(node["dequantise"], shape.channels),
                  .tail = {},
                  .tail_shape = node["tail_shape"].integers()};
  const std::size_t dimensions = port.layout.file_shape.size();
  auto rank = static_cast<std::int64_t>(dimensions == 0 ? 4 : dimensions);
  port.tail = node["tail"].list([&](const Node& tail) { return read_tail(tail, rank); });
  node["tail_shape"].require(port.tail.empty() || !port.tail_shape.empty());
  return port;
}

}  // namespace bitmason::ir::text
