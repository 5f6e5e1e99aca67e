#pragma once

#include <ATen/ATen.h>

#include "graph/graph.hpp"

namespace bitmason::qat {

/// The scale of each row of x (rows, elements) with the least mean square error of rounding to codes in the
/// range, among 80 shares of the scale that clips nothing; shape (rows, 1). Positive.
at::Tensor least_error_scales(const at::Tensor& x, const IntRange& range);

/// The same for codes -1 and +1: the mean magnitude of each row.
at::Tensor least_error_bipolar(const at::Tensor& x);

/// The power of two with the least mean square error for all of x; shape (1, 1).
at::Tensor least_error_power_of_two(const at::Tensor& x, const graph::WeightQuantiser& form);

}  // namespace bitmason::qat
