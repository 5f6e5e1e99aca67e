#pragma once

#include <cstdint>
#include <vector>

#include "qat/torch_model_internal.hpp"
#include "qat/trainer.hpp"

namespace bitmason::qat {

/// Adam (Kingma and Ba 2015) with its published constants and decoupled weight decay, or gradient descent
/// with momentum and decay in the gradient. Only weights decay.
///
/// A step size is positive and of any magnitude: Adam moves it relative to itself, and no move more than
/// halves it.
class Optimiser {
 public:
  Optimiser(std::vector<Parameter> parameters, const OptimiserSettings& settings);

  /// Moves every parameter by its gradient and clears the gradients.
  void step(double learning_rate);

  /// Moments, for the checkpoint; `steps` counts the calls of step().
  [[nodiscard]] std::vector<at::Tensor> state() const;
  std::int64_t steps = 0;

 private:
  at::Tensor adam_move(std::size_t index, const at::Tensor& gradient);
  at::Tensor descent_move(std::size_t index, const at::Tensor& gradient);

  std::vector<Parameter> parameters_;
  OptimiserSettings settings_;
  std::vector<at::Tensor> first_;
  std::vector<at::Tensor> second_;  ///< of Adam
};

}  // namespace bitmason::qat
