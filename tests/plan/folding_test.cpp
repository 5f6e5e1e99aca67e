#include <fmt/format.h>
#include <gtest/gtest.h>

#include "plan/networks.hpp"
#include "plan/plan.hpp"

namespace bitmason::plan {
namespace {

using testing::budget_of;
using testing::dsp48e2;
using testing::NetworkMaker;
using testing::xczu3eg;

/// 3x3 convolution of 4 to 8 channels on 8x8, 4 bit weights and activations.
ir::Network one_conv() {
  NetworkMaker maker({{4, 8, 8}, {0, 15}}, 1);
  maker.conv("conv", 8, 3, 4);
  return maker.finish();
}

std::string message_of(const std::string& folding_text, const Budget& budget = budget_of(xczu3eg(), 100)) {
  const auto folding = parse_folding(folding_text);
  if (!folding) return folding.errors().front().message();
  const auto plan = solve(one_conv(), xczu3eg(), dsp48e2(), budget, *folding);
  return plan ? "fine" : plan.errors().front().message();
}

TEST(FoldingTest, FixedParallelismGivesTheCyclesOfTheFormula) {
  const auto folding = parse_folding(R"({"conv": {"PE": 2, "SIMD": 4, "kernel_rows": 1, "pixels": 2}})");
  ASSERT_TRUE(folding);
  const auto plan = solve(one_conv(), xczu3eg(), dsp48e2(), budget_of(xczu3eg(), 100), *folding);
  ASSERT_TRUE(plan) << to_text(plan.errors());
  // 8 rows * 4 blocks of 2 columns * 4 groups * 3 kernel rows * 1 channel group.
  EXPECT_EQ(plan->find("conv")->cycles, Cycles(384));
  EXPECT_EQ(plan->find("conv")->dsps, Dsps(8));
}

TEST(FoldingTest, ThePlansOwnFoldingPlansTheSameAgain) {
  const auto first = solve(one_conv(), xczu3eg(), dsp48e2(), budget_of(xczu3eg(), 100));
  ASSERT_TRUE(first);
  const auto folding = parse_folding(to_json(folding_of(*first)));
  ASSERT_TRUE(folding);
  const auto second = solve(one_conv(), xczu3eg(), dsp48e2(), budget_of(xczu3eg(), 100), *folding);
  ASSERT_TRUE(second) << to_text(second.errors());
  EXPECT_EQ(second->interval, first->interval);
  EXPECT_EQ(to_json(folding_of(*second)), to_json(folding_of(*first)));
}

TEST(FoldingTest, ArraysSideBySideAreAsManyAsTheFileSays) {
  // Blocks of two pixels, by one array and by two side by side.
  const std::string whole = R"({"conv": {"PE": 8, "SIMD": 4, "kernel_rows": 3, "pixels": 2)";
  for (const auto& [groups, cycles] : {std::pair{1, 32}, {2, 16}}) {
    const auto folding = parse_folding(whole + fmt::format(R"(, "pixel_groups": {}}}}})", groups));
    ASSERT_TRUE(folding);
    const auto plan = solve(one_conv(), xczu3eg(), dsp48e2(), budget_of(xczu3eg(), 360), *folding);
    ASSERT_TRUE(plan) << to_text(plan.errors());
    EXPECT_EQ(plan->find("conv")->conv->pixel_groups, groups);
    EXPECT_EQ(plan->find("conv")->cycles, Cycles(cycles));
  }
  EXPECT_EQ(message_of(whole + R"(, "pixel_groups": 3}})", budget_of(xczu3eg(), 360)),
            "conv: no implementation has all of PE 8, SIMD 4, kernel_rows 3, pixels 2, pixel_groups 3; leave "
            "one of them out [BM-PLAN-015]");
}

TEST(FoldingTest, NumbersOfConvolutionsAreRefusedElsewhere) {
  EXPECT_EQ(message_of(R"({"image": {"PE": 4, "SIMD": 3}})"),
            "image: SIMD is for convolutions and the layer is none; leave it out [BM-PLAN-034]");
}

TEST(FoldingTest, ConstantWeightsHaveOneArray) {
  NetworkMaker maker({{4, 8, 8}, {0, 3}}, 1);
  maker.conv("conv", 4, 1, 2);
  const ir::Network network = maker.finish();
  const auto folding = parse_folding(R"({"conv": {"pixel_groups": 7}})");
  ASSERT_TRUE(folding);
  const auto plan = solve(network, xczu3eg(), dsp48e2(), budget_of(xczu3eg(), 360), *folding);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.errors().front().code, "BM-PLAN-015");
}

TEST(FoldingTest, AcceptsFinnsAttributesThatChangeNothing) {
  EXPECT_EQ(
      message_of(R"({"Defaults": {}, "conv": {"PE": 4, "SIMD": 2, "ram_style": "auto", "mem_mode": "x"}})"),
      "fine");
}

TEST(FoldingTest, RefusesWhatDoesNotDivide) {
  EXPECT_EQ(message_of(R"({"conv": {"PE": 3}})"),
            "conv: PE 3 does not divide 8 output channels; choose a divisor [BM-PLAN-012]");
  // Neither 4 channels nor, as FINN counts, 4 x 3 x 3 inputs.
  EXPECT_EQ(message_of(R"({"conv": {"SIMD": 5}})"),
            "conv: SIMD 5 does not divide 4 input channels; choose a divisor [BM-PLAN-012]");
  EXPECT_EQ(message_of(R"({"image": {"PE": 3}})"),
            "image: PE 3 does not divide 4 channels; choose a divisor [BM-PLAN-012]");
}

TEST(FoldingTest, RefusesACombinationThatNoImplementationHas) {
  NetworkMaker maker({{4, 8, 8}, {0, 15}}, 1);
  maker.conv("depthwise", 4, 3, 4, 4);
  // Depthwise channels do not mix: PE and SIMD are one number.
  const auto folding = parse_folding(R"({"depthwise": {"PE": 1, "SIMD": 2}})");
  ASSERT_TRUE(folding);
  const auto plan = solve(maker.finish(), xczu3eg(), dsp48e2(), budget_of(xczu3eg(), 100), *folding);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.errors().front().message(),
            "depthwise: no implementation has all of PE 1, SIMD 2; leave one of them out [BM-PLAN-015]");
}

