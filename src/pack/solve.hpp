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

/// How fields that overlap are told apart: by `side_bits` residue bits, under C or G(accumulations, v).
struct Residues {
  Rule rule = Rule::Canary;
  int side_bits = 1;
  int accumulations = 1;  ///< GuardBits: products summed before the fields are read, at least
};

/// A packing of exactly this many weights and activations at the narrowest uniform spacing that `residues`
/// allow; nothing if none fits. Convolution as above. Cost: below a millisecond.
std::optional<Packing> solve_overlapping(const PackingProblem& problem, Family family, int weights,
                                         int activations, const Residues& residues);

}  // namespace bitmason::pack
