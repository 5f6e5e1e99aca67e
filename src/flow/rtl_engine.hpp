#pragma once

#include "base/result.hpp"
#include "flow/request.hpp"
#include "flow/run_engine.hpp"
#include "ir/network.hpp"

namespace bitmason::flow {

/// The generated design for the request's part, simulated in Verilator; traces hold the outputs only. The
/// design is built in the system's folder for temporary files and kept for the next run. The network must
/// outlive the engine. Errors: those of every step.
Result<BatchEngine> rtl_engine(const ir::Network& network, const RunRequest& request,
                               const Progress& progress);

}  // namespace bitmason::flow
