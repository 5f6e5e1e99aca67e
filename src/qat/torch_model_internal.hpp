#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <vector>

#include "graph/graph.hpp"
#include "qat/torch_quantiser_internal.hpp"

/// Private to the room: the network while it is being trained.
namespace bitmason::qat {

/// What the optimiser may assume of a parameter.
enum class Role {
  Weight,  ///< may decay
  Affine,  ///< gains, offsets, biases
  Step     ///< positive; moves relative to its size
};

struct Parameter {
  at::Tensor tensor;
  Role role = Role::Weight;
};

/// Tensors of one step; undefined where it has none.
struct StepTensors {
  at::Tensor weights;
  at::Tensor bias;
  at::Tensor weight_step;  ///< (1 or O, 1, ...)
  at::Tensor gain;
  at::Tensor offset;
  at::Tensor mean;      ///< running, not trained
  at::Tensor variance;  ///< running, not trained
  QuantiserFunction quantiser;
};

/// Called with the result of a step, which it may replace.
using Observer = std::function<void(std::size_t step, at::Tensor& result)>;

struct PassOptions {
  bool training = false;  ///< batch norm by the batch's own statistics, which move the running ones
  bool quantised = true;  ///< false: only the image is quantised
  Observer observer;      ///< may be empty
};

/// Values have shape (N, C, H, W), flat ones (N, C, 1, 1).
class TorchModel {
 public:
  /// Steps of weights without scales start as Esser et al. (2020) propose. Precondition:
  /// graph::shapes(graph).ok().
  explicit TorchModel(graph::Graph graph);

  /// Chooses the scales of activations that are not yet chosen, from a batch of pixels, in the order of
  /// steps.
  void initialise_scales(const at::Tensor& pixels);

  /// Output of a batch of pixels 0 .. 255 as floats. Precondition: all scales are chosen where quantised.
  [[nodiscard]] at::Tensor forward(const at::Tensor& pixels, const PassOptions& options) const;

  /// Takes another quantiser for the weights, or the codes, of a step; it need not use the step's own scale.
  void replace_quantiser(std::size_t step, QuantiserFunction quantiser) {
    steps_[step].quantiser = std::move(quantiser);
  }

  /// Tensors that training moves by gradients.
  [[nodiscard]] std::vector<Parameter> parameters() const;
  /// Running means and variances.
  [[nodiscard]] std::vector<at::Tensor> statistics() const;
  /// Those and the parameters: everything a checkpoint needs.
  [[nodiscard]] std::vector<at::Tensor> state() const;

  /// The network with the constants of the tensors.
  [[nodiscard]] graph::Graph trained() const;

 private:
  graph::Graph graph_;
  std::vector<StepTensors> steps_;
  std::vector<at::Tensor> scales_;  ///< by Quantise::scale, shape (1)
  std::vector<bool> fixed_;         ///< scales that pixels define
};

/// Elements of a tensor as they are in the file.
std::vector<float> floats_of(const at::Tensor& tensor);
at::Tensor tensor_of(const std::vector<float>& values);

}  // namespace bitmason::qat
