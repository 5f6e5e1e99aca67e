#include "graph/initialise.hpp"

#include <cmath>

#include "base/random.hpp"

namespace bitmason::graph {

namespace {

constexpr std::uint64_t kWeightStream = 0;

BatchNorm without_effect(const BatchNorm& norm) {
  const std::size_t channels = norm.gain.size();
  BatchNorm fresh{std::vector<float>(channels, 1), std::vector<float>(channels, 0),
                  std::vector<float>(channels, 0), std::vector<float>(channels, 1)};
  if (norm.epsilon > 0) fresh.epsilon = norm.epsilon;
  return fresh;
}

}  // namespace

Graph he_initialised(Graph graph, std::uint64_t seed) {
  Random random(seed, kWeightStream);
  for (Step& step : graph.steps) {
    if (auto* norm = std::get_if<BatchNorm>(&step.operation)) *norm = without_effect(*norm);
    Weights* weights = step.weights();
    if (weights == nullptr) continue;
    const double deviation = std::sqrt(2 / static_cast<double>(weights->fan_in()));
    for (float& value : weights->values) value = static_cast<float>(random.normal() * deviation);
    for (float& value : weights->bias) value = 0;
    weights->quantiser.scales.clear();
  }
  const auto fixed = fixed_scales(graph);
  for (std::size_t i = 0; i < fixed.size(); ++i) {
    if (!fixed[i]) graph.scales[i] = 0;
  }
  return graph;
}

std::vector<bool> fixed_scales(const Graph& graph) {
  std::vector<bool> fixed(graph.scales.size(), false);
  for (const Step& step : graph.steps) {
    const auto* quantise = std::get_if<Quantise>(&step.operation);
    if (quantise == nullptr) continue;
    int value = step.inputs[0];
    // Reordered pixels are pixels.
    while (value > 0 &&
           std::holds_alternative<Flatten>(graph.steps[static_cast<std::size_t>(value - 1)].operation))
      value = graph.steps[static_cast<std::size_t>(value - 1)].inputs[0];
    if (value == 0) fixed[static_cast<std::size_t>(quantise->scale)] = true;
  }
  return fixed;
}

}  // namespace bitmason::graph
