#pragma once

#include "search/exact_search.hpp"

namespace bitmason::search {

struct LocalOptions {
  std::uint64_t seed = 1;
  int most_plans = 200;  ///< choices judged by the planner
  bool swaps = true;     ///< false: widths only grow
};

/// Improves a choice that keeps the interval by moves that lower its predicted loss: one width one bit up;
/// or, with swaps, one up by one bit and another down by one. They are tried from the largest gain down,
/// equal gains in an order drawn from the seed; the first that the planner brings to the interval is made,
/// until none is or the plans are used up. Deterministic for a seed. Cost: 30 to 100 ms a plan for ten
/// layers.
Found local_search(const Problem& problem, const Found& start, std::int64_t interval,
                   const LocalOptions& options = {});

}  // namespace bitmason::search
