#pragma once

#include <cstdint>
#include <optional>

#include "base/result.hpp"
#include "ir/host.hpp"
#include "ir/network.hpp"

namespace bitmason::ir {

/// Exact value of the function at x for a channel.
Rational apply(const ScalarFunction& function, Rational x, int channel);

/// +1, -1 or 0 (constant) : the direction of the monotone function for a channel.
int direction(const ScalarFunction& function, int channel);

/// Number of rows the function distinguishes: 1, or the channel count found in its steps.
int rows(const ScalarFunction& function);

/// The function as integer thresholds over all accumulators in `domain`, for `channels` channels: for every
/// acc in domain, the step function equals apply(function, acc, channel). Each threshold is found by
/// bisection with exact rationals, so monotony alone proves equality for every reachable accumulator;
/// thresholds no accumulator reaches lie at domain.lo (always passed) or domain.hi + 1 (never).
///
/// Precondition: the function ends in integers within `output`. Rows collapse to one where all channels
/// agree.
Thresholds to_thresholds(const ScalarFunction& function, const IntRange& domain, const IntRange& output,
                         int channels);

/// Multiplier, bias and shift equal to the thresholds for every accumulator in `domain`, with the smallest
/// multiplier of at most `max_multiplier_bits` (signed) over all channels and one common shift; nothing where
/// none exists. Equality is decided at both sides of every threshold, which suffices because both functions
/// are monotone.
std::optional<ScaleShift> to_scale_shift(const Thresholds& thresholds, const IntRange& domain,
                                         int max_multiplier_bits);

/// Code of one accumulator, by the definition in network.hpp.
std::int64_t requantise(const Requantise& layer, std::int64_t accumulator, int channel);

}  // namespace bitmason::ir
