#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/quantities.hpp"
#include "base/result.hpp"

/// DSP primitives and parts as data. Code asks for properties, never for a name.
namespace bitmason::device {

/// Where a fact comes from, and how it was obtained: "quoted", "read" or "memory".
struct Source {
  std::string text;
  std::string kind;
};

/// A hard multiplier. Widths in bits; ports are two's complement.
struct Primitive {
  std::string name;   ///< "DSP48E2"
  int wide_bits = 0;  ///< wider multiplier port
  int narrow_bits = 0;
  int product_bits = 0;
  int accumulator_bits = 0;
  int preadder_bits = 0;  ///< 0: none
  bool cascade = false;   ///< the sum enters the neighbour without fabric, usable by the tools at hand
  bool constant_with_product = false;  ///< a constant can be added to product and cascade in one cycle
  bool internal_registers = true;      ///< input, product and sum registers exist
  int split_multipliers =
      0;               ///< narrower multipliers that the block offers instead of its own; 0: no such mode
  int split_bits = 0;  ///< of both ports of each
  int split_accumulator_bits = 0;
  bool split_rtl = false;                 ///< rtl_module and its like compute in that mode too
  std::string rtl_module;                 ///< file and module under rtl/dsp/ that instantiates it
  std::string cell;                       ///< netlist cell type
  std::map<std::string, Source> sources;  ///< by field name
};

/// A part: its primitive and what it holds.
struct Part {
  std::string name;    ///< "xczu3eg"
  std::string family;  ///< "UltraScale+"
  std::string board;
  std::string primitive;  ///< name of its Primitive
  std::string synthesis;  ///< Yosys command without -top, e.g. "synth_xilinx -family xcup -nosrl"
  Dsps dsps;
  Luts luts;
  FlipFlops flip_flops;
  Bram18s bram18s;  ///< in units of 18 kbit (Lattice EBR: rounded down)
  Urams urams;
  int memory_port_bits = 0;          ///< widest AXI port to the board's memory; 0: none
  int memory_mbytes_per_second = 0;  ///< peak of the board's memory; 0: none
  int lut_inputs = 6;
  double clock_mhz = 0;  ///< default clock, an assumption unless measured
  std::map<std::string, Source> sources;
};

/// Everything under devices/, checked.
struct Database {
  std::vector<Primitive> primitives;
  std::vector<Part> parts;
  [[nodiscard]] const Part* find_part(std::string_view name) const;  ///< case-insensitive; null if unknown
  [[nodiscard]] const Primitive* find_primitive(
      std::string_view name) const;  ///< case-insensitive; null if unknown
};

/// Reads devices/primitives/*.json and devices/parts/*.json. Errors: BM-DEV-001..008 with file and field, all
/// at once.
Result<Database> load_database(const std::filesystem::path& folder);

/// Findings of the checker (BM-DEV-009..017): missing source, primitive unknown, impossible widths, counts
/// that disagree. Empty is good.
Diagnostics check(const Database& database);

}  // namespace bitmason::device
