#include "verify/arcs.hpp"

#include <string_view>

namespace bitmason::verify {

namespace {

const NetlistPort* pin(const NetlistCell& cell, std::string_view name) {
  for (const NetlistPort& candidate : cell.pins) {
    if (candidate.name == name) return &candidate;
  }
  return nullptr;
}

void connect(std::vector<Arc>& arcs, NetBit from, NetBit to, Depth depth) {
  if (from >= 0 && to >= 0) arcs.push_back({from, to, depth});
}

/// CARRY4 and CARRY8: an operand enters at its bit and leaves at any bit above, the carry input below bit 0.
/// Leaving at the bit of entry through the sum passes no carry.
void xilinx_carry(std::vector<Arc>& arcs, const NetlistCell& cell) {
  for (const char* out_name : {"O", "CO"}) {
    const NetlistPort* out = pin(cell, out_name);
    if (out == nullptr) continue;
    const bool sum = std::string_view(out_name) == "O";
    for (int j = 0; j < static_cast<int>(out->bits.size()); ++j) {
      const NetBit to = out->bits[static_cast<std::size_t>(j)];
      for (const char* carry : {"CI", "CYINIT", "CI_TOP"}) {
        if (const auto* in = pin(cell, carry)) connect(arcs, in->bits[0], to, {0, j + 1});
      }
      for (const char* operand : {"S", "DI"}) {
        const NetlistPort* in = pin(cell, operand);
        if (in == nullptr) continue;
        for (int i = 0; i <= j && i < static_cast<int>(in->bits.size()); ++i) {
          if (sum && i == j && std::string_view(operand) == "DI") continue;
          connect(arcs, in->bits[static_cast<std::size_t>(i)], to, {0, sum && i == j ? 0 : j - i + 1});
        }
      }
    }
  }
}

/// CCU2C: two LUTs with one carry bit each; operands pass a LUT.
void ecp5_carry(std::vector<Arc>& arcs, const NetlistCell& cell) {
  struct Output {
    const char* name;
    int bit;
    bool sum;
  };
  for (const Output& out : {Output{"S0", 0, true}, Output{"S1", 1, true}, Output{"COUT", 1, false}}) {
    const NetlistPort* to = pin(cell, out.name);
    if (to == nullptr) continue;
    if (const auto* in = pin(cell, "CIN")) connect(arcs, in->bits[0], to->bits[0], {0, out.bit + 1});
    for (const char* operand : {"A0", "B0", "C0", "D0", "A1", "B1", "C1", "D1"}) {
      const auto* in = pin(cell, operand);
      const int slot = operand[1] - '0';
      if (in == nullptr || slot > out.bit) continue;
      connect(arcs, in->bits[0], to->bits[0], {1, out.sum && slot == out.bit ? 0 : out.bit - slot + 1});
    }
  }
}

bool is_read_address(std::string_view name) {
  return name.starts_with("ADDR") || name.starts_with("DPRA") || name.starts_with("RAD") ||
         (name.starts_with("A") && name.size() <= 2);
}

/// ADDRB reads DOB only; the other memories read all their outputs from all their addresses.
bool reads(std::string_view address, std::string_view data) {
  if (address.starts_with("ADDR") && data.starts_with("DO") && data.size() > 2) return address[4] == data[2];
  if (data == "DPO") return address.starts_with("DPRA");
  if (data == "SPO") return !address.starts_with("DPRA");
  return true;
}

void memory_read(std::vector<Arc>& arcs, const NetlistCell& cell) {
  for (const NetlistPort& in : cell.pins) {
    if (in.is_output || !is_read_address(in.name)) continue;
    for (const NetlistPort& out : cell.pins) {
      if (!out.is_output || !reads(in.name, out.name)) continue;
      for (const NetBit from : in.bits) {
        for (const NetBit to : out.bits) connect(arcs, from, to, {1, 0});
      }
    }
  }
}

}  // namespace

std::vector<Arc> arcs_of(const NetlistCell& cell, const CellRule& rule) {
  std::vector<Arc> arcs;
  if (rule.kind == CellKind::LutRam) memory_read(arcs, cell);
  if (cell.type == "CARRY4" || cell.type == "CARRY8") xilinx_carry(arcs, cell);
  if (cell.type == "CCU2C") ecp5_carry(arcs, cell);
  const bool simple = rule.kind == CellKind::Lut || rule.kind == CellKind::Mux ||
                      rule.kind == CellKind::Free || cell.type == "SB_CARRY";
  if (!simple) return arcs;
  const Depth depth{rule.kind == CellKind::Lut ? 1 : 0, cell.type == "SB_CARRY" ? 1 : 0};
  for (const NetlistPort& in : cell.pins) {
    if (in.is_output) continue;
    for (const NetlistPort& out : cell.pins) {
      if (!out.is_output) continue;
      for (const NetBit from : in.bits) {
        for (const NetBit to : out.bits) connect(arcs, from, to, depth);
      }
    }
  }
  return arcs;
}

bool ends_path(const CellRule& rule, std::string_view pin_name) {
  switch (rule.kind) {
    case CellKind::FlipFlop:
    case CellKind::Dsp:
    case CellKind::BlockRam:
    case CellKind::UltraRam:
    case CellKind::LutRam:
      return !is_clock_pin(pin_name);
    default:
      return false;
  }
}

bool starts_path(const CellRule& rule) {
  // The content of a LUT memory is a register too.
  return rule.kind == CellKind::FlipFlop || rule.kind == CellKind::Dsp || rule.kind == CellKind::BlockRam ||
         rule.kind == CellKind::UltraRam || rule.kind == CellKind::LutRam;
}

}  // namespace bitmason::verify
