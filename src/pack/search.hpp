#pragma once

#include <optional>
#include <vector>

#include "pack/packing.hpp"

/// The packings of a multiplier, densest first.
namespace bitmason::pack {

/// How the sums of the packing sought are extracted.
struct Conditions {
  Coding coding = Coding::Plain;
  Rule rule = Rule::GuardBits;
  int side_bits = 0;      ///< v of G(n, v) or c of C(c)
  int accumulations = 1;  ///< n of G(n, v), at least
  /// Products of one output position may share a field (kernel > 1).
  bool kernel_rows = true;
};

/// For every number of products that fits under these conditions, most first, one packing: the one with the
/// fewest fields, then with the fewest operands that overlap on their port, then the lowest offsets. Empty if
/// not even one product fits.
///
/// Operands take turns in nested blocks (layouts.hpp), but every pitch is the least that keeps the rule
/// (canaries: or one bit more), not a multiple of one spacing, and the innermost block may be a convolution
/// of a whole kernel row. Complete within this space: at most six turns, of two or more copies.
/// Deterministic. Cost: 0.1 to 30 ms.
std::vector<Packing> solve_each_density(const PackingProblem& problem, const Conditions& conditions);

/// The first of these.
std::optional<Packing> solve_densest(const PackingProblem& problem, const Conditions& conditions);

}  // namespace bitmason::pack
