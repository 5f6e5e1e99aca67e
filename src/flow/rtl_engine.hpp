#pragma once

#include "base/result.hpp"
#include "flow/request.hpp"
#include "flow/run_engine.hpp"
#include "ir/network.hpp"

namespace bitmason::flow {

/// The generated design for the request's part, simulated in Verilator; traces hold the outputs only. Design
/// and simulator are kept in the request's cache by content for the next run; all else is in folders of the
/// run that end with it. The network must outlive the engine. Errors: BM-FLOW-019, those of every step.
Result<BatchEngine> rtl_engine(const ir::Network& network, const RunRequest& request,
                               const Progress& progress);

}  // namespace bitmason::flow
