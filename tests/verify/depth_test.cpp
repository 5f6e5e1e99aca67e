#include "verify/depth.hpp"

#include "netlist_text.hpp"

namespace bitmason::verify {
namespace {

const Path& worst(const Paths& paths) {
  return worst_of(paths);
}

TEST(Depth, CountsTheLutsBetweenTwoRegistersAndNamesThem) {
  const auto depth = measure_depth(text::netlist(
      {text::flip_flop("a", 0, 10), text::lut("l1", 10, 11), text::lut("l2", 11, 12),
       text::flip_flop("b", 12, 13)},
      "", R"("start": {"hide_name": 0, "bits": [10]}, "count": {"hide_name": 0, "bits": [90, 13]})"));
  ASSERT_TRUE(depth.ok());
  ASSERT_EQ(depth->inside.size(), 1U);
  EXPECT_EQ(worst(depth->inside).depth, (Depth{2, 0}));
  EXPECT_EQ(worst(depth->inside).from, "start");
  EXPECT_EQ(worst(depth->inside).to, "count[1]");
}

TEST(Depth, CountsTheBitsOfAChainOfTwoCarryCellsThatAreUsed) {
  // The operand enters at bit 1 of the first cell and leaves at sum bit 2 of the second: 3 bits, then 3 bits.
  const auto depth = measure_depth(text::netlist(
      {text::flip_flop("a", 0, 10), text::lut("l", 10, 11),
       text::cell("c1", "CARRY4",
                  R"("S": ["0", 11, "0", "0"], "DI": ["0","0","0","0"], "CI": ["0"], "CYINIT": ["0"],
                                    "CO": [20, 21, 22, 23], "O": [24, 25, 26, 27])",
                  {"CO", "O"}),
       text::cell("c2", "CARRY4",
                  R"("S": ["0","0","0","0"], "DI": ["0","0","0","0"], "CI": [23], "CYINIT": ["0"],
                                    "CO": [30, 31, 32, 33], "O": [34, 35, 36, 37])",
                  {"CO", "O"}),
       text::flip_flop("b", 36, 40)}));
  ASSERT_TRUE(depth.ok());
  EXPECT_EQ(worst(depth->inside).depth, (Depth{1, 6}));
}

TEST(Depth, PassesNoCarryFromAnOperandToTheSumOfItsOwnBit) {
  const auto depth = measure_depth(text::netlist(
      {text::flip_flop("a", 0, 10),
       text::cell("c", "CARRY4",
                  R"("S": ["0", 10, "0", "0"], "DI": ["0","0","0","0"], "CI": ["0"], "CYINIT": ["0"],
                                   "CO": [20, 21, 22, 23], "O": [24, 25, 26, 27])",
                  {"CO", "O"}),
       text::flip_flop("b", 25, 40)}));
  EXPECT_EQ(worst(depth->inside).depth, (Depth{0, 0}));
}

TEST(Depth, ReadsLutMemoryInOneLevelFromItsOwnAddress) {
  const auto memory =
      text::cell("m0", "RAM64M", R"("ADDRA": [10], "ADDRB": [11], "ADDRD": ["0"], "DIA": ["0"],
      "DOA": [20], "DOB": [21], "WCLK": [1], "WE": ["0"])",
                 {"DOA", "DOB"});
  // Only ADDRA has a LUT in front, and only DOB is registered.
  const auto depth =
      measure_depth(text::netlist({text::flip_flop("a", 0, 8), text::lut("l", 8, 10), memory,
                                   text::flip_flop("x", 0, 11), text::flip_flop("b", 21, 30)}));
  ASSERT_TRUE(depth.ok());
  EXPECT_EQ(worst(depth->inside).depth, (Depth{1, 0}));
  EXPECT_EQ(worst(depth->inside).to, "b");
}

TEST(Depth, EndsAtDspsBlockMemoriesAndWritePorts) {
  const auto with = [](const std::string& sink) {
    const auto depth =
        measure_depth(text::netlist({text::flip_flop("a", 0, 10), text::lut("l", 10, 11), sink}));
    return worst(depth->inside);
  };
  EXPECT_EQ(with(text::cell("d", "DSP48E2", R"("A": [11], "CLK": [1], "P": [20])", {"P"})).to, "d (DSP48E2)");
  EXPECT_EQ(with(text::cell("r", "RAMB18E2", R"("DINADIN": [11], "CLKARDCLK": [1], "DOUTADOUT": [20])",
                            {"DOUTADOUT"}))
                .depth,
            (Depth{1, 0}));
  EXPECT_EQ(with(text::cell("w", "RAM32X1D", R"("D": [11], "WCLK": [1], "DPO": [20])", {"DPO"})).to,
            "w (RAM32X1D)");
}

