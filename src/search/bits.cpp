#include "search/bits.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "search/diagnostics.hpp"

namespace bitmason::search {

Bits uniform(std::size_t layers, int weights, int activations, int image) {
  Bits bits{std::vector<int>(layers, weights), std::vector<int>(layers, activations)};
  if (layers > 0) bits.activations.front() = image;
  return bits;
}

Status check(const Bits& bits, std::size_t layers) {
  for (const auto& [numbers, what] :
       {std::pair{&bits.weights, "weights"}, {&bits.activations, "activations"}}) {
    if (numbers->size() != layers) {
      return make_diagnostic(diagnostics::kBitsCount, what,
                             {std::to_string(layers), std::to_string(numbers->size())});
    }
    for (std::size_t k = 0; k < layers; ++k) {
      if ((*numbers)[k] >= kFewestBits && (*numbers)[k] <= kMostBits) continue;
      return make_diagnostic(diagnostics::kBitsRange, what,
                             {std::to_string(k + 1), std::to_string((*numbers)[k])});
    }
  }
  return success();
}

bool nowhere_narrower(const Bits& a, const Bits& b) {
  return std::ranges::equal(a.weights, b.weights, std::greater_equal{}) &&
         std::ranges::equal(a.activations, b.activations, std::greater_equal{});
}

std::string to_text(const Bits& bits) {
  return fmt::format("w {} a {}", fmt::join(bits.weights, ","), fmt::join(bits.activations, ","));
}

std::vector<std::size_t> weighted_layers(const ir::Network& network) {
  std::vector<std::size_t> layers;
  for (std::size_t k = 0; k < network.layers().size(); ++k) {
    if (std::holds_alternative<ir::Conv>(network.layers()[k].operation)) layers.push_back(k);
  }
  return layers;
}

std::vector<std::int64_t> layer_macs(const ir::Network& network) {
  std::vector<std::int64_t> macs;
  for (const std::size_t k : weighted_layers(network)) {
    const ir::Layer& layer = network.layers()[k];
    const ir::Weights& weights = std::get<ir::Conv>(layer.operation).weights;
    macs.push_back(layer.type.shape.elements() * weights.in_channels * weights.kernel_h * weights.kernel_w);
  }
  return macs;
}

std::int64_t bit_operations(const std::vector<std::int64_t>& macs, const Bits& bits) {
  std::int64_t sum = 0;
  for (std::size_t k = 0; k < macs.size(); ++k) sum += macs[k] * bits.weights[k] * bits.activations[k];
  return sum;
}

}  // namespace bitmason::search
