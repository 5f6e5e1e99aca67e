#include "zoo/weights.hpp"

#include <algorithm>
#include <cmath>

namespace bitmason::zoo {

namespace {

/// Standard deviations that the largest code stands for.
double reach(int bits, Random& random) {
  const double jitter = 0.9 + 0.2 * random.uniform();
  constexpr double kTernary = 1.3;
  constexpr double kThreeBits = 2.2;
  constexpr double kWide = 2.7;
  return jitter * (bits == 2 ? kTernary : bits == 3 ? kThreeBits : kWide);
}

float scale_of(const WeightShape& shape, Random& random) {
  const double deviation = std::sqrt(2.0 / static_cast<double>(shape.fan_in));
  // The mean magnitude of a normal value.
  if (shape.bits == 1) return static_cast<float>(deviation * std::sqrt(2 / std::numbers::pi));
  const double largest = (1 << (shape.bits - 1)) - 1;
  return static_cast<float>(reach(shape.bits, random) * deviation / largest);
}

/// One filter's codes, appended.
void draw_filter(const WeightShape& shape, double scale, Random& random, std::vector<std::int32_t>& codes) {
  const double deviation = std::sqrt(2.0 / static_cast<double>(shape.fan_in));
  const std::int32_t largest = (1 << (shape.bits - 1)) - 1;
  double strongest = 0;
  std::size_t at = codes.size();
  bool zero = true;
  for (std::int64_t i = 0; i < shape.fan_in; ++i) {
    const double weight = deviation * random.normal();
    if (std::abs(weight) > std::abs(strongest)) {
      strongest = weight;
      at = codes.size();
    }
    if (shape.bits == 1) {
      codes.push_back(weight < 0 ? -1 : 1);
    } else {
      codes.push_back(std::clamp(static_cast<std::int32_t>(std::lround(weight / scale)), -largest, largest));
    }
    zero = zero && codes.back() == 0;
  }
  if (zero) codes[at] = strongest < 0 ? -1 : 1;
}

}  // namespace

DrawnWeights draw_weights(const WeightShape& shape, Random random) {
  DrawnWeights weights;
  weights.codes.reserve(static_cast<std::size_t>(shape.outputs * shape.fan_in));
  for (std::int64_t o = 0; o < shape.outputs; ++o) {
    weights.scales.push_back(scale_of(shape, random));
    draw_filter(shape, double{weights.scales.back()}, random, weights.codes);
  }
  return weights;
}

DrawnWeights draw_shared_scale_weights(const WeightShape& shape, Random random) {
  const double scale = std::exp2(std::round(std::log2(double{scale_of(shape, random)})));
  DrawnWeights weights{{}, {static_cast<float>(scale)}};
  weights.codes.reserve(static_cast<std::size_t>(shape.outputs * shape.fan_in));
  for (std::int64_t o = 0; o < shape.outputs; ++o) draw_filter(shape, scale, random, weights.codes);
  return weights;
}

}  // namespace bitmason::zoo
