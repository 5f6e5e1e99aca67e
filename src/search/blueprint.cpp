#include "search/blueprint.hpp"

#include <algorithm>

namespace bitmason::search {

namespace {

std::size_t index_of(ir::TensorId id) {
  return static_cast<std::size_t>(id.index);
}

bool sums(const ir::Operation& operation) {
  return std::holds_alternative<ir::Add>(operation) || std::holds_alternative<ir::SumPool>(operation);
}

}  // namespace

bool holds_codes(const ir::Network& network, std::size_t layer) {
  const ir::Layer& at = network.layers()[layer];
  if (std::holds_alternative<ir::Input>(at.operation)) return true;
  if (std::holds_alternative<ir::Requantise>(at.operation)) return true;
  if (std::holds_alternative<ir::Conv>(at.operation) || sums(at.operation)) return false;
  return holds_codes(network, index_of(at.inputs.front()));
}

Blueprint::Blueprint(ir::Network network)
    : network_(std::move(network)),
      weighted_(weighted_layers(network_)),
      quantisers_(network_.layers().size()) {
  find_originals();
  for (std::size_t k = 0; k < original_.size(); ++k) {
    const ir::Layer& layer = network_.layers()[k];
    if (const auto* requantise = std::get_if<ir::Requantise>(&layer.operation))
      quantisers_[k] = fit(*requantise, network_.type(layer.inputs.front()).range);
  }
}

void Blueprint::find_originals() {
  const auto& layers = network_.layers();
  const auto inputs = [&](const ir::Layer& layer) {
    std::vector<std::size_t> ids;
    for (const ir::TensorId input : layer.inputs) ids.push_back(original_[index_of(input)]);
    return ids;
  };
  const auto same = [&](const ir::Layer& a, const ir::Layer& b) {
    if (a.operation.index() != b.operation.index() || inputs(a) != inputs(b)) return false;
    if (std::holds_alternative<ir::Requantise>(a.operation))
      return a.type.range.is_signed() == b.type.range.is_signed();
    return !std::holds_alternative<ir::Conv>(a.operation) &&
           !std::holds_alternative<ir::Input>(a.operation) && a.operation == b.operation;
  };
  for (std::size_t k = 0; k < layers.size(); ++k) {
    std::size_t first = 0;
    while (first < k && (original_[first] != first || !same(layers[first], layers[k]))) ++first;
    original_.push_back(first);
  }
}

std::vector<std::set<int, std::greater<>>> Blueprint::wanted_widths(const Bits& bits) const {
  const auto& layers = network_.layers();
  std::vector<std::set<int, std::greater<>>> wanted(layers.size());
  // What leaves the network keeps its width.
  for (const ir::OutputPort& port : network_.outputs()) {
    const auto at = static_cast<std::size_t>(port.layer);
    if (holds_codes(network_, at)) wanted[original_[at]].insert(layers[at].type.range.bits());
  }
  std::size_t weighted = weighted_.size();
  for (std::size_t k = layers.size(); k-- > 0;) {
    std::set<int, std::greater<>> own = wanted[k];
    if (std::holds_alternative<ir::Conv>(layers[k].operation)) own = {bits.activations[--weighted]};
    if (original_[k] != k) continue;
    if (sums(layers[k].operation) && !own.empty()) own = {*own.begin()};
    for (const ir::TensorId input : layers[k].inputs)
      wanted[original_[index_of(input)]].insert(own.begin(), own.end());
  }
  return wanted;
}

Result<ir::Network> with_bits(const ir::Network& network, const Bits& bits) {
  return Blueprint(network).with_bits(bits);
}

}  // namespace bitmason::search
