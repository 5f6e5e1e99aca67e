#pragma once

#include <cmath>

#include "plan/networks.hpp"
#include "search/exact_search.hpp"
#include "zoo_networks.hpp"

namespace bitmason::search::testing {

/// Three convolutions of 8 channels on 8x8 pixels of 4 bits.
inline ir::Network three_layers() {
  plan::testing::NetworkMaker maker({{4, 8, 8}, {0, 15}}, 5);
  maker.conv("conv0", 8, 3, 8);
  maker.requantise("act0", 8);
  maker.conv("conv1", 8, 3, 8);
  maker.requantise("act1", 8);
  maker.conv("conv2", 8, 1, 8);
  return maker.finish();
}

/// A loss of 4^-bits, more in some layers than in others.
inline Sensitivities falling_losses(std::size_t layers) {
  Sensitivities losses;
  for (std::size_t k = 0; k < layers; ++k) {
    const double weight = 1 + static_cast<double>((2 * k) % 3);
    const double activation = 1.5 + 0.25 * static_cast<double>(k % 4);
    losses.weights.emplace_back();
    losses.activations.emplace_back();
    for (int b = 0; b <= kMostBits; ++b) {
      losses.weights[k].push_back(weight * std::pow(4.0, -b));
      losses.activations[k].push_back(activation * std::pow(4.0, -b));
    }
  }
  return losses;
}

/// A problem of 2 to 4 bits on a small part.
struct Small {
  explicit Small(const std::vector<std::int64_t>& intervals)
      : blueprint(three_layers()),
        on(small_part()),
        widths(width_sets(3, 2, 4, 4)),
        tables(*CostTables::of(blueprint, on, widths, intervals, 2)),
        losses(falling_losses(3)) {}

  static Target small_part() {
    Target small = target("xczu3eg");
    small.budget.limit.dsps = Dsps(10);
    small.budget.limit.luts = Luts(4000);
    small.budget.limit.flip_flops = FlipFlops(6000);
    return small;
  }
  [[nodiscard]] Problem problem() const { return {blueprint, on, widths, tables, losses}; }

  Blueprint blueprint;
  Target on;
  WidthSets widths;
  CostTables tables;
  Sensitivities losses;
};

}  // namespace bitmason::search::testing
