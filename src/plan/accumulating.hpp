#pragma once

#include <optional>

#include "plan/conv_geometry.hpp"

/// Multipliers whose sums stay in them over a block of steps (rtl/bm_conv_packed.sv): which packings and
/// which shapes of the array the module can do.
namespace bitmason::plan {

/// The packing under C(1) to C(3) of `weights` and `pixels` operands that do not overlap on their ports, with
/// the fewest residue bits; nothing where none fits.
std::optional<pack::Packing> accumulating_packing(const pack::PackingProblem& problem, pack::Family family,
                                                  int weights, int pixels);

/// Columns that one accumulator can drain within a block of `steps` steps, the most that divide the columns;
/// nothing where the module cannot do the array: too many lanes, too short a block, a top field that would
/// have to wrap.
std::optional<int> drain_share(const ConvPlan& plan, std::int64_t steps);

}  // namespace bitmason::plan
