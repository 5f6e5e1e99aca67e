#pragma once

#include <optional>
#include <vector>

#include "plan/plan.hpp"

namespace bitmason::plan {

/// Ways to build a layer that is no Conv, at `base`'s channels per beat: kinds of its memory, forms of
/// requantisation.
std::vector<LayerPlan> variants_of(const ir::Layer& layer, const LayerPlan& base,
                                   const std::optional<ir::ScaleShift>& scale_shift);

}  // namespace bitmason::plan
