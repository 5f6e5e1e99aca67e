#pragma once

#include <cstdint>
#include <vector>

namespace bitmason {

/// sign * 2^shift.
struct SignedDigit {
  int shift = 0;
  bool negative = false;
  bool operator==(const SignedDigit&) const = default;
};

/// The non-adjacent form of a value: the fewest powers of two, added or subtracted, that make it, lowest
/// first; no two are neighbours. None for 0.
inline std::vector<SignedDigit> signed_digits(std::int64_t value) {
  std::vector<SignedDigit> digits;
  for (int shift = 0; value != 0; ++shift) {
    // The digit of an odd value is 1 or -1, so that the next one is 0; -1 carries.
    const bool negative = (value & 3) == 3;
    if ((value & 1) != 0) digits.push_back({shift, negative});
    value = (value >> 1) + static_cast<std::int64_t>(negative);
  }
  return digits;
}

}  // namespace bitmason
