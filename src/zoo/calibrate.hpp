#pragma once

#include <vector>

#include "base/random.hpp"
#include "zoo/values.hpp"

/// Scale and offset per channel that place accumulators over the codes of a quantiser.
namespace bitmason::zoo {

/// Real activations of `bits` bits lie in [0, 4), so that tensors of equal width have equal scale.
double activation_scale(int bits);

/// The quantiser that follows.
struct Target {
  int bits = 4;
  bool is_signed = false;  ///< one bit more, for a branch of a sum: values in [-4, 4)
  bool pooled = false;     ///< 2x2 max pooling follows and takes the largest of four
};

/// y = gain * accumulator + offset; and the statistics that batch norm takes.
struct ChannelNorm {
  double gain = 1;
  double offset = 0;
  double mean = 0;      ///< of the accumulators
  double variance = 0;  ///< of the accumulators
};

/// One norm per channel of the accumulators. Where a channel has many values, a drawn share of a quarter to a
/// half of them becomes 0 (more before pooling, and about half for one bit), and nearly all of the rest
/// spreads to a drawn top: channels differ as they do after training. Where it has few (one pixel), its
/// smallest and largest value go to two codes, and all channels together fill the range. Channels whose
/// accumulators are all equal get gain 0 and the middle of the range.
std::vector<ChannelNorm> calibrate(const Values& accumulators, const Target& target, Random random);

}  // namespace bitmason::zoo
