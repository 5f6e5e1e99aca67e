#pragma once

#include "base/result.hpp"
#include "device/device.hpp"
#include "flow/request.hpp"
#include "plan/plan.hpp"

namespace bitmason::flow {

/// All of a part, at the user's clock, target and choice of external weights.
plan::Budget whole_part(const PlanRequest& request, const device::Part& part);

/// The part's resources, lowered to what the user allows. Errors: BM-FLOW-006.
Result<plan::Budget> budget_of(const PlanRequest& request, const device::Part& part);

}  // namespace bitmason::flow
