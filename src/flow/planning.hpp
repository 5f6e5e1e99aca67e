#pragma once

#include "base/result.hpp"
#include "device/device.hpp"
#include "flow/network_access.hpp"
#include "flow/request.hpp"
#include "plan/plan.hpp"

namespace bitmason::flow {

/// A network with the plan for one part, verified.
struct PlannedNetwork {
  LoadedNetwork loaded;
  device::Part part;
  device::Primitive primitive;
  plan::Plan plan;
  plan::Budget budget;
  plan::Folding folding;
};

/// Imports, plans and verifies the plan; writes the folding file where asked.
Result<PlannedNetwork> make_plan(const PlanRequest& request);

/// The plan as a table: one line per layer, totals against the part.
std::string plan_table(const PlannedNetwork& planned);

}  // namespace bitmason::flow
