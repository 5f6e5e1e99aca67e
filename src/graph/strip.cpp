#include <algorithm>
#include <functional>

#include "graph/placement_internal.hpp"

namespace bitmason::graph {

namespace {

/// A step of the network that does what `step` does to the same inputs; 0 where there is none.
int equal_step(const Graph& graph, const Step& step) {
  if (step.weights() != nullptr) return 0;
  for (std::size_t i = 0; i < graph.steps.size(); ++i) {
    if (graph.steps[i].inputs == step.inputs && graph.steps[i].operation == step.operation)
      return static_cast<int>(i) + 1;
  }
  return 0;
}

}  // namespace

Stripped strip(const Graph& graph) {
  Stripped result{{graph.name, graph.input, graph.pixel, {}, {}}, {}};
  std::vector<int> renumbered{0};
  for (Step step : graph.steps) {
    for (int& input : step.inputs) input = renumbered[static_cast<std::size_t>(input)];
    if (const auto* quantise = std::get_if<Quantise>(&step.operation)) {
      result.hints.emplace(std::pair{step.inputs[0], quantise->bits},
                           graph.scales[static_cast<std::size_t>(quantise->scale)]);
      renumbered.push_back(step.inputs[0]);
      continue;
    }
    if (const int same = equal_step(result.graph, step); same > 0) {
      renumbered.push_back(same);
      continue;
    }
    result.graph.steps.push_back(std::move(step));
    renumbered.push_back(result.graph.output());
  }
  return result;
}

Graph without_quantisers(const Graph& graph) {
  return strip(graph).graph;
}

}  // namespace bitmason::graph
