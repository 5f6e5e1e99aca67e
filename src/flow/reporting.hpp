#pragma once

#include "flow/planning.hpp"
#include "report/report.hpp"

namespace bitmason::flow {

/// What is known once a design is planned: every figure an estimate.
report::Report planned_report(const PlannedNetwork& planned);

}  // namespace bitmason::flow
