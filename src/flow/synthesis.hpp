#pragma once

#include "base/result.hpp"
#include "flow/open_design.hpp"
#include "flow/request.hpp"
#include "verify/synthesis.hpp"

namespace bitmason::flow {

/// Synthesises the design's blocks (from the cache where their content is known) and enters the figures in
/// its report.
Result<verify::SynthesisResult> synthesise_design(OpenDesign& design, const VerifyRequest& request,
                                                  const Progress& progress);

}  // namespace bitmason::flow
