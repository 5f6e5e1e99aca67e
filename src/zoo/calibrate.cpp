#include "zoo/calibrate.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bitmason::zoo {

namespace {

/// Real values of activations stay below it.
constexpr double kTop = 4;
/// Values per channel from which a distribution can be told.
constexpr std::size_t kMany = 9;
/// Values per channel that are looked at; more tell nothing new.
constexpr std::size_t kSample = 8192;

/// The channel's accumulators in all frames, ascending; evenly thinned to about kSample.
std::vector<std::int64_t> sorted_sample(const Values& values, std::size_t channel) {
  const auto pixels =
      static_cast<std::size_t>(values.type.shape.height) * static_cast<std::size_t>(values.type.shape.width);
  // An odd step meets every column of an even width in turn.
  const std::size_t step = (pixels * values.frames.size() / kSample) | 1U;
  std::vector<std::int64_t> sample;
  for (const sim::Codes& frame : values.frames) {
    for (std::size_t i = 0; i < pixels; i += step) sample.push_back(frame[channel * pixels + i]);
  }
  std::ranges::sort(sample);
  return sample;
}

/// Between two neighbouring values that differ, as close as possible to the share. Precondition: they are not
/// all equal.
double edge_at(const std::vector<std::int64_t>& sorted, double share) {
  const auto wanted = sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
  const auto range = std::ranges::equal_range(sorted, wanted);
  const auto below = static_cast<std::size_t>(range.begin() - sorted.begin());
  const auto above = static_cast<std::size_t>(range.end() - sorted.begin());
  const double target = share * static_cast<double>(sorted.size());
  const bool lower = above == sorted.size() ||
                     (below > 0 && target - static_cast<double>(below) < static_cast<double>(above) - target);
  const std::size_t at = lower ? below : above;
  return 0.5 * static_cast<double>(sorted[at - 1] + sorted[at]);
}

/// gain and offset that take `from` to `to` and `from2` to `to2`.
ChannelNorm line(double from, double to, double from2, double to2) {
  const double gain = (to2 - to) / (from2 - from);
  return {.gain = gain, .offset = to - gain * from};
}

double between(double lo, double hi, Random& random) {
  return lo + (hi - lo) * random.uniform();
}

/// Share of the values that become 0.
double zero_share(const Target& target, Random& random) {
  if (target.bits == 1) return target.pooled ? between(0.65, 0.75, random) : between(0.4, 0.6, random);
  return target.pooled ? between(0.4, 0.55, random) : between(0.25, 0.5, random);
}

ChannelNorm many(const std::vector<std::int64_t>& sorted, const Target& target, Random& random) {
  const double scale = activation_scale(target.bits);
  if (target.is_signed) {
    const auto at = [&](double share) {
      return static_cast<double>(
          sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))]);
    };
    const double reach = between(0.6, 0.9, random) * kTop;
    const double centre = between(0.05, 0.2, random) * kTop;
    const double low = at(0.02);
    const double high = at(0.98) > low ? at(0.98) : static_cast<double>(sorted.back());
    if (high > low) return line(low, centre - reach, high, centre + reach);
    return line(static_cast<double>(sorted.front()), centre - reach, high, centre + reach);
  }
  const double edge = edge_at(sorted, zero_share(target, random));
  auto high =
      static_cast<double>(sorted[static_cast<std::size_t>(0.97 * static_cast<double>(sorted.size() - 1))]);
  if (high <= edge) high = static_cast<double>(sorted.back());
  const double top = std::max(between(0.75, 1.1, random) * (kTop - scale), scale);
  return line(edge, 0.5 * scale, high, top);
}

/// Codes for the smallest value of a channel, in the lower half of the range, and the largest, in the upper.
struct Pair {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

/// One pair per channel; together they fill the range evenly.
std::vector<Pair> pairs(std::size_t channels, const Target& target, Random& random) {
  const std::int64_t half = std::int64_t{1} << (target.is_signed ? target.bits : target.bits - 1);
  const std::int64_t lowest = target.is_signed ? -half : 0;
  std::vector<std::int64_t> ranks(channels);
  std::iota(ranks.begin(), ranks.end(), 0);
  std::vector<Pair> result(channels);
  const auto code = [&](std::size_t c) { return ranks[c] * half / static_cast<std::int64_t>(channels); };
  random.shuffle(std::span(ranks));
  for (std::size_t c = 0; c < channels; ++c) result[c].low = lowest + code(c);
  random.shuffle(std::span(ranks));
  for (std::size_t c = 0; c < channels; ++c) result[c].high = lowest + half + code(c);
  return result;
}

void add_statistics(const std::vector<std::int64_t>& sample, ChannelNorm& norm) {
  double square = 0;
  for (const std::int64_t value : sample) norm.mean += static_cast<double>(value);
  norm.mean /= static_cast<double>(sample.size());
  for (const std::int64_t value : sample) {
    const double difference = static_cast<double>(value) - norm.mean;
    square += difference * difference;
  }
  norm.variance = square / static_cast<double>(sample.size());
}

}  // namespace

double activation_scale(int bits) {
  return kTop / static_cast<double>(1 << bits);
}

std::vector<ChannelNorm> calibrate(const Values& accumulators, const Target& target, Random random) {
  const auto channels = static_cast<std::size_t>(accumulators.type.shape.channels);
  const double scale = activation_scale(target.bits);
  const auto codes = pairs(channels, target, random);
  std::vector<ChannelNorm> norms;
  for (std::size_t c = 0; c < channels; ++c) {
    const auto sorted = sorted_sample(accumulators, c);
    ChannelNorm norm{.gain = 0, .offset = kTop / 2};
    if (sorted.front() < sorted.back()) {
      norm = sorted.size() >= kMany
                 ? many(sorted, target, random)
                 : line(static_cast<double>(sorted.front()), scale * static_cast<double>(codes[c].low),
                        static_cast<double>(sorted.back()), scale * static_cast<double>(codes[c].high));
    }
    add_statistics(sorted, norm);
    norms.push_back(norm);
  }
  return norms;
}

}  // namespace bitmason::zoo
