#pragma once

#include <string>
#include <vector>

#include "hw/linear_cells.hpp"
#include "pack/scheme.hpp"

/// From the rows of one lane and pixel to the operand of every product: digits, combinations, magnitudes.
namespace bitmason::hw {

/// A product's operand: its two's complement code, or its magnitude and sign.
struct OperandCode {
  Bits value;
  Bits negative;  ///< nothing of a plain operand
};

class Combiner {
 public:
  Combiner(Module& module, const pack::Scheme& scheme);

  /// Cycles from the codes to the operands.
  [[nodiscard]] int latency() const;

  /// Of every product. `place` makes names unique.
  std::vector<OperandCode> add(const std::string& place, const std::vector<Value>& rows);

 private:
  [[nodiscard]] bool splits(pack::Slicing::Digits digits) const;
  [[nodiscard]] bool makes_magnitudes(std::size_t product, bool is_signed) const;
  [[nodiscard]] const pack::Part& part_of_product(std::size_t product) const;
  /// What centres a product's operand.
  [[nodiscard]] std::int64_t constant_of(std::size_t factor, std::size_t row) const;
  std::vector<Value> combinations(const std::string& place, std::vector<Value> values);
  std::vector<OperandCode> digits_of_magnitude(const std::string& place, const Value& value);

  Module& module_;
  const pack::Scheme& scheme_;
  const pack::Bilinear& algorithm_;
  std::vector<int> levels_;
  int magnitude_cycles_ = 0;
};

}  // namespace bitmason::hw
