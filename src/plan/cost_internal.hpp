#pragma once

#include <algorithm>
#include <cmath>

#include "plan/coefficients.hpp"  // from devices/planning_costs.json
#include "plan/cost.hpp"

/// What the cost formulas share.
namespace bitmason::plan {

inline std::int64_t ceil_div(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
}

inline std::int64_t rounded(double value) {
  return static_cast<std::int64_t>(std::ceil(value));
}

inline Resources fabric(double luts, double flip_flops) {
  return {.luts = Luts(rounded(luts)), .flip_flops = FlipFlops(rounded(flip_flops))};
}

/// Columns of a memory of constants that can differ: equal ones are made once.
inline std::int64_t distinct_columns(std::int64_t width, std::int64_t depth) {
  return depth < 16 ? std::min(width, std::int64_t{1} << depth) : width;
}

inline Resources times(std::int64_t count, const Resources& one) {
  return {count * one.dsps,    count * one.luts,  count * one.flip_flops,
          count * one.bram18s, count * one.urams, count * one.traffic};
}

}  // namespace bitmason::plan
