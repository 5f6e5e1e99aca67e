#pragma once

#include <optional>

#include "pack/packing.hpp"

namespace bitmason::pack {

/// A packing of exactly this many weights and activations under G(n, 0) with the narrowest fields that hold
/// `accumulations`, and as many accumulations as these fields then prove; nothing if none fits. Weights go to
/// the wide port where both ports do. Convolution packs whole kernel rows: nothing unless weights ==
/// problem.kernel. Cost: microseconds.
std::optional<Packing> solve(const PackingProblem& problem, Family family, int weights, int activations,
                             int accumulations);

/// A packing of exactly this many weights and activations under C(side_bits), products accumulating in the
/// multiplier, with the narrowest uniform spacing whose carries `side_bits` residue bits tell apart; nothing
/// if none fits. Convolution as above. Cost: below a millisecond.
std::optional<Packing> solve_canary(const PackingProblem& problem, Family family, int weights,
                                    int activations, int side_bits);

}  // namespace bitmason::pack