TEST(Depth, RefusesACombinationalLoopByName) {
  const auto depth = measure_depth(text::netlist({text::lut("u_a", 10, 11), text::lut("u_b", 11, 10)}));
  ASSERT_FALSE(depth.ok());
  const std::string message = depth.errors()[0].message();
  EXPECT_TRUE(message == "m: a combinational loop passes through cell u_a; register it [BM-VERIFY-032]" ||
              message == "m: a combinational loop passes through cell u_b; register it [BM-VERIFY-032]")
      << message;
}

TEST(Depth, AllowsSixLevelsOrThreeLevelsWith24CarryBits) {
  EXPECT_TRUE(meets_rule({6, 0}));
  EXPECT_FALSE(meets_rule({7, 0}));
  EXPECT_TRUE(meets_rule({3, 24}));
  EXPECT_FALSE(meets_rule({3, 25}));
  EXPECT_FALSE(meets_rule({4, 4}));
  EXPECT_DOUBLE_EQ(severity({3, 0}), 0.5);
  EXPECT_DOUBLE_EQ(severity({1, 12}), 0.5);
}

TEST(Depth, KeepsTheDeepestAndTheLongestCarryPath) {
  Paths paths;
  add_path(paths, {{4, 0}, "a", "b"});
  add_path(paths, {{1, 20}, "c", "d"});
  add_path(paths, {{1, 8}, "e", "f"});
  ASSERT_EQ(paths.size(), 2U);
  // 20 of 24 carry bits are more of the limit than 4 of 6 levels.
  EXPECT_EQ(worst(paths).from, "c");
}

TEST(Depth, AddsReadyPathsThroughThreeModules) {
  // Each module passes ready back through two LUTs; the last starts it, the first ends it in a register.
  const char* const ports = R"("in_ready": {"direction": "output", "bits": [12]},
                               "out_ready": {"direction": "input", "bits": [10]})";
  const auto pass = measure_depth(text::netlist({text::lut("l1", 10, 11), text::lut("l2", 11, 12),
                                                 text::lut("l3", 10, 13), text::flip_flop("state", 13, 14)},
                                                ports));
  ASSERT_TRUE(pass.ok());
  EXPECT_EQ(worst(pass->through.at({"out_ready", "in_ready"})).depth, (Depth{2, 0}));
  EXPECT_EQ(worst(pass->to_register.at("out_ready")).depth, (Depth{1, 0}));
  const auto last = measure_depth(text::netlist({text::flip_flop("full", 0, 10), text::lut("l", 10, 12)},
                                                R"("in_ready": {"direction": "output", "bits": [12]})"));
  const std::vector<DepthInstance> instances = {
      {"u_a", &*pass, {{"in_ready", true, {1}}, {"out_ready", false, {2}}}},
      {"u_b", &*pass, {{"in_ready", true, {2}}, {"out_ready", false, {3}}}},
      {"u_c", &*last, {{"in_ready", true, {3}}}}};
  const auto paths = compose_depth(instances);
  ASSERT_TRUE(paths.ok());
  // u_c 1, u_b 2, u_a 2 up to the design's own in_ready.
  EXPECT_EQ(worst(*paths).depth, (Depth{5, 0}));
  EXPECT_EQ(worst(*paths).from, "u_c.full");
  EXPECT_EQ(worst(*paths).to, "u_a.in_ready");
}

TEST(Depth, RefusesALoopOverModules) {
  const char* const ports =
      R"("a": {"direction": "input", "bits": [10]}, "b": {"direction": "output", "bits": [11]})";
  const auto pass = measure_depth(text::netlist({text::lut("l", 10, 11)}, ports));
  const auto paths = compose_depth({{"u_x", &*pass, {{"a", false, {1}}, {"b", true, {1}}}}});
  ASSERT_FALSE(paths.ok());
  EXPECT_EQ(paths.errors()[0].message(),
            "top: a combinational loop passes through cell u_x.a; register it [BM-VERIFY-032]");
}

}  // namespace
}  // namespace bitmason::verify
