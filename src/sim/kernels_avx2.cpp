#if defined(__x86_64__)
#include <immintrin.h>

#include "sim/kernel_bodies.hpp"

/// Kernels for AVX2: bytes through pmaddubsw into 16-bit sums, 16-bit numbers through pmaddwd.
namespace bitmason::sim {

namespace {

#define BITMASON_AVX2 [[gnu::target("avx2,fma,bmi,bmi2")]]

/// Pixels of the full tile: 6 pixels of two vectors leave 4 of the 16 registers for operands.
constexpr int kPixels = 6;
constexpr std::ptrdiff_t kStepBytes = 64;

BITMASON_AVX2 inline __m256i broadcast(const std::byte* from) {
  int value = 0;
  std::memcpy(&value, from, sizeof value);
  return _mm256_set1_epi32(value);
}
BITMASON_AVX2 inline __m256i load(const void* from) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}
BITMASON_AVX2 inline void store(void* to, __m256i value) {
  _mm256_storeu_si256(static_cast<__m256i*>(to), value);
}

struct Tile {
  const std::byte* input;
  const std::byte* weights;
  const std::int32_t* correction;
  std::int32_t* acc;
};

template <int Pixels>
BITMASON_AVX2 void tile8(const DotRow& row, const Tile& tile) {
  const __m256i ones = _mm256_set1_epi16(1);
  int step = 0;
  for (int segment = 0; segment < row.segments; ++segment) {
    __m256i sum[std::size_t{Pixels}][2];
    for (auto& pair : sum) pair[0] = pair[1] = _mm256_setzero_si256();
    for (; step < row.segment_ends[segment]; ++step) {
      const std::byte* at = tile.input + row.offsets[step];
      const __m256i first = load(tile.weights + step * kStepBytes);
      const __m256i second = load(tile.weights + step * kStepBytes + 32);
#pragma GCC unroll 8
      for (int p = 0; p < Pixels; ++p) {
        const __m256i activation = broadcast(at + p * row.pixel_stride);
        sum[p][0] = _mm256_add_epi16(sum[p][0], _mm256_maddubs_epi16(activation, first));
        sum[p][1] = _mm256_add_epi16(sum[p][1], _mm256_maddubs_epi16(activation, second));
      }
    }
#pragma GCC unroll 8
    for (int p = 0; p < Pixels; ++p) {
      std::int32_t* acc = tile.acc + p * row.acc_stride;
      for (int half = 0; half < 2; ++half) {
        const __m256i before = load((segment == 0 ? tile.correction : acc) + 8 * half);
        store(acc + 8 * half, _mm256_add_epi32(before, _mm256_madd_epi16(sum[p][half], ones)));
      }
    }
  }
}

template <int Pixels>
BITMASON_AVX2 void tile16(const DotRow& row, const Tile& tile) {
  __m256i sum[std::size_t{Pixels}][2];
  for (auto& pair : sum) {
    pair[0] = load(tile.correction);
    pair[1] = load(tile.correction + 8);
  }
  for (int step = 0; step < row.steps; ++step) {
    const std::byte* at = tile.input + row.offsets[step];
    const __m256i first = load(tile.weights + step * kStepBytes);
    const __m256i second = load(tile.weights + step * kStepBytes + 32);
#pragma GCC unroll 8
    for (int p = 0; p < Pixels; ++p) {
      const __m256i activation = broadcast(at + p * row.pixel_stride);
      sum[p][0] = _mm256_add_epi32(sum[p][0], _mm256_madd_epi16(activation, first));
      sum[p][1] = _mm256_add_epi32(sum[p][1], _mm256_madd_epi16(activation, second));
    }
  }
#pragma GCC unroll 8
  for (int p = 0; p < Pixels; ++p) {
    store(tile.acc + p * row.acc_stride, sum[p][0]);
    store(tile.acc + p * row.acc_stride + 8, sum[p][1]);
  }
}

struct Bytes {
  template <int Pixels>
  BITMASON_AVX2 static void run(const DotRow& row, const Tile& tile) {
    tile8<Pixels>(row, tile);
  }
};
struct Words {
  template <int Pixels>
  BITMASON_AVX2 static void run(const DotRow& row, const Tile& tile) {
    tile16<Pixels>(row, tile);
  }
};

template <class Kind>
BITMASON_AVX2 void dot(const DotRow& row) {
  for (int block = 0; block < row.blocks; ++block) {
    Tile tile{row.input, row.weights + std::ptrdiff_t{block} * row.steps * kStepBytes,
              row.correction + block * kBlock, row.acc + block * kBlock};
    const auto advance = [&](int pixels) {
      tile.input += pixels * row.pixel_stride;
      tile.acc += pixels * row.acc_stride;
    };
    int left = row.pixels;
    for (; left >= kPixels; left -= kPixels, advance(kPixels)) Kind::template run<kPixels>(row, tile);
    for (; left >= 4; left -= 4, advance(4)) Kind::template run<4>(row, tile);
    for (; left >= 2; left -= 2, advance(2)) Kind::template run<2>(row, tile);
    for (; left >= 1; left -= 1, advance(1)) Kind::template run<1>(row, tile);
  }
}

BITMASON_AVX2 void depthwise8(const DepthwiseRow& row) {
  bodies::depthwise_bytes<8>(row);
}
BITMASON_AVX2 void depthwise16(const DepthwiseRow& row) {
  bodies::depthwise_words<8>(row);
}
BITMASON_AVX2 void compare(const CompareRow& row) {
  bodies::compare<8>(row);
}

}  // namespace

const Kernels kAvx2Kernels{.dot8 = dot<Bytes>,
                           .dot16 = dot<Words>,
                           .depthwise8 = depthwise8,
                           .depthwise16 = depthwise16,
                           .compare = compare,
                           .layout = WeightLayout::Interleaved,
                           .narrow_lane = 2,
                           .needs_segments = true};

}  // namespace bitmason::sim
#endif
