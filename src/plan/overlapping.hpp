#pragma once

#include <optional>

#include "pack/solve.hpp"
#include "plan/conv_geometry.hpp"

/// Multipliers whose fields overlap (rtl/bm_conv_packed.sv): which packings and which shapes of the array the
/// module can do. Sums stay in the multipliers over a block of steps (canaries), or every step is read.
namespace bitmason::plan {

/// The packing with the fewest residue bits, at most 3, whose operands do not overlap on their ports; nothing
/// where none fits.
std::optional<pack::Packing> overlapping_packing(const pack::PackingProblem& problem, pack::Family family,
                                                 int weights, int pixels, pack::Rule rule,
                                                 int accumulations = 1);

/// Columns that one accumulator drains in turn within a block of `steps` steps, the most that divide the
/// columns; 1 where every step is read. Nothing where the module cannot do the array: too many lanes, too
/// short a block, a top field that would have to wrap, too wide a sum.
std::optional<int> drain_share(const ConvPlan& plan, std::int64_t steps, int output_bits);

}  // namespace bitmason::plan
