#pragma once

#include <optional>
#include <vector>

#include "ir/host.hpp"

namespace bitmason::sim {

/// Set of reals on one side of a bound, or all or none of them.
struct HalfLine {
  enum class Kind { None, All, Above, Below };
  Kind kind = Kind::None;
  Rational bound;
  bool inclusive = true;

  [[nodiscard]] HalfLine complement() const;
};

/// The exact set of x with function(x) >= code, for one channel: found by walking the monotone steps
/// backwards.
HalfLine preimage_at_least(const ir::ScalarFunction& function, const Rational& code, int channel);

/// True where the function yields integers only, for any real argument.
bool yields_integers(const ir::ScalarFunction& function);

}  // namespace bitmason::sim
