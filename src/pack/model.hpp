#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pack/packing.hpp"

namespace bitmason::pack {

/// A multiplier and its accumulator, bit for bit, executing a packing; knows the widths and nothing else.
///
/// It does what the hardware does and wraps where the hardware wraps, so an unsound packing gives wrong sums.
/// Signed operands are raw two's complement codes: their low bits and their sign bits are packed apart and
/// subtracted in the pre-adder, modulo the port.
class MultiplierModel {
 public:
  /// Starts with the packing's bias in the accumulator.
  explicit MultiplierModel(const Packing& packing);

  /// Adds one product: one clock of a lane, or one lane of a cascade. Sizes are those of the packing.
  void multiply(std::span<const std::int64_t> weights, std::span<const std::int64_t> activations);

  /// The fields' sums, sliced from the accumulator and freed from the field bias.
  [[nodiscard]] std::vector<std::int64_t> read() const;

  /// Puts the bias back, as at the start.
  void clear();

 private:
  Packing packing_;
  std::uint64_t sum_ = 0;
};

}  // namespace bitmason::pack
