#pragma once

#include <cstdint>
#include <vector>

#include "base/integer_range.hpp"
#include "pack/packing.hpp"

/// The solvers' own arithmetic of the extraction rules; verify() checks its results without it.
namespace bitmason::pack {

/// Fields of a candidate: where they start and what one product adds.
struct FieldSteps {
  std::vector<int> offsets;  ///< ascending
  std::vector<IntRange> steps;
};

/// More accumulations than this are never promised; keeps every product of counts inside int64.
inline constexpr std::int64_t kMostAccumulations = 1 << 30;

/// The n that G(n, v) allows; 0 where a field does not even hold one product.
std::int64_t guard_accumulations(const FieldSteps& fields, int side_bits, int accumulator_bits);

/// The products that C(c) allows before the top field's wraps must be counted, or kMostAccumulations where
/// they may be; 0 where carries or wraps cannot be told apart.
std::int64_t canary_accumulations(const FieldSteps& fields, int residue_bits, const MultiplierPorts& ports);

}  // namespace bitmason::pack
