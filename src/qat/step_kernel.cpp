#include "qat/step_kernel_internal.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include "qat/block_pass_internal.hpp"

namespace bitmason::qat {
namespace {

/// Sums side by side, so that the compiler may use vectors without reordering any of them.
constexpr std::size_t kLanes = 16;

float gradient_of_step(float ratio, float gradient, const StepForm& form) {
  const float clamped = std::min(std::max(ratio, form.lo), form.hi);
  const float inside = clamped == ratio ? ratio : 0;
  return gradient * (rounded(clamped) - inside);
}

double block_gradients(const float* x, const float* gradient, float* to_x, std::int64_t count,
                       const StepForm& form) {
  std::array<float, kLanes> sums{};
  const auto lanes = static_cast<std::int64_t>(kLanes);
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    for (std::size_t k = 0; k < kLanes; ++k) {
      const std::int64_t at = i + static_cast<std::int64_t>(k);
      const float ratio = x[at] / form.scale;
      to_x[at] = ratio >= form.lo && ratio <= form.hi ? gradient[at] : 0;
      sums[k] += gradient_of_step(ratio, gradient[at], form);
    }
  }
  for (; i < count; ++i) {
    const float ratio = x[i] / form.scale;
    to_x[i] = ratio >= form.lo && ratio <= form.hi ? gradient[i] : 0;
    sums[0] += gradient_of_step(ratio, gradient[i], form);
  }
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

}  // namespace

void quantise_elements(const float* x, float* y, std::int64_t count, const StepForm& form) {
  for_each_block(count, [&](std::int64_t, std::int64_t first, std::int64_t length) {
    for (std::int64_t i = first; i < first + length; ++i)
      y[i] = rounded(std::min(std::max(x[i] / form.scale, form.lo), form.hi)) * form.scale;
  });
}

double quantise_gradients(const float* x, const float* gradient, float* to_x, std::int64_t count,
                          const StepForm& form) {
  std::vector<double> sums(static_cast<std::size_t>(blocks_of(count)));
  for_each_block(count, [&](std::int64_t block, std::int64_t first, std::int64_t length) {
    sums[static_cast<std::size_t>(block)] =
        block_gradients(x + first, gradient + first, to_x + first, length, form);
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

}  // namespace bitmason::qat
