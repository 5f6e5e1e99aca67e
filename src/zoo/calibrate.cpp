#include "zoo/calibrate.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bitmason::zoo {

namespace {

/// Values per channel from which a distribution can be told.
constexpr std::size_t kMany = 9;
/// Values per channel that are looked at; more tell nothing new.
constexpr std::size_t kSample = 8192;
/// Channels of few values have at most so many times the median gain: other frames must not saturate.
constexpr double kMostGain = 8;
/// Of the median multiplier and of the largest.
constexpr int kMultiplierBits = 9;
constexpr int kMostMultiplierBits = 16;
/// Odd, and exact in a float32.
constexpr double kMostBias = (1 << 23) - 1;

/// Accumulators in ascending order.
using Sample = std::vector<std::int64_t>;

/// code = gain * accumulator + offset.
struct Line {
  double gain = 0;
  double offset = 0;

  static Line through(double from, double to, double from2, double to2) {
    const double gain = (to2 - to) / (from2 - from);
    return {gain, to - gain * from};
  }
};

/// The channel's accumulators in all frames; evenly thinned to about kSample.
Sample sample_of(const Values& values, std::size_t channel) {
  const auto pixels =
      static_cast<std::size_t>(values.type.shape.height) * static_cast<std::size_t>(values.type.shape.width);
  // An odd step meets every column of an even width in turn.
  const std::size_t step = (pixels * values.frames.size() / kSample) | 1U;
  Sample sample;
  for (const sim::Codes& frame : values.frames) {
    for (std::size_t i = 0; i < pixels; i += step) sample.push_back(frame[channel * pixels + i]);
  }
  std::ranges::sort(sample);
  return sample;
}

double quantile(const Sample& sample, double share) {
  return static_cast<double>(
      sample[static_cast<std::size_t>(share * static_cast<double>(sample.size() - 1))]);
}

/// Between two neighbouring values that differ, as close as possible to the share. Precondition: they are not
/// all equal.
double edge_at(const Sample& sample, double share) {
  const auto wanted = static_cast<std::int64_t>(quantile(sample, share));
  const auto [first, last] = std::equal_range(sample.begin(), sample.end(), wanted);
  const auto below = static_cast<std::size_t>(first - sample.begin());
  const auto above = static_cast<std::size_t>(last - sample.begin());
  const double target = share * static_cast<double>(sample.size());
  const bool lower = above == sample.size() ||
                     (below > 0 && target - static_cast<double>(below) < static_cast<double>(above) - target);
  const std::size_t at = lower ? below : above;
  return 0.5 * static_cast<double>(sample[at - 1] + sample[at]);
}

double between(double lo, double hi, Random& random) {
  return lo + (hi - lo) * random.uniform();
}

/// Share of the values that become 0.
double zero_share(const Target& target, Random& random) {
  if (target.bits == 1) return target.pooled ? between(0.65, 0.75, random) : between(0.4, 0.6, random);
  return target.pooled ? between(0.4, 0.55, random) : between(0.25, 0.5, random);
}

Line place_branch(const Sample& sample, const Target& target, Random& random) {
  const auto half = -static_cast<double>(target.range().lo);
  const double reach = between(0.6, 0.9, random) * half;
  const double centre = between(0.05, 0.2, random) * half;
  const bool spread = quantile(sample, 0.02) < quantile(sample, 0.98);
  const double tail = spread ? 0.02 : 0;
  return Line::through(quantile(sample, tail), centre - reach, quantile(sample, 1 - tail), centre + reach);
}

Line place_activation(const Sample& sample, const Target& target, Random& random) {
  const double edge = edge_at(sample, zero_share(target, random));
  const double share = quantile(sample, 0.97) > edge ? 0.97 : 1;
  const double top = between(0.75, 1.1, random) * static_cast<double>(target.range().hi);
  return Line::through(edge, 0.5, quantile(sample, share), std::max(top, 1.0));
}

/// Codes for the smallest value of a channel, in the lower half of the range, and the largest, in the upper.
struct Pair {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

/// One pair per channel; together they fill the range evenly.
std::vector<Pair> draw_pairs(std::size_t channels, const Target& target, Random& random) {
  const IntRange range = target.range();
  const std::int64_t half = (range.span() + 1) / 2;
  std::vector<std::int64_t> ranks(channels);
  std::iota(ranks.begin(), ranks.end(), 0);
  std::vector<Pair> result(channels);
  const auto code = [&](std::size_t c) { return ranks[c] * half / static_cast<std::int64_t>(channels); };
  random.shuffle(std::span(ranks));
  for (std::size_t c = 0; c < channels; ++c) result[c].low = range.lo + code(c);
  random.shuffle(std::span(ranks));
  for (std::size_t c = 0; c < channels; ++c) result[c].high = range.lo + half + code(c);
  return result;
}

double median_gain(const std::vector<Line>& lines) {
  std::vector<double> gains;
  for (const Line& line : lines) {
    if (line.gain > 0) gains.push_back(line.gain);
  }
  if (gains.empty()) return 1;
  const auto middle = gains.begin() + static_cast<std::ptrdiff_t>(gains.size() / 2);
  std::ranges::nth_element(gains, middle);
  return *middle;
}

/// Lowers the gain to `limit` about the middle of the sample, which comes midway between two codes, so that
/// the two ends still get different ones.
void flatten(const Sample& sample, double limit, Line& line) {
  if (line.gain <= limit) return;
  const double middle = 0.5 * static_cast<double>(sample.front() + sample.back());
  const double code = std::floor(line.gain * middle + line.offset) + 0.5;
  line = {limit, code - limit * middle};
}

std::int64_t odd(double value) {
  return 2 * static_cast<std::int64_t>(std::floor(value / 2)) + 1;
}

IntegerNorm integers_of(const std::vector<Line>& lines) {
  double most = 0;
  for (const Line& line : lines) most = std::max(most, line.gain);
  const double median = median_gain(lines);
  IntegerNorm norm;
  norm.shift = static_cast<int>(std::floor(std::min(
      kMultiplierBits - std::log2(median), kMostMultiplierBits - std::log2(std::max(most, median)))));
  norm.shift = std::max(norm.shift, 0);
  for (const Line& line : lines) {
    norm.multiplier.push_back(std::max<std::int64_t>(1, odd(std::ldexp(line.gain, norm.shift))));
    const double gain = std::ldexp(static_cast<double>(norm.multiplier.back()), -norm.shift);
    // The rounded gain turns about code 0.5, which is the place that counts most.
    const double zero = line.gain > 0 ? (0.5 - line.offset) / line.gain : 0;
    const double bias = line.gain > 0 ? 0.5 / gain - zero : line.offset / gain;
    norm.bias.push_back(odd(std::clamp(8 * bias, -kMostBias, kMostBias)));
  }
  return norm;
}

}  // namespace

IntegerNorm calibrate(const Values& accumulators, const Target& target, Random random) {
  const auto channels = static_cast<std::size_t>(accumulators.type.shape.channels);
  const auto pairs = draw_pairs(channels, target, random);
  std::vector<Line> lines;
  std::vector<Sample> few;
  for (std::size_t c = 0; c < channels; ++c) {
    Sample sample = sample_of(accumulators, c);
    if (sample.front() == sample.back()) {
      lines.push_back({0, 0.5 * static_cast<double>(target.range().lo + target.range().hi)});
    } else if (sample.size() >= kMany) {
      lines.push_back(target.is_signed ? place_branch(sample, target, random)
                                       : place_activation(sample, target, random));
    } else {
      lines.push_back(Line::through(static_cast<double>(sample.front()), static_cast<double>(pairs[c].low),
                                    static_cast<double>(sample.back()), static_cast<double>(pairs[c].high)));
    }
    if (sample.size() < kMany) few.push_back(std::move(sample));
  }
  const double limit = kMostGain * median_gain(lines);
  for (std::size_t c = 0; c < few.size(); ++c) flatten(few[c], limit, lines[c]);
  return integers_of(lines);
}

std::vector<std::int64_t> centring_bias(const Values& accumulators, Random random) {
  std::vector<std::int64_t> bias;
  for (int c = 0; c < accumulators.type.shape.channels; ++c) {
    const Sample sample = sample_of(accumulators, static_cast<std::size_t>(c));
    const auto count = static_cast<double>(sample.size());
    double mean = 0;
    for (const std::int64_t value : sample) mean += static_cast<double>(value) / count;
    double variance = 0;
    for (const std::int64_t value : sample) {
      const double difference = static_cast<double>(value) - mean;
      variance += difference * difference / count;
    }
    const double centre = mean + between(-0.5, 0.5, random) * std::sqrt(variance);
    bias.push_back(static_cast<std::int64_t>(std::round(std::clamp(-centre, -kMostBias, kMostBias))));
  }
  return bias;
}

std::vector<bool> constant_channels(const Values& accumulators) {
  const ir::Shape& shape = accumulators.type.shape;
  const auto pixels = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  std::vector<bool> constant;
  for (std::size_t c = 0; c < static_cast<std::size_t>(shape.channels); ++c) {
    const auto first = accumulators.frames.front()[c * pixels];
    constant.push_back(std::ranges::all_of(accumulators.frames, [&](const sim::Codes& frame) {
      const auto begin = frame.begin() + static_cast<std::ptrdiff_t>(c * pixels);
      return std::all_of(begin, begin + static_cast<std::ptrdiff_t>(pixels),
                         [&](std::int64_t value) { return value == first; });
    }));
  }
  return constant;
}

}  // namespace bitmason::zoo
