#pragma once

#include <string>

/// 128-bit integers for the verifier: holds every sum of offsets below 62, operands of at most 2^31 and fewer
/// than 2^31 terms and accumulations.
namespace bitmason::pack {

__extension__ using Wide = __int128;

constexpr Wide wide_power(int exponent) {
  return Wide{1} << exponent;
}

/// floor(value / 2^bits).
constexpr Wide wide_floor_shift(Wide value, int bits) {
  return value >> bits;
}

/// Decimal digits.
inline std::string wide_text(Wide value) {
  const bool negative = value < 0;
  std::string digits;
  do {
    const int digit = static_cast<int>(value % 10);
    digits.insert(digits.begin(), static_cast<char>('0' + (negative ? -digit : digit)));
    value /= 10;
  } while (value != 0);
  return negative ? "-" + digits : digits;
}

}  // namespace bitmason::pack
