#pragma once

#include <optional>
#include <vector>

#include "plan/plan.hpp"

namespace bitmason::plan {

/// Bits of a requantiser's operands, as two's complement.
struct ScaleBits {
  int multiplier = 1;
  int accumulator = 1;
};
ScaleBits scale_bits(const ir::ScaleShift& form, const IntRange& accumulator);

/// True where one multiplier of the primitive holds the products; rtl/bm_requant_scale.sv multiplies in LUTs
/// otherwise.
bool fits_multiplier(const ScaleBits& bits, const device::Primitive& primitive);

/// Ways to build a layer that is no Conv, at `base`'s channels per beat: kinds of its memory, forms of
/// requantisation, those in DSPs where `in_dsp`.
std::vector<LayerPlan> variants_of(const ir::Layer& layer, const LayerPlan& base,
                                   const std::optional<ir::ScaleShift>& scale_shift, bool in_dsp);

}  // namespace bitmason::plan
