#pragma once

#include <ATen/ATen.h>

#include "qat/trainer.hpp"

/// Private to the room: what training makes small.
namespace bitmason::qat {

/// Mean over the images of (1 - share) times the cross entropy with the labels plus share * T^2 times the
/// Kullback-Leibler divergence of softmax(outputs / T) from softmax(teacher / T): T^2 keeps the gradients of
/// both in proportion. Outputs have shape (N, classes); `teacher` is not used where the share is 0.
at::Tensor loss_of(const at::Tensor& outputs, const at::Tensor& labels, const at::Tensor& teacher,
                   const Distillation& how);

}  // namespace bitmason::qat
