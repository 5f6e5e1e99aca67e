#include "graph/graph.hpp"

#include <algorithm>
#include <cmath>

namespace bitmason::graph {

IntRange WeightQuantiser::range() const {
  if (bits == 1) return {-1, 1};
  return narrow ? IntRange::narrow_bits(bits) : IntRange::signed_bits(bits);
}

std::string_view kind_name(const Operation& operation) {
  static constexpr std::string_view kNames[] = {"Conv",         "Linear",      "BatchNorm", "Relu",
                                                "MaxPool",      "AveragePool", "Add",       "Concat",
                                                "SpaceToDepth", "Flatten",     "Quantise"};
  static_assert(std::size(kNames) == std::variant_size_v<Operation>);
  return kNames[operation.index()];
}

const Weights* Step::weights() const {
  if (const auto* conv = std::get_if<Conv>(&operation)) return &conv->weights;
  if (const auto* linear = std::get_if<Linear>(&operation)) return &linear->weights;
  return nullptr;
}

Weights* Step::weights() {
  return const_cast<Weights*>(std::as_const(*this).weights());
}

bool is_quantised(const Graph& graph) {
  return std::ranges::any_of(
      graph.steps, [](const Step& step) { return std::holds_alternative<Quantise>(step.operation); });
}

std::vector<std::int32_t> codes_of(const Weights& weights) {
  const auto& quantiser = weights.quantiser;
  const IntRange range = quantiser.range();
  std::vector<std::int32_t> codes;
  codes.reserve(weights.values.size());
  for (std::size_t i = 0; i < weights.values.size(); ++i) {
    const auto row = quantiser.scales.size() == 1 ? 0 : i / weights.fan_in();
    const double ratio = double{weights.values[i]} / double{quantiser.scales[row]};
    const double code =
        std::nearbyint(std::clamp(ratio, static_cast<double>(range.lo), static_cast<double>(range.hi)));
    codes.push_back(quantiser.bits == 1 ? (ratio < 0 ? -1 : 1) : static_cast<std::int32_t>(code));
  }
  return codes;
}

Size size_of(const Graph& graph) {
  const auto all = shapes(graph);
  Size size;
  for (std::size_t i = 0; i < graph.steps.size(); ++i) {
    const Weights* weights = graph.steps[i].weights();
    if (weights == nullptr) continue;
    const auto count = static_cast<std::int64_t>(weights->values.size());
    const ir::Shape& out = (*all)[i + 1];
    size.weights += count;
    size.macs += count * out.height * out.width;
  }
  return size;
}

}  // namespace bitmason::graph
