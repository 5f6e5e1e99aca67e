#pragma once

#include "flow/planning.hpp"

namespace bitmason::flow {

/// The document of a plan with what bounds each layer and what a little more of a resource would bring: a
/// table, and `explain` in the JSON. Errors: those of plan::explain().
Result<Document> explained(const PlannedNetwork& planned, const Document& document);

}  // namespace bitmason::flow
