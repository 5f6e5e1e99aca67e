#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "onnxio/model.hpp"
#include "sim/engine.hpp"
#include "zoo/catalogue.hpp"

namespace bitmason::zoo {

/// What to write.
struct Order {
  Topology topology;
  Bits bits;
  std::uint64_t seed = 1;
  std::uint64_t attempt = 0;  ///< other draws of the same seed
};

/// Called with one line per layer.
using Progress = std::function<void(std::string_view)>;

/// The type of the codes that enter: unsigned, of the first layer's activation bits.
ir::TensorType image_type(const Order& order);

/// A QONNX graph with seeded weights whose norms (Add, Mul) are calibrated on the frames (codes of
/// image_type), so that every quantiser uses its codes there. Input "image" (1, C, H, W) of whole numbers,
/// output "output": accumulators and bias of the last layer, dequantised. Every step with weights is followed
/// by a norm, ReLU and an unsigned quantiser per width that its users ask for; sums add two quantised
/// branches of one scale. The same order and frames give the same bytes. Precondition: one number of bits per
/// layer, and a frame.
onnxio::Model make_model(const Order& order, const std::vector<sim::Codes>& frames, const Progress& progress);

}  // namespace bitmason::zoo