TEST(FoldingTest, RefusesALayerThatIsNamedTwice) {
  EXPECT_EQ(
      message_of(R"({"conv": {"PE": 2}, "conv": {"PE": 4}})"),
      "conv: the name is not what a folding file holds (it occurs twice); give {\"<layer>\": {\"PE\": 4, "
      "\"SIMD\": 2}} [BM-PLAN-010]");
  EXPECT_EQ(message_of(R"({"conv": {"PE": 2, "PE": 4}})"),
            "PE: the name is not what a folding file holds (it occurs twice); give {\"<layer>\": {\"PE\": 4, "
            "\"SIMD\": 2}} [BM-PLAN-010]");
}

TEST(FoldingTest, RefusesRowsPixelsLayersAndCombinationsThatDoNotExist) {
  EXPECT_EQ(message_of(R"({"conv": {"kernel_rows": 2}})"),
            "conv: kernel_rows 2 is neither 1 nor the kernel's 3 rows; choose one of them [BM-PLAN-013]");
  EXPECT_EQ(message_of(R"({"conv": {"pixels": 7}})"),
            "conv: pixels 7 fits no packing of 4 bit weights and 4 bit activations, 4 at most; choose fewer "
            "[BM-PLAN-014]");
  EXPECT_EQ(message_of(R"({"other": {"PE": 1}})"),
            "net: the folding file names layer other and the network has none of that name; use a name that "
            "`bitmason "
            "plan` prints [BM-PLAN-011]");
}

TEST(FoldingTest, RefusesTextThatIsNoFolding) {
  EXPECT_EQ(
      message_of("{"),
      "folding: the text is not what a folding file holds (it is no JSON); give {\"<layer>\": {\"PE\": 4, "
      "\"SIMD\": 2}} [BM-PLAN-010]");
  EXPECT_EQ(message_of(R"({"conv": {"PE": 0}})"),
            "conv: PE 0 is not what a folding file holds (a positive integer is needed); give {\"<layer>\": "
            "{\"PE\": 4, "
            "\"SIMD\": 2}} [BM-PLAN-010]");
  EXPECT_EQ(message_of(R"({"conv": {"speed": 1}})"),
            "conv: speed is not what a folding file holds (PE, SIMD, kernel_rows, pixels and pixel_groups "
            "are known); give "
            "{\"<layer>\": {\"PE\": 4, \"SIMD\": 2}} [BM-PLAN-010]");
}

