#pragma once

#include "import/stream.hpp"
#include "import/weights.hpp"

namespace bitmason::import {

/// A convolution or dense layer before its operands are integers.
struct LinearLayer {
  const Constant& weights;
  std::vector<std::int64_t>
      element;  ///< weight (o, i, y, x) -> element of the constant, or WeightOrder::kZero
  int out_channels = 1;
  int in_channels = 1;  ///< per group
  ir::Window window;
  int groups = 1;
  std::vector<Rational> pad_value = {Rational(0)};  ///< real, one or per channel
};

/// Emits the layer: the stream becomes its exact accumulators, with scales and the input's offset in the
/// pending value; its layout is left to the caller. False (and findings) where weights or input are not
/// integers.
bool emit_linear(Scope& scope, Stream& stream, const LinearLayer& layer);

/// A finding where a constant's `outputs` groups of elements are not integers of one scale.
void check_weights(Scope& scope, const Constant& weights, std::vector<std::int64_t> element,
                   std::size_t outputs);

}  // namespace bitmason::import
