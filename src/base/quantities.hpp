#pragma once

#include <compare>
#include <cstdint>

namespace bitmason {

/// A count with a unit: quantities of one unit add and compare, quantities of two units do not compile.
template <class Unit>
struct Quantity {
  std::int64_t value = 0;

  constexpr Quantity() = default;
  constexpr explicit Quantity(std::int64_t count) : value(count) {}

  constexpr auto operator<=>(const Quantity&) const = default;
  constexpr Quantity& operator+=(Quantity other) {
    value += other.value;
    return *this;
  }
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.value + b.value); }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.value - b.value); }
  friend constexpr Quantity operator*(std::int64_t n, Quantity a) { return Quantity(n * a.value); }
};

using Bits = Quantity<struct BitsUnit>;
using Cycles = Quantity<struct CyclesUnit>;
using Dsps = Quantity<struct DspsUnit>;
using Luts = Quantity<struct LutsUnit>;
using FlipFlops = Quantity<struct FlipFlopsUnit>;
/// Half blocks of 18 kbit; a 36 kbit block counts two.
using Bram18s = Quantity<struct Bram18sUnit>;
using Urams = Quantity<struct UramsUnit>;
using Bytes = Quantity<struct BytesUnit>;

}  // namespace bitmason
