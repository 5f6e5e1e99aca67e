#include "sim/half_line.hpp"

#include <algorithm>

namespace bitmason::sim {

namespace {

const Rational& pick(const std::vector<Rational>& values, int channel) {
  return values.size() == 1 ? values.front() : values[static_cast<std::size_t>(channel)];
}

HalfLine above(Rational bound, bool inclusive = true) {
  return {HalfLine::Kind::Above, std::move(bound), inclusive};
}

HalfLine everything(bool all) {
  return {all ? HalfLine::Kind::All : HalfLine::Kind::None, {}, true};
}

/// {x : rounded(x) >= n} for an integer n.
HalfLine preimage_of_rounding(Rounding rounding, const Rational& n) {
  const bool positive = n.sign() > 0;
  const Rational half = n - Rational(1, 2);
  const Rational below = n - Rational(1);
  switch (rounding) {
    case Rounding::HalfEven:
      return above(half, (n / Rational(2)).is_integer());
    case Rounding::HalfUp:
      return above(half, positive);
    case Rounding::HalfDown:
      return above(half, !positive);
    case Rounding::Ceil:
      return above(below, false);
    case Rounding::Floor:
      return above(n);
    case Rounding::Up:
      return positive ? above(below, false) : above(n);
    default:
      return positive ? above(n) : above(below, false);
  }
}

/// Preimage of {y > bound} or {y >= bound} under one step.
struct Preimage {
  const Rational& bound;
  bool inclusive;
  int channel;

  HalfLine operator()(const ir::AffineStep& step) const {
    const Rational& scale = pick(step.scale, channel);
    const Rational& offset = pick(step.offset, channel);
    if (scale.sign() == 0) return everything(contains(offset));
    HalfLine line = above((bound - offset) / scale, inclusive);
    if (scale.sign() < 0) line.kind = HalfLine::Kind::Below;
    return line;
  }
  HalfLine operator()(const ir::ClampStep& step) const {
    if (contains(step.lo)) return everything(true);
    if (!contains(step.hi)) return everything(false);
    return above(bound, inclusive);
  }
  HalfLine operator()(const ir::ReluStep&) const {
    return contains(Rational(0)) ? everything(true) : above(bound, inclusive);
  }
  HalfLine operator()(const ir::RoundStep& step) const {
    return preimage_of_rounding(step.rounding, first_integer());
  }
  HalfLine operator()(const ir::CountStep& step) const {
    const auto length = static_cast<std::int64_t>(step.thresholds.size()) / step.rows;
    const Rational first = first_integer();
    if (first.sign() <= 0) return everything(true);
    if (first > Rational(length)) return everything(false);
    const std::int64_t row = step.rows == 1 ? 0 : channel;
    return above(step.thresholds[static_cast<std::size_t>(row * length + *first.to_int64() - 1)]);
  }

 private:
  [[nodiscard]] bool contains(const Rational& y) const { return inclusive ? y >= bound : y > bound; }
  /// Smallest integer of the set.
  [[nodiscard]] Rational first_integer() const {
    return inclusive ? bound.rounded(Rounding::Ceil) : bound.rounded(Rounding::Floor) + Rational(1);
  }
};

bool integral(const std::vector<Rational>& values) {
  return std::ranges::all_of(values, [](const Rational& v) { return v.is_integer(); });
}

}  // namespace

HalfLine HalfLine::complement() const {
  switch (kind) {
    case Kind::None:
      return everything(true);
    case Kind::All:
      return everything(false);
    default:
      return {kind == Kind::Above ? Kind::Below : Kind::Above, bound, !inclusive};
  }
}

HalfLine preimage_at_least(const ir::ScalarFunction& function, const Rational& code, int channel) {
  HalfLine line = above(code);
  for (auto step = function.rbegin(); step != function.rend(); ++step) {
    if (line.kind == HalfLine::Kind::All || line.kind == HalfLine::Kind::None) return line;
    const bool flipped = line.kind == HalfLine::Kind::Below;
    if (flipped) line = line.complement();
    const HalfLine before = std::visit(Preimage{line.bound, line.inclusive, channel}, *step);
    line = flipped ? before.complement() : before;
  }
  return line;
}

bool yields_integers(const ir::ScalarFunction& function) {
  bool integers = false;
  for (const ir::ScalarStep& step : function) {
    if (const auto* affine = std::get_if<ir::AffineStep>(&step)) {
      integers = integers && integral(affine->scale) && integral(affine->offset);
    } else if (const auto* clamp = std::get_if<ir::ClampStep>(&step)) {
      integers = integers && clamp->lo.is_integer() && clamp->hi.is_integer();
    } else if (!std::holds_alternative<ir::ReluStep>(step)) {
      integers = true;
    }
  }
  return integers;
}

}  // namespace bitmason::sim
