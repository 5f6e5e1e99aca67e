#pragma once

#include <ATen/ATen.h>

#include "ir/network.hpp"

/// Private to the room: the operators that real numbers and codes share, on (N, C, H, W).
namespace bitmason::qat {

/// The frame with the window's padding, all of one value.
at::Tensor padded(const at::Tensor& x, const ir::Window& window, double value);

/// Largest element of each window; padding never wins.
at::Tensor max_pool(const at::Tensor& x, const ir::Window& window);

/// Sum over each window; padding is 0. Exact for integers.
at::Tensor sum_pool(const at::Tensor& x, const ir::Window& window);

/// Deep channel = (dy * block + dx) * C + c.
at::Tensor space_to_depth(const at::Tensor& x, int block);

}  // namespace bitmason::qat
