#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "base/integer_range.hpp"

/// Private to the room: the quantiser of a layer whose width is still open.
namespace bitmason::qat {

/// sum over k of weights[k] * quantise(x, steps[k], ranges[k]) (torch_quantiser_internal.hpp); `steps` and
/// `weights` of shape (K), K at most 16. Differentiable in all three. Floats take one pass of memory for all
/// widths (mixed_kernel_internal.hpp), other types one operator after another.
at::Tensor mixed(const at::Tensor& x, const at::Tensor& steps, const at::Tensor& weights,
                 const std::vector<IntRange>& ranges);

}  // namespace bitmason::qat
