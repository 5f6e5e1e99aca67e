#pragma once

#include "plan/plan.hpp"
#include "plan/search.hpp"

namespace bitmason::plan {

/// What keeps the plan's interval from being shorter: the target, layers at the end of their implementations,
/// or resources at the next shorter interval. Cost: that of one Search::at().
Bound bound_of(const ir::Network& network, const Search& search, const Budget& budget, const Plan& plan);

}  // namespace bitmason::plan
