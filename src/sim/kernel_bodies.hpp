#pragma once

#include <cstring>

#include "sim/kernels.hpp"

/// Loops shared by all instruction sets: written once on generic vectors of `Lanes` 32-bit numbers (the width
/// of the set's registers) and compiled into each set's own functions, hence always inlined.
namespace bitmason::sim::bodies {

#define BITMASON_INLINE [[gnu::always_inline]] inline

template <int Lanes>
struct Vectors {
  using Int32 [[gnu::vector_size(4 * Lanes)]] = std::int32_t;
  using Int16 [[gnu::vector_size(2 * Lanes)]] = std::int16_t;
  using UInt8 [[gnu::vector_size(Lanes)]] = std::uint8_t;
};

template <class Vector>
BITMASON_INLINE void load(Vector& vector, const void* from) {
  std::memcpy(&vector, from, sizeof vector);
}

/// Number of thresholds passed by `Pixels` vectors of accumulators; each threshold is loaded once for all.
template <int Lanes, int Pixels>
BITMASON_INLINE void compare_pixels(const CompareRow& row, std::ptrdiff_t padded, int c, int p) {
  using Int32 = typename Vectors<Lanes>::Int32;
  Int32 acc[static_cast<std::size_t>(Pixels)];
  Int32 count[static_cast<std::size_t>(Pixels)] = {};
#pragma GCC unroll 4
  for (int i = 0; i < Pixels; ++i) load(acc[i], row.acc + (p + i) * row.acc_stride + c);
  for (int k = 0; k < row.steps; ++k) {
    Int32 threshold;
    load(threshold, row.thresholds + k * padded + c);
#pragma GCC unroll 4
    for (int i = 0; i < Pixels; ++i) count[i] -= acc[i] >= threshold;  // a true comparison is -1
  }
  Int32 base;
  Int32 sign;
  load(base, row.base + c);
  load(sign, row.sign + c);
  const int left = row.channels - c;
  for (int i = 0; i < Pixels; ++i) {
    const auto codes = __builtin_convertvector(base + sign * count[i], typename Vectors<Lanes>::UInt8);
    std::uint8_t* out = row.out + std::ptrdiff_t{p + i} * row.channels + c;
    if (left >= Lanes) {
      std::memcpy(out, &codes, sizeof codes);
    } else {
      std::memcpy(out, &codes, static_cast<std::size_t>(left));
    }
  }
}

template <int Lanes>
BITMASON_INLINE void compare(const CompareRow& row) {
  const std::ptrdiff_t padded = (row.channels + kBlock - 1) / kBlock * kBlock;
  for (int c = 0; c < row.channels; c += Lanes) {
    int p = 0;
    for (; p + 4 <= row.pixels; p += 4) compare_pixels<Lanes, 4>(row, padded, c, p);
    for (; p < row.pixels; ++p) compare_pixels<Lanes, 1>(row, padded, c, p);
  }
}

/// `Activation` is a vector of unsigned bytes or signed 16-bit numbers, `Sum` one of 16 bits (proved not to
/// wrap) or 32 bits.
template <int Lanes, class Activation, class Sum>
BITMASON_INLINE void depthwise(const DepthwiseRow& row) {
  using Int32 = typename Vectors<Lanes>::Int32;
  const std::ptrdiff_t padded = (row.channels + kBlock - 1) / kBlock * kBlock;
  const std::ptrdiff_t size = sizeof(Activation) / Lanes;
  for (int c = 0; c < row.channels; c += Lanes) {
    Int32 correction;
    load(correction, row.correction + c);
    for (int p = 0; p < row.pixels; ++p) {
      const std::byte* window = row.input + p * row.pixel_stride + c * size;
      Sum sum = {};
      for (int tap = 0; tap < row.taps; ++tap) {
        Activation activation;
        typename Vectors<Lanes>::Int16 weight;
        load(activation, window + row.offsets[tap]);
        load(weight, row.weights + tap * padded + c);
        sum += __builtin_convertvector(activation, Sum) * __builtin_convertvector(weight, Sum);
      }
      const Int32 acc = correction + __builtin_convertvector(sum, Int32);
      std::memcpy(row.acc + p * row.acc_stride + c, &acc, sizeof acc);
    }
  }
}

template <int Lanes>
BITMASON_INLINE void depthwise_bytes(const DepthwiseRow& row) {
  using V = Vectors<Lanes>;
  if (row.narrow) {
    depthwise<Lanes, typename V::UInt8, typename V::Int16>(row);
  } else {
    depthwise<Lanes, typename V::UInt8, typename V::Int32>(row);
  }
}

template <int Lanes>
BITMASON_INLINE void depthwise_words(const DepthwiseRow& row) {
  using V = Vectors<Lanes>;
  depthwise<Lanes, typename V::Int16, typename V::Int32>(row);
}

}  // namespace bitmason::sim::bodies
