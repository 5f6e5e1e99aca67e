#pragma once

#include <string>
#include <vector>

#include "plan/plan.hpp"

/// What bounds each layer of a plan, and what a little more of a resource would bring.
namespace bitmason::plan {

/// LUTs of the question "what would so many more bring".
inline constexpr int kMoreLuts = 1000;

/// One layer: cycles a frame of its implementation and of the fastest one within what the layer has now, what
/// the plan leaves free, and a little more. All estimated.
struct LayerExplanation {
  std::string layer;
  std::int64_t cycles = 0;
  std::int64_t fastest = 0;         ///< with as much of the part's family as it takes
  std::int64_t with_one_dsp = 0;    ///< and one more DSP
  std::int64_t with_more_luts = 0;  ///< and kMoreLuts more LUTs
  /// slack: others are slower; implementations: none is faster; dsp, lut, ff, bram18: what the nearest faster
  /// implementation lacks most; choice: it fits, but the interval would not change.
  std::string bound_by;
};

/// Layers in the network's order; then the interval of the best plan found with a larger budget.
struct Explanation {
  std::vector<LayerExplanation> layers;
  std::int64_t interval_with_one_dsp = 0;
  std::int64_t interval_with_more_luts = 0;
};

/// Errors: those of solve(). Cost: two more plans.
Result<Explanation> explain(const ir::Network& network, const device::Part& part,
                            const device::Primitive& primitive, const Budget& budget, const Folding& folding,
                            const Plan& plan);

}  // namespace bitmason::plan
