#pragma once

#include <cstdint>
#include <vector>

#include "pack/packing.hpp"

/// What the multiplier sees of the operands, and what one product adds to each field. Shared by assembly,
/// solvers and model; verify() derives all of it again on its own.
namespace bitmason::pack {

/// The operands of one port.
struct Digits {
  std::vector<IntRange> values;  ///< of each operand as the port reads it, widened to hold 0
  /// Bits of the top operand's period where magnitudes use the port's sign bit as a value bit: the port then
  /// reads the top operand as less by 2^wrap_bits. 0 where it never does.
  int wrap_bits = 0;
};

/// Range of the number that stands on the port: the value, or its magnitude; widened to hold 0.
IntRange digit_range(const IntRange& value, Coding coding);

/// The operands at these offsets on a two's complement port of `port_bits` bits. Magnitudes may use its sign
/// bit if that bit belongs to the top operand alone.
Digits digits_on_port(const std::vector<int>& offsets, const IntRange& value, Coding coding, int port_bits);

/// True where the two's complement port holds every combination, or magnitudes fit with the sign bit.
bool fits_port(const std::vector<int>& offsets, const IntRange& value, Coding coding, int port_bits);

/// What one product adds to a field: its products' sum, 0 included.
IntRange step_range(const Field& field, const Digits& weights, const Digits& activations);

/// Fields of the offsets, ascending, without widths.
std::vector<Field> fields_of(const std::vector<int>& weight_offsets,
                             const std::vector<int>& activation_offsets);

/// step_range() of every field of a packing or layout on these ports.
std::vector<IntRange> step_ranges(const Packing& packing);

}  // namespace bitmason::pack
