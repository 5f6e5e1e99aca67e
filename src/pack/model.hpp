#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pack/digits.hpp"
#include "pack/packing.hpp"

namespace bitmason::pack {

/// A multiplier, its accumulator and the logic beside it, bit for bit, executing a packing.
///
/// It does what the hardware does and wraps where the hardware wraps, so an unsound packing gives wrong sums:
/// the ports keep their bits only, the sum wraps, side information is kept modulo its bits, carries are
/// recognised from residues. Signed operands are raw two's complement codes: their low bits and their sign
/// bits are packed apart and subtracted in the pre-adder, modulo the port.
class MultiplierModel {
 public:
  /// Starts empty: GuardBits with the packing's bias in the accumulator, Canary with 0.
  explicit MultiplierModel(const Packing& packing);

  /// Adds one product: one clock of a lane, or one lane of a cascade. GuardBits reads the fields after every
  /// `accumulations` products and starts anew. Sizes are those of the packing.
  void multiply(std::span<const std::int64_t> weights, std::span<const std::int64_t> activations);

  /// The sum of products of every field since the start or the last clear().
  [[nodiscard]] std::vector<std::int64_t> read() const;

  /// Starts anew.
  void clear();

 private:
  void watch(std::uint64_t before);
  [[nodiscard]] std::int64_t top_wrap(std::uint64_t before, int end, bool biased) const;
  void extract_guarded(std::vector<std::int64_t>& sums) const;
  [[nodiscard]] std::vector<std::int64_t> extract_counted() const;
  [[nodiscard]] std::int64_t restored(std::size_t field, std::int64_t sum) const;
  [[nodiscard]] std::int64_t port_value(const std::vector<std::int64_t>& values,
                                        const std::vector<int>& offsets, const IntRange& digit,
                                        int port_bits) const;

  Packing packing_;
  Digits weights_;
  Digits activations_;
  std::vector<IntRange> ranges_;           ///< of every field, one product
  std::vector<int> gaps_;                  ///< of every field
  std::vector<std::int64_t> biases_;       ///< field_bias() of every field
  std::vector<std::int64_t> least_carry_;  ///< of every field, Canary

  std::uint64_t sum_ = 0;
  int pending_ = 0;                      ///< products since the last extraction
  std::vector<std::uint64_t> residues_;  ///< GuardBits: of every field since the last extraction
  std::vector<std::int64_t> carries_;    ///< Canary: out of every field; of the last one its wraps
  std::vector<std::int64_t> totals_;     ///< GuardBits: extracted so far

  // The last product: operands as values and as digits, and what each field gained.
  std::vector<std::int64_t> weight_values_, activation_values_;
  std::vector<std::int64_t> weight_digits_, activation_digits_;
  std::vector<std::int64_t> steps_;
  mutable std::vector<std::uint64_t> above_;  ///< scratch of extract_guarded()
  std::vector<std::int64_t> extracted_;
};

}  // namespace bitmason::pack
