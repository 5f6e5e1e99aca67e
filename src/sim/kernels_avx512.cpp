#if defined(__x86_64__)
#include <immintrin.h>

#include "sim/kernel_bodies.hpp"

/// Kernels for AVX-512 with VNNI: vpdpbusd and vpdpwssd sum in 32 bits without saturation.
namespace bitmason::sim {

namespace {

#define BITMASON_AVX512 \
  [[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,bmi,bmi2,prefer-vector-width=512")]]

constexpr std::ptrdiff_t kStepBytes = 64;

struct Bytes {
  BITMASON_AVX512 static __m512i dot(__m512i sum, __m512i activation, __m512i weight) {
    return _mm512_dpbusd_epi32(sum, activation, weight);
  }
};
struct Words {
  BITMASON_AVX512 static __m512i dot(__m512i sum, __m512i activation, __m512i weight) {
    return _mm512_dpwssd_epi32(sum, activation, weight);
  }
};

/// `Blocks` blocks of outputs for `Pixels` pixels, all sums in registers.
template <class Kind, int Blocks, int Pixels>
BITMASON_AVX512 void tile(const DotRow& row, int block, int pixel) {
  const std::byte* input = row.input + pixel * row.pixel_stride;
  const std::byte* weights = row.weights + std::ptrdiff_t{block} * row.steps * kStepBytes;
  __m512i sum[std::size_t{Pixels}][std::size_t{Blocks}];
#pragma GCC unroll 16
  for (int p = 0; p < Pixels; ++p) {
#pragma GCC unroll 4
    for (int b = 0; b < Blocks; ++b) sum[p][b] = _mm512_loadu_si512(row.correction + (block + b) * kBlock);
  }
  for (int step = 0; step < row.steps; ++step) {
    __m512i weight[std::size_t{Blocks}];
#pragma GCC unroll 4
    for (int b = 0; b < Blocks; ++b) {
      weight[b] = _mm512_loadu_si512(weights + (std::ptrdiff_t{b} * row.steps + step) * kStepBytes);
    }
    const std::byte* at = input + row.offsets[step];
#pragma GCC unroll 16
    for (int p = 0; p < Pixels; ++p) {
      int bytes = 0;
      std::memcpy(&bytes, at + p * row.pixel_stride, sizeof bytes);
      const __m512i activation = _mm512_set1_epi32(bytes);
#pragma GCC unroll 4
      for (int b = 0; b < Blocks; ++b) sum[p][b] = Kind::dot(sum[p][b], activation, weight[b]);
    }
  }
#pragma GCC unroll 16
  for (int p = 0; p < Pixels; ++p) {
    std::int32_t* acc = row.acc + (pixel + p) * row.acc_stride + block * kBlock;
#pragma GCC unroll 4
    for (int b = 0; b < Blocks; ++b) _mm512_storeu_si512(acc + b * kBlock, sum[p][b]);
  }
}

template <class Kind, int Blocks>
BITMASON_AVX512 void all_pixels(const DotRow& row, int block) {
  constexpr int kPixels = Blocks == 4 ? 5 : 10;
  int pixel = 0;
  for (; pixel + kPixels <= row.pixels; pixel += kPixels) tile<Kind, Blocks, kPixels>(row, block, pixel);
  for (; pixel + 4 <= row.pixels; pixel += 4) tile<Kind, Blocks, 4>(row, block, pixel);
  for (; pixel + 2 <= row.pixels; pixel += 2) tile<Kind, Blocks, 2>(row, block, pixel);
  for (; pixel < row.pixels; ++pixel) tile<Kind, Blocks, 1>(row, block, pixel);
}

template <class Kind>
BITMASON_AVX512 void dot(const DotRow& row) {
  int block = 0;
  for (; block + 4 <= row.blocks; block += 4) all_pixels<Kind, 4>(row, block);
  for (; block + 2 <= row.blocks; block += 2) all_pixels<Kind, 2>(row, block);
  for (; block < row.blocks; ++block) all_pixels<Kind, 1>(row, block);
}

BITMASON_AVX512 void depthwise8(const DepthwiseRow& row) {
  bodies::depthwise_bytes<16>(row);
}
BITMASON_AVX512 void depthwise16(const DepthwiseRow& row) {
  bodies::depthwise_words<16>(row);
}
BITMASON_AVX512 void compare(const CompareRow& row) {
  bodies::compare<16>(row);
}

}  // namespace

const Kernels kAvx512VnniKernels{.dot8 = dot<Bytes>,
                                 .dot16 = dot<Words>,
                                 .depthwise8 = depthwise8,
                                 .depthwise16 = depthwise16,
                                 .compare = compare,
                                 .layout = WeightLayout::Interleaved,
                                 .narrow_lane = 0,
                                 .needs_segments = false};

}  // namespace bitmason::sim
#endif
