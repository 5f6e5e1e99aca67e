#pragma once

#include <string>

#include "flow/frames.hpp"
#include "report/report.hpp"

namespace bitmason::flow {

/// The fast engine run over the frames, and what each requantised layer does with its codes, judged by
/// sim::deadness. `input` says what the frames are.
report::Liveness measure_liveness(const ir::Network& network, const Frames& frames, std::string input);

/// True where every requantised layer is alive.
bool alive(const report::Liveness& liveness);

}  // namespace bitmason::flow
