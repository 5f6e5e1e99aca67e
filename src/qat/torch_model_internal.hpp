#pragma once

#include <ATen/ATen.h>

#include <variant>
#include <vector>

#include "base/random.hpp"
#include "qat/trained_network.hpp"

/// Private to the room: the network while it is being trained.
namespace bitmason::qat {

/// Weights with the logarithm (base 2) of their scales, which keeps scales positive and their steps relative.
struct WeightTensors {
  at::Tensor real;
  at::Tensor log_scale;
  int bits = 4;
  bool power_of_two = false;

  [[nodiscard]] double hi() const { return static_cast<double>((1 << (bits - 1)) - 1); }
  [[nodiscard]] at::Tensor scale() const;
  [[nodiscard]] at::Tensor quantised() const;
};

struct ConvTensors {
  WeightTensors weights;
  at::Tensor gain;
  at::Tensor offset;
  at::Tensor mean;      ///< running, not trained
  at::Tensor variance;  ///< running, not trained
  int activation_bits = 4;
};

struct DenseTensors {
  WeightTensors weights;
  at::Tensor bias;
  double input_scale = 1;
};

/// Scale of the activations of a width: codes reach just under 4, where a normalised activation seldom goes.
///
/// It is fixed and a power of two, and loses nothing: (scale, gain and offset of the batch norm before it)
/// and (1, the same divided by the scale) compute the same codes, so the learned gain and offset are the
/// learned step.
double activation_scale(int bits);

class TorchModel {
 public:
  /// Weights start as He et al. (2015) propose, scales as Esser et al. (2020). Precondition:
  /// output_shapes(spec).ok().
  TorchModel(const NetworkSpec& spec, Random random);

  /// Logits of a batch of codes (N, C, H, W); batch norm with the batch's own statistics, which also move
  /// the running ones.
  [[nodiscard]] at::Tensor forward(const at::Tensor& codes) const;

  /// Tensors that training moves by gradients.
  [[nodiscard]] std::vector<at::Tensor> parameters() const;
  /// parameters() and the running statistics: everything a checkpoint needs.
  [[nodiscard]] std::vector<at::Tensor> state() const;

  /// The constants as they are exported.
  [[nodiscard]] TrainedNetwork trained() const;

 private:
  using Layer = std::variant<ConvTensors, MaxPoolSpec, DenseTensors>;
  NetworkSpec spec_;
  std::vector<Layer> layers_;
};

}  // namespace bitmason::qat
