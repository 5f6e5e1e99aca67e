#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "ir/network.hpp"

/// What to train: layers and their widths, without weights.
namespace bitmason::qat {

/// Stride-1 convolution that keeps the frame (zero padding), batch norm, ReLU, unsigned quantiser.
/// Weights are narrow signed codes with one learned scale per output channel.
struct ConvSpec {
  int channels = 16;
  int kernel = 3;
  int weight_bits = 4;
  int activation_bits = 4;
  bool operator==(const ConvSpec&) const = default;
};

/// 2x2 windows, stride 2.
struct MaxPoolSpec {
  bool operator==(const MaxPoolSpec&) const = default;
};

/// The last layer: all inputs to one logit per class, one power-of-two scale, quantised bias.
struct DenseSpec {
  int classes = 10;
  int weight_bits = 8;
  bool operator==(const DenseSpec&) const = default;
};

using LayerSpec = std::variant<ConvSpec, MaxPoolSpec, DenseSpec>;

struct NetworkSpec {
  std::string name;
  ir::Shape input;  ///< frames of unsigned 8-bit codes
  std::vector<LayerSpec> layers;
  bool operator==(const NetworkSpec&) const = default;
};

/// Shape of each layer's output, for a spec that can be trained. Errors: BM-QAT-020..023.
Result<std::vector<ir::Shape>> output_shapes(const NetworkSpec& spec);

/// Weights, without biases, and multiply-accumulates of one frame, padding included.
struct NetworkSize {
  std::int64_t weights = 0;
  std::int64_t macs = 0;
};
/// Precondition: output_shapes(spec).ok().
NetworkSize size_of(const NetworkSpec& spec);

/// Number of logits. Precondition: output_shapes(spec).ok().
int classes_of(const NetworkSpec& spec);

}  // namespace bitmason::qat
