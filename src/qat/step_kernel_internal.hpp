#pragma once

#include <cstdint>

/// Private to the room: quantisation of many elements by one step, forward and backward in one pass each.
///
/// Operator by operator a batch passes memory a dozen times. Results do not depend on the number of threads:
/// sums are taken over blocks of fixed size.
namespace bitmason::qat {

struct StepForm {
  float scale = 1;
  float lo = 0;
  float hi = 15;
};

/// y = scale * round(clamp(x / scale, lo, hi)), half to even. Precondition: |lo|, |hi| < 2^22.
void quantise_elements(const float* x, float* y, std::int64_t count, const StepForm& form);

/// Gradients of quantise_elements by learned step size (see torch_quantiser_internal.hpp): writes those to x,
/// returns that to scale.
double quantise_gradients(const float* x, const float* gradient, float* to_x, std::int64_t count,
                          const StepForm& form);

}  // namespace bitmason::qat
