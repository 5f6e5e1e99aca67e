#pragma once

#include <optional>
#include <vector>

#include "import/scope.hpp"

namespace bitmason::import {

/// How a quantiser rounds constants.
struct ConstantQuantiser {
  const Constant& scale;
  const Constant& zero;
  IntRange range;
  Rounding rounding = Rounding::HalfEven;
  bool bipolar = false;  ///< sign instead of rounding, for signed 1-bit codes
};

/// Codes and scales of a quantised constant, exact: doubles decide a rounding only where they are far from a
/// tie. Nothing where scale or zero point do not broadcast onto it.
std::optional<Constant> quantise_constant(const Constant& values, const ConstantQuantiser& quantiser);

/// Integer weights: real weight i = values[i] * scale[output of i].
struct IntegerWeights {
  std::vector<std::int32_t> values;
  std::vector<Rational> scale;  ///< one, or one per output
  IntRange range;
};

/// Which constant element each weight is, output channel by output channel.
struct WeightOrder {
  static constexpr std::int64_t kZero = -1;  ///< a weight that is zero without an element
  std::vector<std::int64_t> element;
  std::size_t outputs = 1;
  std::vector<Rational> factor;  ///< real weight = element * factor[position within the output]; empty: 1
};

/// Integers of at most 16 bits with one scale, or one per output, that are exactly the real weights: the
/// file's own codes where it has them. Nothing where there are none.
std::optional<IntegerWeights> integer_weights(const Constant& constant, const WeightOrder& order);

}  // namespace bitmason::import