TEST(BudgetTest, SaysWhichResourceIsShortAndWhoNeedsIt) {
  Budget budget = budget_of(xczu3eg(), 100);
  budget.limit.luts = Luts(200);
  const auto plan = solve(one_conv(), xczu3eg(), dsp48e2(), budget);
  ASSERT_FALSE(plan);
  EXPECT_EQ(
      to_text(plan.errors()),
      // 51 of 170 are 30 %.
      "net: all else as it is, 221 LUTs are enough and 170 may be used, 30.0 % more; allow so many, or use "
      "a larger part or a smaller network [BM-PLAN-001]\n"
      "conv: its smallest implementation needs 212 of the 221 LUTs, 95.9 %; narrower operands or fewer "
      "channels need less [BM-PLAN-002]\n"
      "image: its smallest implementation needs 9 of the 221 LUTs, 4.1 %; narrower operands or fewer "
      "channels need less [BM-PLAN-002]\n");
}

TEST(BudgetTest, SaysHowFastItGetsWhereTheTargetIsTooFast) {
  Budget budget = budget_of(xczu3eg(), 100);
  budget.target_fps = 1e8;
  // 100 MHz / 1e8 is 1 cycle; with four pixels a beat the 8x8 image takes 16.
  EXPECT_EQ(message_of("{}", budget),
            "net: the target of 100000000 frames/s is 1 cycles a frame and 16 cycles is the fastest found; "
            "lower the "
            "target, raise the clock or allow more resources [BM-PLAN-003]");
}

// Whatever the last bit of the quotient: 250e6 / (250e6 / 55) is less than 55.
TEST(BudgetTest, TheRateOfEveryNumberOfCyclesIsATargetOfThatManyCycles) {
  Budget budget = budget_of(xczu3eg(), 250);
  for (int cycles = 1; cycles < 16; ++cycles) {
    budget.target_fps = 250e6 / cycles;
    EXPECT_NE(message_of("{}", budget).find(" is " + std::to_string(cycles) + " cycles a frame"),
              std::string::npos)
        << message_of("{}", budget);
  }
  // The fastest that there is meets its own rate.
  budget.target_fps = 250e6 / 16;
  const auto fastest = solve(one_conv(), xczu3eg(), dsp48e2(), budget);
  ASSERT_TRUE(fastest) << to_text(fastest.errors());
  EXPECT_EQ(fastest->interval, Cycles(16));
  budget.target_fps = 250e6 / 55;
  const auto slower = solve(one_conv(), xczu3eg(), dsp48e2(), budget);
  ASSERT_TRUE(slower) << to_text(slower.errors());
  EXPECT_LE(slower->interval, Cycles(55));
}

TEST(BudgetTest, ASlowTargetTakesNoDspWhereLutsAreFree) {
  Budget budget = budget_of(xczu3eg(), 100);
  budget.target_fps = 100e6 / 10000;
  const auto plan = solve(one_conv(), xczu3eg(), dsp48e2(), budget);
  ASSERT_TRUE(plan);
  // 3x3x4x8 MAC per pixel, 64 pixels: two multipliers in LUTs take 9,216 cycles.
  EXPECT_EQ(plan->total.dsps, Dsps(0));
  EXPECT_EQ(plan->interval, Cycles(9216));
}

TEST(BudgetTest, MultipliersAreLutsWhereNoDspMayBeUsed) {
  Budget budget = budget_of(xczu3eg(), 100);
  budget.limit.dsps = Dsps(0);
  const auto plan = solve(one_conv(), xczu3eg(), dsp48e2(), budget);
  ASSERT_TRUE(plan) << to_text(plan.errors());
  const ConvPlan& conv = *plan->layers[1].conv;
  EXPECT_TRUE(conv.fabric);
  EXPECT_EQ(plan->total.dsps, Dsps(0));
  EXPECT_TRUE(verify(one_conv(), dsp48e2(), budget, *plan));
  Plan wrong = *plan;
  wrong.layers[1].conv->packing.activation_offsets.push_back(20);
  EXPECT_FALSE(verify(one_conv(), dsp48e2(), budget, wrong));
}

TEST(BudgetTest, RefusesOperandsThatFitNoPort) {
  NetworkMaker maker({{1, 4, 4}, {0, (std::int64_t{1} << 28) - 1}}, 1);
  maker.conv("wide", 1, 1, 4);
  const auto plan = solve(maker.finish(), xczu3eg(), dsp48e2(), budget_of(xczu3eg(), 100));
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.errors().front().code, "BM-PLAN-004");
}

}  // namespace
}  // namespace bitmason::plan
