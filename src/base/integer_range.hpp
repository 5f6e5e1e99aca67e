#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace bitmason {

/// Closed interval of integers [lo, hi]; the exact set a value may take.
///
/// Widths are always derived from ranges, never stored beside them.
struct IntRange {
  std::int64_t lo = 0;
  std::int64_t hi = 0;

  /// True where the range needs a two's complement sign bit.
  [[nodiscard]] constexpr bool is_signed() const { return lo < 0; }

  /// Bits of the narrowest two's complement (signed) or plain binary (unsigned) code; at least 1.
  [[nodiscard]] constexpr int bits() const {
    int width = 1;
    if (is_signed()) {
      while (width < 64 &&
             (lo < -(std::int64_t{1} << (width - 1)) || hi > (std::int64_t{1} << (width - 1)) - 1)) {
        ++width;
      }
    } else {
      while (width < 63 && hi > (std::int64_t{1} << width) - 1) ++width;
    }
    return width;
  }

  /// Number of values minus one; the D of the packing rules.
  [[nodiscard]] constexpr std::int64_t span() const { return hi - lo; }
  [[nodiscard]] constexpr bool contains(std::int64_t value) const { return lo <= value && value <= hi; }
  [[nodiscard]] constexpr bool contains(const IntRange& other) const {
    return lo <= other.lo && other.hi <= hi;
  }
  constexpr bool operator==(const IntRange&) const = default;

  /// Range of an unsigned code of `bits` bits: [0, 2^bits - 1].
  static constexpr IntRange unsigned_bits(int bits) { return {0, (std::int64_t{1} << bits) - 1}; }
  /// Range of a two's complement code of `bits` bits.
  static constexpr IntRange signed_bits(int bits) {
    return {-(std::int64_t{1} << (bits - 1)), (std::int64_t{1} << (bits - 1)) - 1};
  }
  /// Symmetric ("narrow") range of a two's complement code: [-(2^(bits-1)-1), 2^(bits-1)-1].
  static constexpr IntRange narrow_bits(int bits) { return {-signed_bits(bits).hi, signed_bits(bits).hi}; }

  /// Smallest range that holds both.
  [[nodiscard]] constexpr IntRange united(const IntRange& other) const {
    return {std::min(lo, other.lo), std::max(hi, other.hi)};
  }
};

/// Exact range of x + y. Precondition: no overflow of int64.
constexpr IntRange operator+(const IntRange& a, const IntRange& b) {
  return {a.lo + b.lo, a.hi + b.hi};
}

/// Exact range of x * y. Precondition: no overflow of int64.
constexpr IntRange operator*(const IntRange& a, const IntRange& b) {
  const std::int64_t p[] = {a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi};
  return {std::min({p[0], p[1], p[2], p[3]}), std::max({p[0], p[1], p[2], p[3]})};
}

/// Exact range of the sum of `count` values of `a`.
constexpr IntRange operator*(const IntRange& a, std::int64_t count) {
  assert(count >= 0);
  return {a.lo * count, a.hi * count};
}

}  // namespace bitmason
