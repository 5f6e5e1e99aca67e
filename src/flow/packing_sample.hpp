#pragma once

#include "flow/packing_costs.hpp"

namespace bitmason::flow {

/// Measures some packings of the file again, in a cache of its own unless the request names one, and compares
/// every figure. Errors: BM-FLOW-002, 019, 023, 024 and those of the tools.
Result<Document> sample_packings(const PackRequest& request, const Progress& progress);

}  // namespace bitmason::flow
