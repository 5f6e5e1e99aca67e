#include "verify/cells.hpp"

#include <algorithm>
#include <array>

namespace bitmason::verify {

namespace {

using enum CellKind;

/// Xilinx LUTRAM by the LUTs it occupies: UG474 and UG574, "Distributed RAM"; Lattice: FPGA-TN-02204 (a slice
/// pair of 16 x 4 bits takes four LUTs).
constexpr CellRule kRules[] = {
    {"LUT1", Lut, 1},
    {"LUT2", Lut, 1},
    {"LUT3", Lut, 1},
    {"LUT4", Lut, 1},
    {"LUT5", Lut, 1},
    {"LUT6", Lut, 1},
    {"INV", Lut, 1},
    {"SB_LUT4", Lut, 1},
    {"RAM32X1S", LutRam, 1},
    {"RAM64X1S", LutRam, 1},
    {"RAM128X1S", LutRam, 2},
    {"RAM256X1S", LutRam, 4},
    {"RAM512X1S", LutRam, 8},
    {"RAM32X1D", LutRam, 2},
    {"RAM64X1D", LutRam, 2},
    {"RAM128X1D", LutRam, 4},
    {"RAM256X1D", LutRam, 8},
    {"RAM32M", LutRam, 4},
    {"RAM64M", LutRam, 4},
    {"RAM32M16", LutRam, 8},
    {"RAM64M8", LutRam, 8},
    {"SRL16E", LutRam, 1},
    {"SRLC32E", LutRam, 1},
    {"TRELLIS_DPR16X4", LutRam, 4},
    {"CARRY4", Carry},
    {"CARRY8", Carry},
    {"CCU2C", Carry, 2},
    {"SB_CARRY", Carry},
    {"MUXF7", Mux},
    {"MUXF8", Mux},
    {"MUXF9", Mux},
    {"PFUMX", Mux},
    {"L6MUX21", Mux},
    {"FDRE", FlipFlop},
    {"FDSE", FlipFlop},
    {"FDCE", FlipFlop},
    {"FDPE", FlipFlop},
    {"FDRE_1", FlipFlop},
    {"FDSE_1", FlipFlop},
    {"FDCE_1", FlipFlop},
    {"FDPE_1", FlipFlop},
    {"TRELLIS_FF", FlipFlop},
    {"RAMB18E1", BlockRam, 0, 18},
    {"RAMB18E2", BlockRam, 0, 18},
    {"RAMB36E1", BlockRam, 0, 36},
    {"RAMB36E2", BlockRam, 0, 36},
    {"DP16KD", BlockRam, 0, 18},
    {"PDPW16KD", BlockRam, 0, 18},
    {"SB_RAM40_4K", BlockRam, 0, 4},
    {"URAM288", UltraRam},
    {"SB_SPRAM256KA", UltraRam},
    {"DSP48E1", Dsp},
    {"DSP48E2", Dsp},
    {"MULT18X18D", Dsp},
    {"SB_MAC16", Dsp},
    {"ALU54B", Free},
    {"BUFG", Free},
    {"BUFGCTRL", Free},
    {"IBUF", Free},
    {"OBUF", Free},
    {"IOBUF", Free},
    {"OBUFT", Free},
    {"VCC", Free},
    {"GND", Free},
    {"VHI", Free},
    {"VLO", Free},
    {"SB_IO", Free},
    {"SB_GB", Free},
    {"SB_GB_IO", Free},
    {"TRELLIS_IO", Free},
    {"GSR", Free},
    {"PUR", Free},
};

constexpr CellRule kIceFlipFlop{"SB_DFF", FlipFlop};

}  // namespace

const CellRule* find_rule(std::string_view type) {
  // iCE40 spells set, reset, enable and edge into the type.
  if (type.starts_with("SB_DFF")) return &kIceFlipFlop;
  const auto* found = std::find_if(std::begin(kRules), std::end(kRules),
                                   [&](const CellRule& rule) { return rule.type == type; });
  return found == std::end(kRules) ? nullptr : found;
}

bool is_clock_pin(std::string_view port) {
  constexpr std::array kPins = {"C",    "CLK",  "WCLK",  "WCK",   "CLKARDCLK", "CLKBWRCLK",
                                "CLKA", "CLKB", "CLK0",  "CLK1",  "CLK2",      "CLK3",
                                "RCLK", "CLKW", "CLOCK", "RCLKN", "WCLKN"};
  return std::find(kPins.begin(), kPins.end(), port) != kPins.end();
}

}  // namespace bitmason::verify
