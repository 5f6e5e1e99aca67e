#include "zoo/weights.hpp"

#include <algorithm>
#include <cmath>

namespace bitmason::zoo {

namespace {

constexpr double kTernaryReach = 1.3;
constexpr double kThreeBitReach = 2.2;
constexpr double kReach = 2.7;

/// Standard deviations that the largest code stands for.
double reach(int bits) {
  return bits == 2 ? kTernaryReach : bits == 3 ? kThreeBitReach : kReach;
}

std::int32_t largest(int bits) {
  return bits == 1 ? 1 : (1 << (bits - 1)) - 1;
}

}  // namespace

void redraw(const WeightShape& shape, std::int64_t output, Random& random, std::vector<std::int32_t>& codes) {
  const std::int32_t top = largest(shape.bits);
  const double jitter = 0.9 + 0.2 * random.uniform();
  const double per_code = jitter * reach(shape.bits) / top;
  const auto first = codes.begin() + output * shape.fan_in;
  auto strongest = first;
  double most = 0;
  for (auto code = first; code != first + shape.fan_in; ++code) {
    const double weight = random.normal();
    if (std::abs(weight) > std::abs(most)) {
      most = weight;
      strongest = code;
    }
    *code = shape.bits == 1
                ? (weight < 0 ? -1 : 1)
                : std::clamp(static_cast<std::int32_t>(std::lround(weight / per_code)), -top, top);
  }
  // The strongest weight of a filter counts, however small the filter.
  if (*strongest == 0) *strongest = most < 0 ? -1 : 1;
}

std::vector<std::int32_t> draw_weights(const WeightShape& shape, Random& random) {
  std::vector<std::int32_t> codes(static_cast<std::size_t>(shape.outputs * shape.fan_in));
  for (std::int64_t o = 0; o < shape.outputs; ++o) redraw(shape, o, random, codes);
  return codes;
}

float weight_scale(const WeightShape& shape) {
  const double deviation = std::sqrt(2.0 / static_cast<double>(shape.fan_in));
  const double code = shape.bits == 1 ? 1 : largest(shape.bits) / reach(shape.bits);
  return static_cast<float>(std::exp2(std::round(std::log2(deviation / code))));
}

}  // namespace bitmason::zoo
