#pragma once

#include <map>
#include <vector>

#include "plan/search.hpp"
#include "search/blueprint.hpp"

/// What every layer costs in every width: the planner's own implementations, each layer by itself.
namespace bitmason::search {

/// The part that is planned for.
struct Target {
  device::Part part;
  device::Primitive primitive;
  plan::Budget budget;
};

/// Widths that each layer with weights may have, ascending.
struct WidthSets {
  std::vector<std::vector<int>> weights;
  std::vector<std::vector<int>> activations;
};
/// `from` to `to` bits in all layers; `image`: the only width of the first layer's activations.
WidthSets width_sets(std::size_t layers, int from, int to, int image);

/// Widths of one layer. Conv: bits of weights and activations. Requantise: bits of the accumulator (behind a
/// sum: of the sum's inputs) and of the codes. All others: bits of the codes that they take, and 0.
struct WidthKey {
  std::size_t layer = 0;  ///< in the blueprint
  int in = 0;
  int out = 0;
  auto operator<=>(const WidthKey&) const = default;
};

/// One layer in given widths.
struct LayerCase {
  ir::TensorType type;       ///< of its result
  double gain = 1;           ///< of its result against the blueprint's
  std::int64_t fastest = 0;  ///< fewest cycles
  /// Least product of cycles and share of the part (share_of()) over its implementations: a part that does
  /// nothing else computes a frame in no fewer cycles.
  double share_cycles = 0;
  /// By index of the tables' intervals: the costs of the implementations that keep it, none of which another
  /// beats in all resources; empty where none keeps it. Whatever a plan chooses, its layer uses no less than
  /// one of them; costs that differ by less than 0.1 % of the part are merged into the lesser of each
  /// resource.
  std::vector<std::vector<plan::Resources>> fronts;
};

/// The mean of the shares of DSPs, LUTs, flip-flops and BRAM18 that may be used: no plan that fits has more
/// than 1 in sum.
double share_of(const plan::Resources& cost, const plan::Budget& budget);

class CostTables {
 public:
  /// Cases of all widths, for these intervals. Errors: those of plan::LayerChoices; BM-SEARCH-004 where
  /// accumulators are neither quantised nor summed from codes. Cost: ten seconds of one core for ten layers
  /// of 7 x 7 widths.
  static Result<CostTables> of(const Blueprint& blueprint, const Target& target, const WidthSets& widths,
                               std::vector<std::int64_t> intervals, int threads);

  [[nodiscard]] const std::map<WidthKey, LayerCase>& cases() const { return cases_; }
  [[nodiscard]] const LayerCase& at(const WidthKey& key) const { return cases_.at(key); }
  [[nodiscard]] const std::vector<std::int64_t>& intervals() const { return intervals_; }
  /// The costs of a case for one of intervals().
  [[nodiscard]] const std::vector<plan::Resources>& front(const WidthKey& key, std::int64_t interval) const;
  /// Fewest cycles of a frame that some width of each layer allows: no interval is shorter.
  [[nodiscard]] std::int64_t least_interval() const;

 private:
  std::vector<std::int64_t> intervals_;
  std::map<WidthKey, LayerCase> cases_;
};

}  // namespace bitmason::search
