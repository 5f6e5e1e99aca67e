#pragma once

#include <string>

#include "plan/plan.hpp"

namespace bitmason::plan {

/// Why bm_pack_array cannot execute the plan's overlapping fields in blocks of `steps` steps with sums of
/// `output_bits` bits; empty where it can. States the module's limits again, without the planner's code.
std::string overlap_fault(const ConvPlan& plan, std::int64_t steps, int output_bits);

}  // namespace bitmason::plan
