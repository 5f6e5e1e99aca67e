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
};

/// A model that import accepts by construction; the same seed gives the same model.
onnxio::Model random_network(const RandomNetworkOptions& options);

}  // namespace bitmason::test
