#pragma once

#include <cstdint>
#include <vector>

#include "base/random.hpp"
#include "zoo/values.hpp"

/// Scale and offset per channel that place accumulators over the codes of a quantiser.
namespace bitmason::zoo {

/// The quantiser that follows.
struct Target {
  int bits = 4;
  bool is_signed = false;  ///< a branch of a sum
  bool pooled = false;     ///< 2x2 max pooling follows and takes the largest of four

  [[nodiscard]] IntRange range() const {
    return is_signed ? IntRange::signed_bits(bits) : IntRange::unsigned_bits(bits);
  }
  /// Real value of one code, a power of two: activations lie in [0, 4), branches in [-2, 2), so that tensors
  /// of equal width add and concatenate in integers.
  [[nodiscard]] double scale() const { return 4 / static_cast<double>(std::int64_t{1} << bits); }
};

/// code before rounding and clamping = (accumulator + bias[c] / 8) * multiplier[c] / 2^shift: integers as in
/// hardware that scales by multiplier and shift. Multipliers and biases are odd, so that no value lies midway
/// between two codes and every rounding to nearest is the same.
struct IntegerNorm {
  std::vector<std::int64_t> multiplier;
  std::vector<std::int64_t> bias;
  int shift = 0;
};

/// Where a channel has many values, a drawn share of a quarter to a half of them becomes 0 (more before
/// pooling, and about half for one bit), and nearly all of the rest spreads to a drawn top: channels differ
/// as they do after training. Where it has few (one pixel), its smallest and largest value go to two codes,
/// and all channels together fill the range. Multipliers have about 9 bits. Channels whose accumulators are
/// all equal stay in the middle of the range.
IntegerNorm calibrate(const Values& accumulators, const Target& target, Random random);

/// Integers that centre each channel near 0, up to half of its standard deviation away.
std::vector<std::int64_t> centring_bias(const Values& accumulators, Random random);

/// By channel: true where all accumulators are equal in all frames.
std::vector<bool> constant_channels(const Values& accumulators);

}  // namespace bitmason::zoo
