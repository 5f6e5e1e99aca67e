#pragma once

#include <cstdint>
#include <vector>

#include "base/random.hpp"

/// Seeded weights of realistic distribution.
namespace bitmason::zoo {

struct WeightShape {
  std::int64_t outputs = 1;
  std::int64_t fan_in = 1;
  int bits = 4;
};

/// Codes of all filters, one after another: normal real weights, quantised per
/// filter to narrow signed codes. 2.4 to 3 standard deviations fill the range for four bits and more, 3 bits
/// are filled a little denser, 2 bits are ternary with about half of the weights 0 (as Li and Liu, 2016), 1
/// bit is the sign. No filter is all zero.
std::vector<std::int32_t> draw_weights(const WeightShape& shape, Random& random);

/// Draws one filter again.
void redraw(const WeightShape& shape, std::int64_t output, Random& random, std::vector<std::int32_t>& codes);

/// Real value of one code, a power of two: the variance of real weights is about 2 / fan-in (He et al.,
/// 2015).
float weight_scale(const WeightShape& shape);

}  // namespace bitmason::zoo
