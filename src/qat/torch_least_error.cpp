#include "qat/torch_least_error_internal.hpp"

#include <cmath>
#include <limits>

#include "qat/torch_quantiser_internal.hpp"

namespace bitmason::qat {
namespace {

constexpr float kLeast = 1e-8F;

/// Mean square error of each row; shape (rows, 1).
at::Tensor error_of(const at::Tensor& x, const at::Tensor& scale, const IntRange& range) {
  const auto rounded =
      (x / scale).clamp_(static_cast<double>(range.lo), static_cast<double>(range.hi)).round_().mul_(scale);
  return rounded.sub_(x).square_().mean(1, true);
}

}  // namespace

at::Tensor least_error_scales(const at::Tensor& x, const IntRange& range) {
  constexpr int kShares = 80;
  const auto above = std::get<0>(x.max(1, true)) / static_cast<double>(range.hi);
  const auto below = std::get<0>(x.min(1, true)) / static_cast<double>(range.lo == 0 ? -1 : range.lo);
  const auto whole = (range.lo == 0 ? above : at::maximum(above, below)).clamp_min(kLeast);
  auto best = whole.clone();
  auto least = at::full_like(whole, std::numeric_limits<float>::infinity());
  for (int k = kShares; k > 0; --k) {
    const auto scale = (whole * (static_cast<double>(k) / kShares)).clamp_min(kLeast);
    const auto error = error_of(x, scale, range);
    const auto better = error.lt(least);
    best = at::where(better, scale, best);
    least = at::where(better, error, least);
  }
  return best;
}

at::Tensor least_error_bipolar(const at::Tensor& x) {
  return x.abs().mean(1, true).clamp_min(kLeast);
}

at::Tensor least_error_power_of_two(const at::Tensor& x, const graph::WeightQuantiser& form) {
  const auto all = x.reshape({1, -1});
  if (form.bits == 1) return nearest_power_of_two(least_error_bipolar(all));
  const auto start = nearest_power_of_two(least_error_scales(all, form.range()));
  auto best = start;
  auto least = error_of(all, start, form.range());
  for (const double factor : {0.5, 2.0}) {
    const auto error = error_of(all, start * factor, form.range());
    best = at::where(error.lt(least), start * factor, best);
    least = at::minimum(error, least);
  }
  return best;
}

}  // namespace bitmason::qat
