#pragma once

#include <cstdint>
#include <vector>

#include "hw/design.hpp"

namespace bitmason::hw {

/// Concatenates values of fixed widths, the first in the lowest bits.
class Word {
 public:
  /// Appends the low `bits` bits of the value's two's complement (sign-extended above 64).
  void append(std::int64_t value, int bits);
  [[nodiscard]] int bits() const { return bits_; }
  [[nodiscard]] const std::vector<std::uint64_t>& limbs() const { return limbs_; }
  [[nodiscard]] WideConstant constant() const { return {bits_, limbs_}; }

 private:
  int bits_ = 0;
  std::vector<std::uint64_t> limbs_;
};

/// The value as a module parameter of 64 bits.
WideConstant wide_parameter(std::int64_t value);

}  // namespace bitmason::hw
