#pragma once

#include <cstdint>
#include <vector>

#include "base/random.hpp"

/// Seeded weights of realistic distribution.
namespace bitmason::zoo {

struct DrawnWeights {
  std::vector<std::int32_t> codes;  ///< output channel first
  std::vector<float> scales;        ///< one, or one per output channel
};

struct WeightShape {
  std::int64_t outputs = 1;
  std::int64_t fan_in = 1;
  int bits = 4;
};

/// Normal real weights of variance 2 / fan-in (He et al., 2015), quantised per output channel to narrow
/// signed codes: 2.4 to 3 standard deviations fill the range for four bits and more, 3 bits are filled a
/// little denser, 2 bits are ternary with about half of the weights 0 (as Li and Liu, 2016), 1 bit is the
/// sign. No filter is all zero.
DrawnWeights draw_weights(const WeightShape& shape, Random random);

/// The same with one scale for all channels, a power of two.
DrawnWeights draw_shared_scale_weights(const WeightShape& shape, Random random);

}  // namespace bitmason::zoo
