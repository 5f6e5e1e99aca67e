#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

namespace bitmason::qat {

/// Adam (Kingma and Ba 2015) with its published constants.
class Adam {
 public:
  explicit Adam(std::vector<at::Tensor> parameters);

  /// Moves every parameter by its gradient and clears the gradients.
  void step(double learning_rate);

  /// Moments, for the checkpoint; `steps` counts the calls of step().
  [[nodiscard]] std::vector<at::Tensor> state() const;
  std::int64_t steps = 0;

 private:
  std::vector<at::Tensor> parameters_;
  std::vector<at::Tensor> first_;
  std::vector<at::Tensor> second_;
};

}  // namespace bitmason::qat
