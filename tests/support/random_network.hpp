#pragma once

#include <cstdint>

#include "onnxio/model.hpp"

/// Small random QONNX networks for property tests: every layer kind, strides, paddings, widths 1 to 8,
/// branches.
namespace bitmason::test {

struct RandomNetworkOptions {
  std::uint64_t seed = 0;
  int max_blocks = 4;
  bool exact_scales_only = false;  ///< scales are powers of two, so that float32 execution meets exact ties
  /// Also kernels up to 7, groups, 1-bit weights, padding of pools and with values other than 0,
  /// MultiThreshold, Trunc, QuantizeLinear and 1-D networks; standard ONNX has no equivalent for some.
  bool every_kind = false;
};

/// A model that import accepts by construction; the same seed gives the same model.
onnxio::Model random_network(const RandomNetworkOptions& options);

}  // namespace bitmason::test
