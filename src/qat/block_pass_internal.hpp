#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdint>

/// Private to the room: passes over many elements in blocks of fixed size, so that sums over blocks do not
/// depend on the number of threads.
namespace bitmason::qat {

inline constexpr std::int64_t kBlock = 1 << 15;

inline std::int64_t blocks_of(std::int64_t count) {
  return (count + kBlock - 1) / kBlock;
}

/// Calls with the number, first element and length of each block.
template <class Body>
void for_each_block(std::int64_t count, const Body& body) {
  at::parallel_for(0, blocks_of(count), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t block = begin; block < end; ++block)
      body(block, block * kBlock, std::min(kBlock, count - block * kBlock));
  });
}

/// The sum has no room for a fraction, so adding rounds half to even; SSE2 has no instruction for it.
inline float rounded(float value) {
  constexpr float kShift = 12582912;  // 1.5 * 2^23
  return (value + kShift) - kShift;
}

}  // namespace bitmason::qat
