#include "qat/torch_adam_internal.hpp"

#include <cmath>

namespace bitmason::qat {

Adam::Adam(std::vector<at::Tensor> parameters) : parameters_(std::move(parameters)) {
  for (const auto& parameter : parameters_) {
    first_.push_back(at::zeros_like(parameter));
    second_.push_back(at::zeros_like(parameter));
  }
}

void Adam::step(double learning_rate) {
  constexpr double kFirst = 0.9;
  constexpr double kSecond = 0.999;
  constexpr double kEpsilon = 1e-8;
  const at::NoGradGuard no_gradients;
  ++steps;
  const double correction_1 = 1 - std::pow(kFirst, static_cast<double>(steps));
  const double correction_2 = 1 - std::pow(kSecond, static_cast<double>(steps));
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    auto& gradient = parameters_[i].mutable_grad();
    if (!gradient.defined()) continue;
    first_[i].mul_(kFirst).add_(gradient, 1 - kFirst);
    second_[i].mul_(kSecond).addcmul_(gradient, gradient, 1 - kSecond);
    const auto spread = (second_[i] / correction_2).sqrt_().add_(kEpsilon);
    parameters_[i].addcdiv_(first_[i], spread, -learning_rate / correction_1);
    gradient.reset();
  }
}

std::vector<at::Tensor> Adam::state() const {
  auto all = first_;
  all.insert(all.end(), second_.begin(), second_.end());
  return all;
}

}  // namespace bitmason::qat
