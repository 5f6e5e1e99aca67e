#pragma once

#include <string>

#include "flow/frames.hpp"
#include "flow/request.hpp"

namespace bitmason::flow {

/// The frames of a verification, and what they are for the report: the files' names without their folders,
/// which differ between machines.
struct VerificationFrames {
  Frames frames;
  std::string origin;
};

/// The first `request.frames` frames of the files, then one of random codes and one of extremes; without
/// files `request.frames` frames, random and extreme in turn. Errors: read_frames' and BM-FLOW-011.
Result<VerificationFrames> verification_frames(const ir::Network& network, const VerifyRequest& request,
                                               const Progress& progress);

}  // namespace bitmason::flow
