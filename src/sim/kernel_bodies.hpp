#pragma once

#include <cstring>

#include "sim/kernels.hpp"

/// Loops shared by all instruction sets: written once on generic vectors of 16 lanes and compiled into each
/// set's own functions (the caller's target decides the instructions), hence always inlined.
namespace bitmason::sim::bodies {

#define BITMASON_INLINE [[gnu::always_inline]] inline

using Int32x16 = std::int32_t __attribute__((vector_size(64)));
using Int16x16 = std::int16_t __attribute__((vector_size(32)));
using UInt8x16 = std::uint8_t __attribute__((vector_size(16)));

template <class Vector>
BITMASON_INLINE void load(Vector& vector, const void* from) {
  std::memcpy(&vector, from, sizeof vector);
}

BITMASON_INLINE void compare(const CompareRow& row) {
  const std::ptrdiff_t padded = (row.channels + kBlock - 1) / kBlock * kBlock;
  for (int c = 0; c < row.channels; c += kBlock) {
    Int32x16 base;
    Int32x16 sign;
    load(base, row.base + c);
    load(sign, row.sign + c);
    const auto lanes = static_cast<std::size_t>(row.channels - c < kBlock ? row.channels - c : kBlock);
    for (int p = 0; p < row.pixels; ++p) {
      Int32x16 acc;
      load(acc, row.acc + p * row.acc_stride + c);
      Int32x16 count = {};
      for (int k = 0; k < row.steps; ++k) {
        Int32x16 threshold;
        load(threshold, row.thresholds + k * padded + c);
        count -= acc >= threshold;  // a true comparison is -1
      }
      const UInt8x16 codes = __builtin_convertvector(base + sign * count, UInt8x16);
      std::uint8_t* out = row.out + std::ptrdiff_t{p} * row.channels + c;
      if (lanes == kBlock) {
        std::memcpy(out, &codes, sizeof codes);
      } else {
        std::memcpy(out, &codes, lanes);
      }
    }
  }
}

/// `Activation` is UInt8x16 or Int16x16, `Sum` Int16x16 (proved not to wrap) or Int32x16.
template <class Activation, class Sum>
BITMASON_INLINE void depthwise(const DepthwiseRow& row) {
  const std::ptrdiff_t padded = (row.channels + kBlock - 1) / kBlock * kBlock;
  const std::ptrdiff_t size = sizeof(Activation) / kBlock;
  for (int c = 0; c < row.channels; c += kBlock) {
    Int32x16 correction;
    load(correction, row.correction + c);
    for (int p = 0; p < row.pixels; ++p) {
      const std::byte* window = row.input + p * row.pixel_stride + c * size;
      Sum sum = {};
      for (int tap = 0; tap < row.taps; ++tap) {
        Activation activation;
        Int16x16 weight;
        load(activation, window + row.offsets[tap]);
        load(weight, row.weights + tap * padded + c);
        sum += __builtin_convertvector(activation, Sum) * __builtin_convertvector(weight, Sum);
      }
      const Int32x16 acc = correction + __builtin_convertvector(sum, Int32x16);
      std::memcpy(row.acc + p * row.acc_stride + c, &acc, sizeof acc);
    }
  }
}

template <class Activation>
BITMASON_INLINE void depthwise_any(const DepthwiseRow& row) {
  if (row.narrow) {
    depthwise<Activation, Int16x16>(row);
  } else {
    depthwise<Activation, Int32x16>(row);
  }
}

}  // namespace bitmason::sim::bodies
