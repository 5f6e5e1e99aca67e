#pragma once

#include <ATen/ATen.h>

/// Private to the room: quantisers as torch functions with straight-through gradients.
namespace bitmason::qat {

/// scale * round(clamp(x / scale, lo, hi)), half to even; `scale` broadcasts against `x`.
///
/// Gradients are those of learned step size quantisation (Esser et al. 2020, eq. 3): to x, 1 inside the
/// range and 0 outside; to scale, round(x / scale) - x / scale inside, lo or hi outside.
at::Tensor quantise(const at::Tensor& x, const at::Tensor& scale, double lo, double hi);

/// ReLU followed by the unsigned quantiser of the codes 0 .. hi; gradient 1 where 0 < x < hi * scale.
at::Tensor quantised_relu(const at::Tensor& x, double scale, double hi);

/// x rounded to an integer, half to even, with gradient 1.
at::Tensor round_through(const at::Tensor& x);

}  // namespace bitmason::qat
