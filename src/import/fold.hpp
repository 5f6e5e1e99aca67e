#pragma once

#include "import/scope.hpp"

namespace bitmason::import {

using RationalOperation = Rational (*)(const Rational&, const Rational&);

/// Elementwise result of two broadcast constants, exact; no values (and findings) where they do not fit.
Values fold_binary(Scope& scope, const Constant& a, const Constant& b, RationalOperation operation);

/// The elements of a constant in a new shape, for Reshape and its like; records a finding if sizes differ.
Values fold_reshaped(Scope& scope, const Constant& constant, std::vector<std::int64_t> shape);

}  // namespace bitmason::import
