#include "sim/kernel_bodies.hpp"

/// Kernels in plain C++ on generic vectors, for any processor.
namespace bitmason::sim {

namespace {

using Int16x8 = bodies::Vectors<8>::Int16;

constexpr int kPixels = 3;
constexpr std::size_t kHalves = 2;  ///< vectors of 8 outputs in a block

/// One block, `Pixels` pixels: sums of 16 bits within each segment.
template <std::size_t Pixels>
void tile_narrow(const DotRow& row, const std::byte* weights, const std::int32_t* correction, int block,
                 int pixel) {
  const auto* input = reinterpret_cast<const std::uint8_t*>(row.input + pixel * row.pixel_stride);
  int step = 0;
  for (int segment = 0; segment < row.segments; ++segment) {
    Int16x8 sum[Pixels][kHalves] = {};
    for (; step < row.segment_ends[segment]; ++step) {
      const std::uint8_t* at = input + row.offsets[step];
#pragma GCC unroll 4
      for (int lane = 0; lane < 4; ++lane) {
        Int16x8 weight[kHalves];
        std::memcpy(weight, weights + (step * 4 + lane) * static_cast<int>(sizeof weight), sizeof weight);
#pragma GCC unroll 4
        for (std::size_t p = 0; p < Pixels; ++p) {
          const std::int16_t activation = at[static_cast<std::ptrdiff_t>(p) * row.pixel_stride + lane];
          sum[p][0] += weight[0] * activation;
          sum[p][1] += weight[1] * activation;
        }
      }
    }
    for (std::size_t p = 0; p < Pixels; ++p) {
      std::int32_t* acc = row.acc + (pixel + static_cast<int>(p)) * row.acc_stride + block * kBlock;
      std::int16_t lanes[kBlock];
      std::memcpy(lanes, sum[p], sizeof lanes);
      const std::int32_t* before = segment == 0 ? correction : acc;
      for (int o = 0; o < kBlock; ++o) acc[o] = before[o] + lanes[o];
    }
  }
}

void dot8_narrow(const DotRow& row) {
  for (int block = 0; block < row.blocks; ++block) {
    const std::byte* weights = row.weights + std::ptrdiff_t{block} * row.steps * 4 * kBlock * 2;
    const std::int32_t* correction = row.correction + block * kBlock;
    int pixel = 0;
    for (; pixel + kPixels <= row.pixels; pixel += kPixels)
      tile_narrow<kPixels>(row, weights, correction, block, pixel);
    for (; pixel < row.pixels; ++pixel) tile_narrow<1>(row, weights, correction, block, pixel);
  }
}

/// Sums of 32 bits; the 16-bit operands let the compiler use widening multiplications.
template <class Activation>
void dot_wide(const DotRow& row) {
  constexpr int kLanes = 4 / static_cast<int>(sizeof(Activation));
  for (int block = 0; block < row.blocks; ++block) {
    const auto* weights = reinterpret_cast<const std::int16_t*>(row.weights) +
                          std::ptrdiff_t{block} * row.steps * kLanes * kBlock;
    for (int pixel = 0; pixel < row.pixels; ++pixel) {
      std::uint32_t acc[kBlock];
      std::memcpy(acc, row.correction + block * kBlock, sizeof acc);
      const std::byte* window = row.input + pixel * row.pixel_stride;
      for (int step = 0; step < row.steps; ++step) {
        Activation activations[std::size_t{kLanes}];
        std::memcpy(activations, window + row.offsets[step], sizeof activations);
        for (int lane = 0; lane < kLanes; ++lane) {
          const std::int16_t* weight = weights + (step * kLanes + lane) * kBlock;
          const std::int16_t activation = activations[lane];
          for (int o = 0; o < kBlock; ++o)
            acc[o] += static_cast<std::uint32_t>(std::int32_t{activation} * weight[o]);
        }
      }
      std::memcpy(row.acc + pixel * row.acc_stride + block * kBlock, acc, sizeof acc);
    }
  }
}

void dot8(const DotRow& row) {
  if (row.segments > 0) {
    dot8_narrow(row);
  } else {
    dot_wide<std::uint8_t>(row);
  }
}

void depthwise8(const DepthwiseRow& row) {
  bodies::depthwise_bytes<4>(row);
}
void depthwise16(const DepthwiseRow& row) {
  bodies::depthwise_words<4>(row);
}
void compare(const CompareRow& row) {
  bodies::compare<4>(row);
}

}  // namespace

const Kernels kPortableKernels{.dot8 = dot8,
                               .dot16 = dot_wide<std::int16_t>,
                               .depthwise8 = depthwise8,
                               .depthwise16 = depthwise16,
                               .compare = compare,
                               .layout = WeightLayout::Planar,
                               .narrow_lane = 4,
                               .needs_segments = false};

}  // namespace bitmason::sim
