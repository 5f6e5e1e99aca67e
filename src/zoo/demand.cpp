#include "zoo/demand.hpp"

namespace bitmason::zoo {

namespace {

bool joins(const Step& step) {
  return std::holds_alternative<Sum>(step.operation) || std::holds_alternative<AveragePool>(step.operation);
}

}  // namespace

std::vector<std::set<int, std::greater<>>> demands(const Topology& topology, const Bits& bits) {
  std::vector<std::set<int, std::greater<>>> wanted(topology.steps.size() + 1);
  auto layer = bits.activations.size();
  for (auto value = topology.steps.size(); value > 0; --value) {
    const Step& step = topology.steps[value - 1];
    std::set<int, std::greater<>> own;
    if (step.has_weights()) {
      own = {bits.activations[--layer]};
    } else if (joins(step)) {
      own = {*wanted[value].begin()};
    } else {
      own = wanted[value];
    }
    for (const int input : step.inputs)
      wanted[static_cast<std::size_t>(input)].insert(own.begin(), own.end());
  }
  return wanted;
}

std::vector<bool> pooled(const Topology& topology) {
  std::vector<bool> result(topology.steps.size() + 1);
  for (const Step& step : topology.steps) {
    if (std::holds_alternative<MaxPool>(step.operation))
      result[static_cast<std::size_t>(step.inputs[0])] = true;
  }
  return result;
}

}  // namespace bitmason::zoo
