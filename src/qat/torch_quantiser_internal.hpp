#pragma once

#include <ATen/ATen.h>

#include <functional>

#include "graph/graph.hpp"

/// Private to the room: quantisers as torch functions with straight-through gradients.
namespace bitmason::qat {

/// What the gradient of a step is multiplied by: 1 / sqrt(N Q), where Q is the largest code and N counts the
/// elements that the step serves (activations: in one frame).
double step_gradient_scale(std::int64_t elements, double largest_code);

/// A quantiser as training sees it: real numbers and the real value of one code to code * step,
/// differentiable in both; `step` broadcasts against x.
using QuantiserFunction = std::function<at::Tensor(const at::Tensor& x, const at::Tensor& step)>;

/// Learned step size quantisation (Esser et al. 2020), with step_gradient_scale().
QuantiserFunction learned_step(const graph::Quantise& form);
/// The same for weights; one bit: sign(w) * step. With `power_of_two` the step is rounded to one.
QuantiserFunction learned_step(const graph::WeightQuantiser& form, bool power_of_two);

/// Where a step starts: 2 mean|x| / sqrt(Q), of all elements or per output channel; shape (1 or O, 1, ...).
/// Positive.
at::Tensor initial_step(const at::Tensor& x, const IntRange& range, bool per_channel);

/// scale * round(clamp(x / scale, lo, hi)), half to even; `scale` broadcasts against `x`.
///
/// Gradients are those of learned step size quantisation (Esser et al. 2020, eq. 3): to x, 1 inside the
/// range and 0 outside; to scale, round(x / scale) - x / scale inside, lo or hi outside.
at::Tensor quantise(const at::Tensor& x, const at::Tensor& scale, double lo, double hi);

/// scale * sign(x), where the sign of 0 is +1. Gradient to x 1 where |x| <= scale; to scale sign(x).
at::Tensor bipolar(const at::Tensor& x, const at::Tensor& scale);

/// The power of two nearest to a positive x, in its logarithm; gradient 1.
at::Tensor nearest_power_of_two(const at::Tensor& x);

/// x, whose gradient is multiplied by the factor.
at::Tensor with_gradient_scale(const at::Tensor& x, double factor);

}  // namespace bitmason::qat
