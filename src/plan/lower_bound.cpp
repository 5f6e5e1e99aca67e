#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "plan/search.hpp"

namespace bitmason::plan {

namespace {

constexpr int kRounds = 120;
constexpr double kFirstStep = 1.0;
constexpr double kLastStep = 0.02;
/// Sums of prices are floating point: a proof needs more than their rounding.
constexpr double kMargin = 1e-9;

/// What is used of each resource, as a share of its limit.
PerResource<double> shares(const Resources& use, const Resources& limit) {
  const auto used = amounts_of(use);
  const auto available = amounts_of(limit);
  PerResource<double> shares{};
  for (std::size_t r = 0; r < used.size(); ++r) {
    shares[r] = static_cast<double>(used[r]) / static_cast<double>(std::max<std::int64_t>(1, available[r]));
  }
  return shares;
}

Prices prices_of(const PerResource<double>& weights, const Resources& limit) {
  const auto available = amounts_of(limit);
  Prices prices;
  for (std::size_t r = 0; r < weights.size(); ++r) {
    prices.each[r] = weights[r] / static_cast<double>(std::max<std::int64_t>(1, available[r]));
  }
  return prices;
}

/// Equal weights, of sum 1, of the resources that implementations may use: URAM and external memory are not
/// offered where there is none.
PerResource<double> equal_weights(const Resources& limit) {
  PerResource<double> weights;
  weights.fill(1);
  if (limit.urams.value == 0) weights[kUram] = 0;
  if (limit.traffic.value == 0) weights[kTraffic] = 0;
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight /= sum;
  return weights;
}

}  // namespace

std::optional<Prices> Search::fair_prices(std::int64_t interval) const {
  const Resources most = limit(interval);
  // Weights of the resources' shares, of sum 1: a budget that is just used up costs 1.
  PerResource<double> weights = equal_weights(most);
  for (int round = 0; round < kRounds; ++round) {
    const Prices prices = prices_of(weights, most);
    Resources use;
    for (const LayerChoices& layer : choices_) {
      const auto least = layer.least(interval, prices);
      if (!least) return std::nullopt;
      use = use + *least;
    }
    if (prices.of(use) > prices.of(most) + kMargin) return std::nullopt;
    // Multiplicative weights: what is used more than the average becomes dearer, in shrinking steps.
    const PerResource<double> used = shares(use, most);
    const double step = kFirstStep * std::pow(kLastStep / kFirstStep, static_cast<double>(round) / kRounds);
    double sum = 0;
    for (std::size_t r = 0; r < weights.size(); ++r) {
      weights[r] *= std::exp(step * std::clamp(used[r] - 1, -1.0, 1.0));
      sum += weights[r];
    }
    for (double& weight : weights) weight /= sum;
  }
  return prices_of(weights, most);
}

std::int64_t Search::lower_bound(std::int64_t known) const {
  // Fewer cycles never make an implementation possible: the proved intervals are the shortest ones.
  const std::vector<std::int64_t> points = breakpoints();
  auto low = points.begin();
  auto high = std::lower_bound(points.begin(), points.end(), known);
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    const std::int64_t longest = longest_of(points, static_cast<std::size_t>(middle - points.begin()));
    if (!fair_prices(std::min(longest, known))) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == points.end() ? known : std::min(known, *low);
}

}  // namespace bitmason::plan
