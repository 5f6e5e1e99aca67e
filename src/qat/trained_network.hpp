#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "qat/network_spec.hpp"

/// The result of training: exactly the constants that the exported file holds, nothing rounded afterwards.
namespace bitmason::qat {

/// Added to the variance of batch norm; a power of two, so that the file's float is the number itself.
inline constexpr double kBatchNormEpsilon = 0x1p-16;
/// Width of the dense layer's bias codes.
inline constexpr int kBiasBits = 16;

/// Narrow signed codes; real weight = code * scale.
struct QuantisedWeights {
  std::vector<std::int64_t> shape;  ///< output first
  int bits = 4;
  std::vector<std::int32_t> codes;
  std::vector<float> scales;  ///< one, or one per output
  bool operator==(const QuantisedWeights&) const = default;
};

/// y = gain * (x - mean) / sqrt(variance + kBatchNormEpsilon) + offset, per channel.
struct BatchNorm {
  std::vector<float> gain;
  std::vector<float> offset;
  std::vector<float> mean;
  std::vector<float> variance;
  bool operator==(const BatchNorm&) const = default;
};

/// Convolution, batch norm, ReLU, then code = clamp(y / activation_scale, 0, 2^activation_bits - 1), rounded
/// half to even.
struct TrainedConv {
  QuantisedWeights weights;
  BatchNorm norm;
  int activation_bits = 4;
  float activation_scale = 1;
  bool operator==(const TrainedConv&) const = default;
};

/// logit code = sum of weight code * input code + bias code; its scale is weights.scales[0] * input scale.
struct TrainedDense {
  QuantisedWeights weights;
  std::vector<std::int32_t> bias;  ///< signed codes of kBiasBits bits
  float input_scale = 1;           ///< of the activations that enter
  bool operator==(const TrainedDense&) const = default;
};

using TrainedLayer = std::variant<TrainedConv, MaxPoolSpec, TrainedDense>;

struct TrainedNetwork {
  std::string name;
  ir::Shape input;  ///< frames of unsigned 8-bit codes of scale 1
  std::vector<TrainedLayer> layers;
  bool operator==(const TrainedNetwork&) const = default;
};

/// Widths and shapes without the weights.
NetworkSpec spec_of(const TrainedNetwork& network);

}  // namespace bitmason::qat
