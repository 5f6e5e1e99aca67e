#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/engine.hpp"

/// The inner loops of the fast engine: one table of functions per instruction set.
///
/// Accumulators are 32 bits and wrap: every kernel is exact modulo 2^32 and is used only where the final
/// range fits in 32 bits. Sums in 16 bits are split into segments that provably do not wrap.
namespace bitmason::sim {

/// Output channels computed together; weights and accumulators are padded to it.
inline constexpr int kBlock = 16;
/// Bytes that kernels may read past the last element of any buffer.
inline constexpr std::size_t kSlack = 64;

/// One row of a convolution for `blocks` consecutive blocks of output channels: acc[p][o] = correction[o] +
/// sum over steps of the dot product of 4 bytes of activations with 4 bytes of weights.
struct DotRow {
  const std::byte* input = nullptr;  ///< window of pixel 0
  std::ptrdiff_t pixel_stride = 0;   ///< bytes between windows
  int pixels = 0;
  const std::int32_t* offsets = nullptr;  ///< byte offset of each step within the window
  int steps = 0;
  const std::int32_t* segment_ends = nullptr;  ///< steps after which 16-bit sums are widened
  int segments = 0;                            ///< 0: sums in 16 bits are not safe
  const std::byte* weights = nullptr;
  int blocks = 0;
  const std::int32_t* correction = nullptr;
  std::int32_t* acc = nullptr;
  std::ptrdiff_t acc_stride = 0;  ///< elements between pixels
};

/// One row of a depthwise convolution: acc[p][c] = correction[c] + sum over taps of weights[tap][c] *
/// input[p][offset[tap] + c].
struct DepthwiseRow {
  const std::byte* input = nullptr;
  std::ptrdiff_t pixel_stride = 0;
  int pixels = 0;
  const std::int32_t* offsets = nullptr;
  int taps = 0;
  int channels = 0;
  const std::int16_t* weights = nullptr;  ///< [tap][channels rounded up to kBlock]
  bool narrow = false;                    ///< the sum over all taps fits in 16 bits
  const std::int32_t* correction = nullptr;
  std::int32_t* acc = nullptr;
  std::ptrdiff_t acc_stride = 0;
};

/// One row of requantisation by counting: out[p][c] = base[c] + sign[c] * #{k : acc[p][c] >= t[k][c]}.
struct CompareRow {
  const std::int32_t* acc = nullptr;
  std::ptrdiff_t acc_stride = 0;
  int pixels = 0;
  int channels = 0;
  int steps = 0;
  const std::int32_t* thresholds = nullptr;  ///< [step][channels rounded up to kBlock]
  const std::int32_t* base = nullptr;
  const std::int32_t* sign = nullptr;
  std::uint8_t* out = nullptr;
};

/// How a block of weights is stored, step by step.
enum class WeightLayout {
  Interleaved,  ///< [16 outputs][4 bytes], bytes or 16-bit numbers in the order of the activations
  Planar        ///< [activation within the step][16 outputs] as 16-bit numbers
};

struct Kernels {
  void (*dot8)(const DotRow&);   ///< unsigned bytes times signed bytes
  void (*dot16)(const DotRow&);  ///< signed 16 bits times signed 16 bits; needs no segments
  void (*depthwise8)(const DepthwiseRow&);
  void (*depthwise16)(const DepthwiseRow&);
  void (*compare)(const CompareRow&);
  WeightLayout layout;
  /// What dot8 sums in 16 bits: products of neighbouring pairs (2), of the whole step (4); 0 for none.
  int narrow_lane;
  bool needs_segments;  ///< dot8 works only where segments are given
};

extern const Kernels kPortableKernels;
#if defined(__x86_64__)
extern const Kernels kAvx2Kernels;
extern const Kernels kAvx512VnniKernels;
#endif

const Kernels& kernels_of(Isa isa);

}  // namespace bitmason::sim
