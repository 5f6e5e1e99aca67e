#include <algorithm>
#include <array>
#include <cmath>

#include "plan/search.hpp"

namespace bitmason::plan {

namespace {

constexpr int kRounds = 120;
constexpr double kFirstStep = 1.0;
constexpr double kLastStep = 0.02;
/// Sums of prices are floating point: a proof needs more than their rounding.
constexpr double kMargin = 1e-9;

/// What is used of each resource, as a share of its limit.
std::array<double, 4> shares(const Resources& use, const Resources& limit) {
  const auto share = [](std::int64_t used, std::int64_t available) {
    return static_cast<double>(used) / static_cast<double>(std::max<std::int64_t>(1, available));
  };
  return {share(use.dsps.value, limit.dsps.value), share(use.luts.value, limit.luts.value),
          share(use.flip_flops.value, limit.flip_flops.value), share(use.bram18s.value, limit.bram18s.value)};
}

Prices prices_of(const std::array<double, 4>& weights, const Resources& limit) {
  const auto price = [](double weight, std::int64_t available) {
    return weight / static_cast<double>(std::max<std::int64_t>(1, available));
  };
  return {.dsp = price(weights[0], limit.dsps.value),
          .lut = price(weights[1], limit.luts.value),
          .flip_flop = price(weights[2], limit.flip_flops.value),
          .bram18 = price(weights[3], limit.bram18s.value)};
}

}  // namespace

std::optional<Prices> Search::fair_prices(std::int64_t interval) const {
  // Weights of the resources' shares, of sum 1: a budget that is just used up costs 1.
  std::array<double, 4> weights{0.25, 0.25, 0.25, 0.25};
  for (int round = 0; round < kRounds; ++round) {
    const Prices prices = prices_of(weights, limit_);
    Resources use;
    for (const LayerChoices& layer : choices_) {
      const auto least = layer.least(interval, prices);
      if (!least) return std::nullopt;
      use = use + *least;
    }
    if (prices.of(use) > prices.of(limit_) + kMargin) return std::nullopt;
    // Multiplicative weights: what is used more than the average becomes dearer, in shrinking steps.
    const std::array<double, 4> used = shares(use, limit_);
    const double step = kFirstStep * std::pow(kLastStep / kFirstStep, static_cast<double>(round) / kRounds);
    double sum = 0;
    for (std::size_t r = 0; r < weights.size(); ++r) {
      weights[r] *= std::exp(step * std::clamp(used[r] - 1, -1.0, 1.0));
      sum += weights[r];
    }
    for (double& weight : weights) weight /= sum;
  }
  return prices_of(weights, limit_);
}

std::int64_t Search::lower_bound(std::int64_t known) const {
  // Fewer cycles never make an implementation possible: the proved intervals are the shortest ones.
  const std::vector<std::int64_t> points = breakpoints();
  auto low = points.begin();
  auto high = std::lower_bound(points.begin(), points.end(), known);
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (!fair_prices(*middle)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == points.end() ? known : std::min(known, *low);
}

}  // namespace bitmason::plan
