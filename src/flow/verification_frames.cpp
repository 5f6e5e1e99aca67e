#include "flow/verification_frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "flow/diagnostics.hpp"

namespace bitmason::flow {

Result<VerificationFrames> verification_frames(const ir::Network& network, const VerifyRequest& request,
                                               const Progress& progress) {
  const std::string drawn = fmt::format("random and extreme codes, seed {}", request.seed);
  if (request.inputs.empty())
    return VerificationFrames{random_frames(network, request.frames, request.seed), drawn};
  auto frames = read_frames(network, request.inputs);
  if (!frames) return frames.errors();
  // Nothing compared must not read as nothing different.
  if (frames->empty()) return make_diagnostic(diagnostics::kNoFrames, request.inputs.front(), {"0", "1"});
  const std::size_t given = frames->size();
  frames->resize(std::min(given, static_cast<std::size_t>(request.frames)));
  progress(fmt::format("using {} of {} frames of {}{}, then one of random and one of extreme codes",
                       frames->size(), given, request.inputs.front(),
                       frames->size() < given ? " (--frames takes more)" : ""));
  // Real frames seldom reach the extremes of the arithmetic.
  std::ranges::move(random_frames(network, 2, request.seed), std::back_inserter(*frames));
  std::string names;
  for (const std::string& argument : request.inputs)
    names += std::filesystem::path(argument).filename().string() + ", ";
  return VerificationFrames{*std::move(frames), names + drawn};
}

}  // namespace bitmason::flow
