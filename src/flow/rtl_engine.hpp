#pragma once

#include <vector>

#include "base/result.hpp"
#include "flow/frames.hpp"
#include "flow/request.hpp"
#include "sim/engine.hpp"

namespace bitmason::flow {

/// The frames through the generated design for the request's part, simulated in Verilator; traces hold the
/// outputs only. The design is built in the system's folder for temporary files and kept for the next run.
/// Errors: those of every step.
Result<std::vector<sim::Trace>> run_rtl(const ir::Network& network, const Frames& frames,
                                        const RunRequest& request, const Progress& progress);

}  // namespace bitmason::flow
