#include <algorithm>

#include "graph/diagnostics.hpp"
#include "graph/place.hpp"

namespace bitmason::graph {

namespace {

constexpr int kMostBits = 8;

Result<std::vector<int>> numbers(const std::vector<int>& given, const std::vector<int>& otherwise,
                                 const char* what) {
  const std::size_t layers = otherwise.size();
  if (given.empty()) return otherwise;
  if (given.size() != 1 && given.size() != layers)
    return make_diagnostic(diagnostics::kBitsCount, what,
                           {std::to_string(layers), std::to_string(given.size())});
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i] < 1 || given[i] > kMostBits)
      return make_diagnostic(diagnostics::kBitsRange, what,
                             {std::to_string(i + 1), std::to_string(given[i])});
  }
  return given.size() == 1 ? std::vector<int>(layers, given[0]) : given;
}

/// Bits of the codes behind a value; nothing (0) where they are float.
int entering(const Graph& graph, int value) {
  if (value == 0) return 0;
  const Step& step = graph.steps[static_cast<std::size_t>(value - 1)];
  if (const auto* quantise = std::get_if<Quantise>(&step.operation)) return quantise->bits;
  if (step.weights() != nullptr || std::holds_alternative<Add>(step.operation)) return 0;
  int bits = 0;
  for (const int input : step.inputs) bits = std::max(bits, entering(graph, input));
  return bits;
}

}  // namespace

std::vector<std::string> weighted(const Graph& graph) {
  std::vector<std::string> names;
  for (const Step& step : graph.steps) {
    if (step.weights() != nullptr) names.push_back(step.name);
  }
  return names;
}

Result<Bits> bits_for(const Bits& given, const Bits& otherwise) {
  auto weights = numbers(given.weights, otherwise.weights, "weights");
  if (!weights) return weights.errors();
  auto activations = numbers(given.activations, otherwise.activations, "activations");
  if (!activations) return activations.errors();
  return Bits{*std::move(weights), *std::move(activations)};
}

Bits bits_of(const Graph& graph) {
  Bits bits;
  for (const Step& step : graph.steps) {
    if (step.weights() == nullptr) continue;
    const int in = entering(graph, step.inputs[0]);
    bits.weights.push_back(step.weights()->quantiser.bits);
    bits.activations.push_back(in == 0 ? kMostBits : in);
  }
  return bits;
}

}  // namespace bitmason::graph
