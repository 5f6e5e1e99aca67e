#include "sim/value_boundaries.hpp"

#include <cmath>
#include <limits>

#include "ir/scalar_function.hpp"
#include "sim/half_line.hpp"

namespace bitmason::sim {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Smallest double in the half-line above a bound.
double first_double(const Rational& bound, bool inclusive) {
  const double nearest = bound.to_double();
  if (!std::isfinite(nearest)) return nearest > 0 ? kInfinity : std::numeric_limits<double>::lowest();
  const auto order = Rational::from_double(nearest) <=> bound;
  const bool inside = order > 0 || (order == 0 && inclusive);
  return inside ? nearest : std::nextafter(nearest, kInfinity);
}

/// Smallest double of a half-line, or of its mirror image where the function falls.
double double_boundary(const HalfLine& line, bool falling) {
  switch (line.kind) {
    case HalfLine::Kind::All:
      return -kInfinity;
    case HalfLine::Kind::None:
      return kInfinity;
    default:
      return first_double(falling ? -line.bound : line.bound, line.inclusive);
  }
}

/// Smallest x, or -x where the function falls, whose code is at least this one.
double first_of(const ir::ScalarFunction& function, const Rational& code, int channel, bool falling) {
  return double_boundary(preimage_at_least(function, code, channel), falling);
}

}  // namespace

DoubleThresholds::DoubleThresholds(const ir::ScalarFunction& function, const IntRange& codes, int channel)
    : below_(codes.lo - 1), falling_(ir::direction(function, channel) < 0) {
  // One more at each end tells codes outside the range.
  for (std::int64_t code = codes.lo; code <= codes.hi + 1; ++code)
    thresholds_.push_back(first_of(function, Rational(code), channel, falling_));
}

Limits::Limits(const ir::ScalarFunction& unlimited, const IntRange& codes, int channel)
    : falling_(ir::direction(unlimited, channel) < 0),
      first_(first_of(unlimited, Rational(codes.lo), channel, falling_)),
      end_(first_of(unlimited, Rational(codes.hi) + Rational(1), channel, falling_)) {}

/// The function without what clamps its values.
ir::ScalarFunction without_clamps(ir::ScalarFunction function) {
  std::erase_if(function,
                [](const ir::ScalarStep& step) { return std::holds_alternative<ir::ClampStep>(step); });
  return function;
}

}  // namespace bitmason::sim
