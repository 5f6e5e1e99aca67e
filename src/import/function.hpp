#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/integer_range.hpp"
#include "ir/scalar_function.hpp"

/// Chains of elementwise steps: building, merging and reading them.
namespace bitmason::import {

/// Appends y = scale * x + offset (vectors of size 1 or C); merges with a preceding affine step.
void append_affine(ir::ScalarFunction& function, const std::vector<Rational>& scale,
                   const std::vector<Rational>& offset);
/// Appends the steps in order, merging affine neighbours.
void append(ir::ScalarFunction& function, const ir::ScalarFunction& steps);

/// Scale and offset per channel where the function is affine; sizes 1 or C.
std::optional<ir::AffineStep> as_affine(const ir::ScalarFunction& function);

/// True where the function never falls in any of `channels` channels.
bool increasing(const ir::ScalarFunction& function, int channels);
/// True where the function never rises in any channel and is not constant in all.
bool decreasing(const ir::ScalarFunction& function, int channels);

/// Value of row `channel` of a vector of size 1 or C.
const Rational& row(const std::vector<Rational>& values, int channel);
/// True where all rows are equal.
bool uniform(const std::vector<Rational>& values);

/// The function whose channel c is channel source[c] of the given one.
ir::ScalarFunction permute_rows(const ir::ScalarFunction& function, std::span<const int> source);

/// One function for concatenated channels: same steps, parameters per channel. Nothing where the kinds of
/// steps or their common parameters differ.
std::optional<ir::ScalarFunction> concatenate_rows(std::span<const ir::ScalarFunction> functions,
                                                   std::span<const int> channels);

/// Exact integer codes of a function over few values: real value = scale * k(x) + offset with integer k.
struct ExactCodes {
  ir::ScalarFunction codes;  ///< the function followed by (y - offset) / scale
  IntRange range;
  Rational scale;
  Rational offset;
};

/// Codes that hold every value of the function on `domain` exactly. Nothing where the domain or the codes
/// have more than kMaxThresholdLevels values.
std::optional<ExactCodes> exact_codes(const ir::ScalarFunction& function, const IntRange& domain,
                                      int channels);

}  // namespace bitmason::import
