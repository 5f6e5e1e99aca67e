#pragma once

#include <cstdint>
#include <span>

#include "qat/step_kernel_internal.hpp"

/// Private to the room: the weighted sum of several quantisations of the same elements, as a layer whose
/// width is still open has it, forward and backward in one pass each. Operator by operator memory is passed a
/// dozen times for every width. Results do not depend on the number of threads: sums are taken over blocks of
/// fixed size.
namespace bitmason::qat {

/// One width of a mixture.
struct MixedForm {
  StepForm step;
  float weight = 1;
};

/// What a gradient gives to one width.
struct MixedGradient {
  double to_scale = 0;
  double to_weight = 0;
};

/// Widths of a mixture, at most.
inline constexpr std::size_t kMostWidths = 16;

/// y = sum over k of weight_k * quantise_elements(x) by form k. Precondition: at most kMostWidths forms.
void mix_elements(const float* x, float* y, std::int64_t count, std::span<const MixedForm> forms);

/// Gradients of mix_elements: writes those to x, and for every form those to its scale (learned step size)
/// and its weight, the sum of gradient times quantised value. Precondition: as many results as forms.
void mix_gradients(const float* x, const float* gradient, float* to_x, std::int64_t count,
                   std::span<const MixedForm> forms, std::span<MixedGradient> results);

}  // namespace bitmason::qat
