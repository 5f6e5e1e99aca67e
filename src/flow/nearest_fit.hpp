#pragma once

#include "flow/device_access.hpp"
#include "plan/plan.hpp"

/// What to do where a network does not fit its part.
namespace bitmason::flow {

struct FitQuestion {
  const PlanRequest& request;
  const PartAndPrimitive& asked;
  const ir::Network& network;
  const plan::Budget& budget;  ///< of the asked part
  const plan::Folding& folding;
};

/// The asked part, if the network fits it without the user's limits (BM-FLOW-030), else the smallest known
/// part on which it fits, with its planned interval (BM-FLOW-025, or 026 where there is none); and the widest
/// weights with which it fits the asked part (BM-FLOW-027 or 028). Details for programs. Cost: a plan for
/// each part and width tried.
Diagnostics nearest_fit(const FitQuestion& question);

/// Where it fits but misses its target: the smallest known part that reaches it, whole (BM-FLOW-031, or 032
/// where there is none). Precondition: the budget has a target.
Diagnostics nearest_for_target(const FitQuestion& question);

}  // namespace bitmason::flow
