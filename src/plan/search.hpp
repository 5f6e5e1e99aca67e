#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "plan/layer_choices.hpp"

/// Choosing one implementation per layer for an interval.
namespace bitmason::plan {

/// An interval that every implementation meets.
inline constexpr std::int64_t kNoInterval = std::numeric_limits<std::int64_t>::max() / 4;

/// What the estimates may use for an interval: the budget, less the headroom in LUTs.
Resources usable(const Budget& budget, std::int64_t interval);

/// What the part offers; external memory where `external` and there is one.
Offer offer_of(const Budget& budget, bool external);
/// What was offered when the plan was made.
Offer offer_for(const Budget& budget, const Plan& plan);

/// Prices at which a cost is the sum of the shares of the part, LUTs and flip-flops weighted (`Plan::cost`).
Prices share_prices(const Budget& budget, std::int64_t interval);

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

/// What branch and cut says of an interval.
struct Cheapest {
  std::optional<Selection> selection;  ///< one that fits; nothing where none was found
  bool impossible = false;             ///< none fits, proved
  double bound = 0;  ///< Search::initial_prices() of no selection is less, FIFOs taken as free, proved
};

/// The shortest interval at which a selection was found.
struct Fastest {
  std::int64_t interval = 0;
  std::int64_t lower_bound = 0;  ///< no plan that fits is faster, proved
  Cheapest cheapest;             ///< at `interval`
};

/// True where the use is within every limit.
bool fits(const Resources& use, const Resources& limit);

class Search {
 public:
  Search(const ir::Network& network, std::vector<LayerChoices> choices, const Budget& budget);

  /// The cheapest selection found in which every layer meets the interval and everything fits; nothing if
  /// none is found. Cost: a few milliseconds for ten layers.
  [[nodiscard]] std::optional<Selection> at(std::int64_t interval) const;
  /// Every layer's cheapest implementation at these prices, whether it fits or not; nothing if a layer cannot
  /// meet the interval.
  [[nodiscard]] std::optional<Selection> select(std::int64_t interval, const Prices& prices) const;
  /// The cheapest selection for the interval at initial_prices(), by branch and cut over all implementations
  /// and widths of streams (ExactChoice). The FIFOs that it then needs are set aside and the rest is chosen
  /// anew, at most three times.
  [[nodiscard]] Cheapest cheapest(std::int64_t interval) const;
  /// The selection with the least of one resource, by its row of kResourceKinds, that keeps the limits of all
  /// others, however slow; nothing where none is found.
  [[nodiscard]] std::optional<Selection> least(std::size_t resource) const;
  /// cheapest(), or what at() finds where branch and cut ends without an answer.
  [[nodiscard]] Cheapest best(std::int64_t interval) const;
  /// The shortest interval at which a selection fits, among all at which anything changes; nothing if none is
  /// found.
  [[nodiscard]] std::optional<Fastest> fastest() const;
  [[nodiscard]] Prices initial_prices(std::int64_t interval) const;
  /// An interval below which no plan fits, proved: for every shorter one a layer is too slow, or there are
  /// prices at which the layers' cheapest implementations together cost more than the whole budget at these
  /// prices (Lagrange's bound, streams between the layers taken as free). At most `known`, an interval at
  /// which a plan fits.
  [[nodiscard]] std::int64_t lower_bound(std::int64_t known) const;
  /// The longest interval below this one at which anything changes.
  [[nodiscard]] std::optional<std::int64_t> next_shorter(std::int64_t interval) const;
  /// The selection for an interval that lacks least, by the largest share of a resource; nothing if a layer
  /// cannot meet the interval.
  [[nodiscard]] std::optional<Selection> nearest(std::int64_t interval) const;
  /// Names of the layers without an implementation for the interval.
  [[nodiscard]] std::vector<std::string> slower_than(std::int64_t interval) const;

 private:
  [[nodiscard]] Cheapest cheapest(std::int64_t interval, const Resources& most, const Prices& prices,
                                  int nodes) const;
  /// The interval at which at() finds a selection but at no shorter one that bisection tries.
  [[nodiscard]] std::optional<std::int64_t> shortest_interval() const;
  /// Layers with FIFOs, width changes and totals.
  [[nodiscard]] Selection complete(std::vector<LayerPlan> layers) const;
  [[nodiscard]] std::vector<std::int64_t> breakpoints() const;
  /// The longest interval before the point behind points[at]: what is impossible there is at points[at] and
  /// everywhere between. It is points[at] itself where no weights come from outside, since nothing else
  /// changes in between.
  [[nodiscard]] std::int64_t longest_of(const std::vector<std::int64_t>& points, std::size_t at) const;
  /// Cycles of a frame of the selection.
  [[nodiscard]] std::int64_t needed(const Selection& selection) const;
  /// Takes shorter intervals for which nearest() finds a selection that fits: prices are not quite monotone.
  void look_below(Fastest& fastest) const;
  /// Shortens the interval between two points, where the traffic that fits grows with every cycle, to 1/64.
  void refine(Fastest& fastest) const;
  /// Prices that leave every layer's cheapest implementation as near the budget as they can; nothing where
  /// they prove that no plan meets the interval.
  [[nodiscard]] std::optional<Prices> fair_prices(std::int64_t interval) const;
  /// A selection that fits, prices raised from these on; nothing if none is found.
  [[nodiscard]] std::optional<Selection> settle(std::int64_t interval, Prices prices, double rise) const;
  [[nodiscard]] Resources limit(std::int64_t interval) const { return usable(budget_, interval); }
  const ir::Network& network_;
  std::vector<LayerChoices> choices_;
  Budget budget_;
};

}  // namespace bitmason::plan
