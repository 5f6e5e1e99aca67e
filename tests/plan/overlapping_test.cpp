#include "plan/overlapping.hpp"

#include <gtest/gtest.h>

#include "networks.hpp"
#include "plan/plan.hpp"
#include "plan/verify_overlap.hpp"

namespace bitmason::plan::testing {
namespace {

pack::PackingProblem w4a4_row() {
  return {.ports = {}, .weight = {-7, 7}, .activation = {0, 15}, .kernel = 3};
}

/// 3 taps x 4 pixels under C(3) on `columns` x `simd` multipliers.
ConvPlan twelve(int columns, int simd) {
  ConvPlan plan;
  plan.packing = *overlapping_packing(w4a4_row(), pack::Family::Convolution, 3, 4, pack::Rule::Canary);
  plan.columns = columns;
  plan.simd = simd;
  return plan;
}

TEST(OverlappingTest, ColumnsShareADrainWhereTheBlockIsLongEnough) {
  EXPECT_EQ(twelve(8, 8).packing.side_bits, 3);
  // Eight chains come down in 8 slots, three carry bits in 3 more: 11 steps a column.
  EXPECT_EQ(drain_share(twelve(8, 8), 10, 16), std::nullopt);
  EXPECT_EQ(drain_share(twelve(8, 8), 11, 16), 1);
  EXPECT_EQ(drain_share(twelve(8, 8), 22, 16), 2);
  EXPECT_EQ(drain_share(twelve(8, 8), 43, 16), 2);
  EXPECT_EQ(drain_share(twelve(8, 8), 44, 16), 4);
}

TEST(OverlappingTest, TheModulesLimitsHold) {
  EXPECT_EQ(drain_share(twelve(8, 9), 100, 32), 8);
  EXPECT_EQ(drain_share(twelve(8, 10), 100, 32), std::nullopt);
  EXPECT_EQ(drain_share(twelve(8, 8), 100, 33), std::nullopt);
  ConvPlan depthwise = twelve(1, 8);
  depthwise.depthwise = true;
  EXPECT_EQ(drain_share(depthwise, 100, 16), std::nullopt);
}

TEST(OverlappingTest, APrimitiveWithoutACycleConstantMustHoldTheWholeTopField) {
  pack::PackingProblem problem{.ports = {18, 18, 36, false}, .weight = {-8, 7}, .activation = {0, 15}};
  ConvPlan plan;
  plan.packing = *overlapping_packing(problem, pack::Family::OuterProduct, 2, 1, pack::Rule::Canary);
  EXPECT_TRUE(drain_share(plan, 100, 16));
  EXPECT_FALSE(drain_share(plan, std::int64_t{1} << 24, 32));
}

TEST(OverlappingTest, EveryStepIsReadWhereTheBlockIsShort) {
  ConvPlan plan;
  pack::PackingProblem problem = w4a4_row();
  problem.activation = {0, 255};
  plan.packing = *overlapping_packing(problem, pack::Family::Convolution, 3, 1, pack::Rule::GuardBits);
  EXPECT_FALSE(plan.accumulates());
  EXPECT_TRUE(plan.overlaps());
  EXPECT_EQ(drain_share(plan, 1, 16), 1);
}

/// A kernel row of 3-bit weights and 4-bit activations that eight DSPs share.
ir::Network shared_row() {
  NetworkMaker maker({{16, 12, 12}, {0, 15}}, 1);
  maker.conv("conv", 16, 3, 3);
  return maker.finish();
}

TEST(OverlappingTest, FewMultipliersOverlapFieldsAndVerifyRefusesAnotherDrain) {
  const ir::Network network = shared_row();
  Budget budget = budget_of(xczu3eg());
  budget.limit.dsps = Dsps(8);
  budget.limit.luts = Luts(3000);  // no room for multipliers in LUTs
  auto plan = solve(network, xczu3eg(), dsp48e2(), budget);
  ASSERT_TRUE(plan) << to_text(plan.errors());
  ConvPlan& conv = *plan->layers[1].conv;
  EXPECT_TRUE(conv.overlaps());
  EXPECT_EQ(conv.packing.density(), 12);
  // 16 * 16 * 9 * 144 products in eight multipliers of twelve.
  EXPECT_EQ(plan->interval, Cycles(16 * 16 * 9 * 144 / 96));
  EXPECT_TRUE(verify(network, dsp48e2(), budget, *plan));
  conv.share = conv.columns + 1;
  const auto refused = verify(network, dsp48e2(), budget, *plan);
  ASSERT_FALSE(refused);
  EXPECT_NE(to_text(refused.errors()).find("to a drain"), std::string::npos) << to_text(refused.errors());
}

TEST(OverlappingTest, TheVerifierStatesTheLimitsOfTheArrayItself) {
  EXPECT_EQ(overlap_fault(twelve(8, 8), 11, 16), "");
  EXPECT_EQ(overlap_fault(twelve(8, 8), 10, 16), "1 columns drain in 11 steps and a block has 10");
  ConvPlan shared = twelve(8, 8);
  shared.share = 3;
  EXPECT_EQ(overlap_fault(shared, 100, 16), "8 columns cannot share 3 to a drain");
  EXPECT_EQ(overlap_fault(twelve(8, 10), 100, 16), "10 lanes in chains of 1 exceed 9");
  EXPECT_EQ(overlap_fault(twelve(8, 8), 100, 33), "sums of 33 bits are wider than 32");
  ConvPlan chained = twelve(8, 8);
  chained.chain = 2;
  // Two products a step: (127 + 1260 + 10) / 128 = 10 carries.
  EXPECT_EQ(overlap_fault(chained, 100, 16), "carries of 4 bits exceed 3");
  ConvPlan tight = twelve(8, 8);
  tight.packing.ports.accumulator_bits = 43;
  // The top field's single product of at most 210 and 5 carries take all 8 bits: its wraps are not told.
  EXPECT_EQ(overlap_fault(tight, 100, 16), "the top field wraps within a step of 8 bits");
}

TEST(OverlappingTest, AFieldThatIsFullToItsLastValueNeedsOneMoreCarryBit) {
  // By hand: products reach 255 = 2^(5 + 3) - 1, so G(1, 3) allows gaps of 5; (255 + 7) / 32 = 8 carries take
  // 4 bits.
  const pack::PackingProblem problem{.ports = {}, .weight = {0, 1}, .activation = {0, 255}};
  ConvPlan plan;
  plan.packing =
      *pack::solve_overlapping(problem, pack::Family::OuterProduct, 3, 1, {pack::Rule::GuardBits, 3, 1});
  ASSERT_EQ(plan.packing.weight_offsets[1], 5);
  EXPECT_EQ(drain_share(plan, 1, 16), std::nullopt);
  EXPECT_EQ(overlap_fault(plan, 1, 16), "carries of 4 bits exceed 3");
  const auto offered = overlapping_packing(problem, pack::Family::OuterProduct, 3, 1, pack::Rule::GuardBits);
  ASSERT_TRUE(offered);
  // The fewest residue bits come first: of a gap of 7, 255 = 2^(7 + 1) - 1 needs one.
  EXPECT_EQ(offered->side_bits, 1);
  EXPECT_EQ(offered->weight_offsets[1], 7);
  plan.packing = *offered;
  EXPECT_EQ(overlap_fault(plan, 1, 16), "");
}

}  // namespace
}  // namespace bitmason::plan::testing
