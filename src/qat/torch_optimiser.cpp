#include "qat/torch_optimiser_internal.hpp"

#include <cmath>

namespace bitmason::qat {

Optimiser::Optimiser(std::vector<Parameter> parameters, const OptimiserSettings& settings)
    : parameters_(std::move(parameters)), settings_(settings) {
  for (const auto& parameter : parameters_) {
    first_.push_back(at::zeros_like(parameter.tensor));
    if (settings_.method == Method::Adam) second_.push_back(at::zeros_like(parameter.tensor));
  }
}

at::Tensor Optimiser::adam_move(std::size_t index, const at::Tensor& gradient) {
  constexpr double kFirst = 0.9;
  constexpr double kSecond = 0.999;
  constexpr double kEpsilon = 1e-8;
  const double correction_1 = 1 - std::pow(kFirst, static_cast<double>(steps));
  const double correction_2 = 1 - std::pow(kSecond, static_cast<double>(steps));
  first_[index].mul_(kFirst).add_(gradient, 1 - kFirst);
  second_[index].mul_(kSecond).addcmul_(gradient, gradient, 1 - kSecond);
  auto move = first_[index] / (second_[index] / correction_2).sqrt_().add_(kEpsilon).mul_(correction_1);
  const auto& [tensor, role] = parameters_[index];
  if (role == Role::Step) return move.mul_(tensor);
  if (role == Role::Weight && settings_.weight_decay > 0) move.add_(tensor, settings_.weight_decay);
  return move;
}

at::Tensor Optimiser::descent_move(std::size_t index, const at::Tensor& gradient) {
  const auto& [tensor, role] = parameters_[index];
  first_[index].mul_(settings_.momentum).add_(gradient);
  if (role == Role::Weight && settings_.weight_decay > 0) first_[index].add_(tensor, settings_.weight_decay);
  return first_[index];
}

void Optimiser::step(double learning_rate) {
  const at::NoGradGuard no_gradients;
  ++steps;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    auto& tensor = parameters_[i].tensor;
    auto& gradient = tensor.mutable_grad();
    if (!gradient.defined()) continue;
    const auto move = settings_.method == Method::Adam ? adam_move(i, gradient) : descent_move(i, gradient);
    const bool is_step = parameters_[i].role == Role::Step;
    const auto least = is_step ? tensor / 2 : at::Tensor();
    tensor.sub_(move, learning_rate);
    if (is_step) tensor.copy_(at::maximum(tensor, least));
    gradient.reset();
  }
}

std::vector<at::Tensor> Optimiser::state() const {
  auto all = first_;
  all.insert(all.end(), second_.begin(), second_.end());
  return all;
}

}  // namespace bitmason::qat
