#pragma once

#include <string_view>

namespace bitmason::verify {

/// What a mapped cell is to counting and to timing.
enum class CellKind { Lut, LutRam, Carry, Mux, FlipFlop, BlockRam, UltraRam, Dsp, Free };

/// Costs of one cell of a type.
struct CellRule {
  std::string_view type;
  CellKind kind = CellKind::Free;
  int luts = 0;
  /// Block RAM in kbit of data and parity: 18, 36; Lattice 16 kbit blocks count 18, iCE40's 4.
  int block_kbit = 0;
};

/// Null where the type is unknown: an unknown cell is an error, never 0.
const CellRule* find_rule(std::string_view type);

/// Clock inputs of sequential cells, which are no data paths.
bool is_clock_pin(std::string_view port);

}  // namespace bitmason::verify
