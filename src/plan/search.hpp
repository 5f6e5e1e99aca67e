#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/layer_choices.hpp"

/// Choosing one implementation per layer for an interval.
namespace bitmason::plan {

/// What the estimates may use: the budget, less the headroom in LUTs.
Resources usable(const Budget& budget);

/// Adds streams' plumbing (forks, width changes, FIFOs, slices) to the consumers' costs.
void add_plumbing(const ir::Network& network, const std::vector<FifoPlan>& fifos,
                  std::vector<LayerPlan>& layers);

Resources total_of(const std::vector<LayerPlan>& layers);

/// Layers and FIFOs of one selection.
struct Selection {
  std::vector<LayerPlan> layers;
  std::vector<FifoPlan> fifos;
  Resources total;
};

class Search {
 public:
  Search(const ir::Network& network, std::vector<LayerChoices> choices, const Budget& budget);

  /// The cheapest selection found in which every layer meets the interval and everything fits; nothing if
  /// none is found. Cost: a few milliseconds for ten layers.
  [[nodiscard]] std::optional<Selection> at(std::int64_t interval) const;
  /// Every layer's cheapest implementation at these prices, whether it fits or not; nothing if a layer cannot
  /// meet the interval.
  [[nodiscard]] std::optional<Selection> select(std::int64_t interval, const Prices& prices) const;
  /// The shortest interval at which a selection fits, among all at which anything changes.
  [[nodiscard]] std::optional<std::int64_t> shortest_interval() const;
  [[nodiscard]] Prices initial_prices() const;
  /// The longest interval below this one at which anything changes.
  [[nodiscard]] std::optional<std::int64_t> next_shorter(std::int64_t interval) const;
  /// The selection for an interval that lacks least, by the largest share of a resource; nothing if a layer
  /// cannot meet the interval.
  [[nodiscard]] std::optional<Selection> nearest(std::int64_t interval) const;
  /// Names of the layers without an implementation for the interval.
  [[nodiscard]] std::vector<std::string> slower_than(std::int64_t interval) const;

 private:
  [[nodiscard]] std::vector<std::int64_t> breakpoints() const;
  const ir::Network& network_;
  std::vector<LayerChoices> choices_;
  Resources limit_;
};

}  // namespace bitmason::plan
