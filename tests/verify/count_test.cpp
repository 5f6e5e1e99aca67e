#include "netlist_text.hpp"
#include "verify/cells.hpp"

namespace bitmason::verify {
namespace {

Resources of(const std::string& type) {
  const auto counted = count_resources(text::netlist({text::cell("c", type, "", {})}));
  EXPECT_TRUE(counted.ok()) << to_text(counted.errors());
  return *counted;
}

TEST(Count, CountsLutsOneEach) {
  for (const char* type : {"LUT1", "LUT2", "LUT3", "LUT4", "LUT5", "LUT6", "INV", "SB_LUT4"}) {
    EXPECT_EQ(of(type), (Resources{.luts = Luts(1)})) << type;
  }
}

TEST(Count, CountsLutMemoryByTheLutsItOccupies) {
  const std::vector<std::pair<const char*, int>> cases = {
      {"RAM32X1D", 2}, {"RAM64X1D", 2}, {"RAM128X1D", 4}, {"RAM256X1D", 8}, {"RAM32M", 4},
      {"RAM64M", 4},   {"RAM32M16", 8}, {"RAM64M8", 8},   {"SRL16E", 1},    {"SRLC32E", 1},
      {"RAM32X1S", 1}, {"RAM64X1S", 1}, {"RAM128X1S", 2}, {"RAM256X1S", 4}, {"TRELLIS_DPR16X4", 4}};
  for (const auto& [type, luts] : cases) EXPECT_EQ(of(type), (Resources{.luts = Luts(luts)})) << type;
}

TEST(Count, CountsBlockMemoryInHalvesOf18Kbit) {
  EXPECT_EQ(of("RAMB18E1"), (Resources{.bram18s = Bram18s(1)}));
  EXPECT_EQ(of("RAMB18E2"), (Resources{.bram18s = Bram18s(1)}));
  EXPECT_EQ(of("RAMB36E1"), (Resources{.bram18s = Bram18s(2)}));
  EXPECT_EQ(of("RAMB36E2"), (Resources{.bram18s = Bram18s(2)}));
  EXPECT_EQ(of("DP16KD"), (Resources{.bram18s = Bram18s(1)}));
  EXPECT_EQ(of("URAM288"), (Resources{.urams = Urams(1)}));
  // Five blocks of 4 kbit are 20 kbit: two halves.
  std::vector<std::string> cells;
  for (int k = 0; k < 5; ++k) cells.push_back(text::cell("c" + std::to_string(k), "SB_RAM40_4K", "", {}));
  EXPECT_EQ(count_resources(text::netlist(cells))->bram18s, Bram18s(2));
}

TEST(Count, CountsRegistersDspsAndCarryLogic) {
  for (const char* type :
       {"FDRE", "FDSE", "FDCE", "FDPE", "TRELLIS_FF", "SB_DFF", "SB_DFFESR", "SB_DFFNSR"}) {
    EXPECT_EQ(of(type), (Resources{.flip_flops = FlipFlops(1)})) << type;
  }
  for (const char* type : {"DSP48E1", "DSP48E2", "MULT18X18D", "SB_MAC16"}) {
    EXPECT_EQ(of(type), (Resources{.dsps = Dsps(1)})) << type;
  }
  EXPECT_EQ(of("CCU2C"), (Resources{.luts = Luts(2)}));
  for (const char* type :
       {"CARRY4", "SB_CARRY", "MUXF7", "MUXF8", "PFUMX", "L6MUX21", "BUFG", "IBUF", "OBUF", "ALU54B"}) {
    EXPECT_EQ(of(type), Resources{}) << type;
  }
}

TEST(Count, RefusesUnknownCellsByName) {
  const auto counted = count_resources(text::netlist(
      {text::cell("a", "LUT6", "", {}), text::cell("u_x", "FOO7", "", {}), text::cell("l", "LDCE", "", {})}));
  ASSERT_FALSE(counted.ok());
  ASSERT_EQ(counted.errors().size(), 2U);
  EXPECT_EQ(
      counted.errors()[1].message(),
      "m: cell u_x has the type FOO7, which no counting rule covers; add it to the cell table or change the "
      "part [BM-VERIFY-030]");
}

TEST(Count, RefusesTextThatIsNoNetlist) {
  const auto parsed = parse_netlist(R"({"modules": {}})", "x.json", "m");
  ASSERT_FALSE(parsed.ok());
  EXPECT_TRUE(parsed.errors()[0].message().starts_with("x.json: is no netlist of Yosys ("));
  EXPECT_EQ(parsed.errors()[0].code, "BM-VERIFY-031");
}

TEST(Count, NamesDspsWithoutTheirRegisters) {
  const auto dsp = [](const std::string& parameters) {
    return unregistered_dsps(text::netlist({text::cell("u", "DSP48E2", "", {}, parameters)}));
  };
  EXPECT_TRUE(dsp("").empty());
  EXPECT_TRUE(dsp(R"("AREG": "00000000000000000000000000000010")").empty());
  EXPECT_EQ(dsp(R"("MREG": "00000000000000000000000000000000", "PREG": "0")"),
            std::vector<std::string>{"DSP48E2 u leaves MREG, PREG unused"});
  EXPECT_EQ(unregistered_dsps(text::netlist({text::cell("u", "MULT18X18D", "", {},
                                                        R"("REG_INPUTA_CLK": "CLK0", "REG_INPUTB_CLK": "CLK0",
                                                           "REG_OUTPUT_CLK": "CLK0")")})),
            std::vector<std::string>{"MULT18X18D u leaves REG_PIPELINE_CLK unused"});
}

}  // namespace
}  // namespace bitmason::verify
