#pragma once

#include <optional>
#include <span>

#include "verify/cosimulation.hpp"

namespace bitmason::verify {

/// The first value, in stream order, at which frame `frame` of the beats differs from the codes; beats that
/// were not received do not count as a difference unless `missing` is set.
std::optional<Difference> first_difference(const StreamFacts& stream, std::span<const Beat> beats,
                                           std::size_t frame, const sim::Codes& expected, bool missing);

/// Where tlast is not exactly at the ends of frames, which beat; empty where it is right.
std::string tlast_fault(const StreamFacts& port, std::span<const Beat> beats);

/// Runs the stimulus again with a probe on every layer's stream and returns the first frame's first layer
/// that differs; where only beats are missing, the layer that delivered the smallest part of its beats.
Result<std::optional<Difference>> locate_difference(const DesignFiles& design, const Stimulus& stimulus,
                                                    std::span<const std::vector<sim::Codes>> frames,
                                                    const CosimulationOptions& options);

}  // namespace bitmason::verify
