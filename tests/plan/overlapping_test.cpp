#include "plan/overlapping.hpp"

#include <gtest/gtest.h>

#include "networks.hpp"
#include "plan/plan.hpp"

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
  auto plan = solve(network, xczu3eg(), dsp48e2(), budget);
  ASSERT_TRUE(plan) << to_text(plan.errors());
  ConvPlan& conv = *plan->layers[1].conv;
  EXPECT_TRUE(conv.overlaps());
  EXPECT_EQ(conv.packing.density(), 12);
  // 16 * 16 * 9 * 144 products in eight multipliers of twelve.
  EXPECT_EQ(plan->interval, Cycles(16 * 16 * 9 * 144 / 96));
  EXPECT_TRUE(verify(network, dsp48e2(), budget, *plan));
  conv.share += 1;
  const auto refused = verify(network, dsp48e2(), budget, *plan);
  ASSERT_FALSE(refused);
  EXPECT_NE(to_text(refused.errors()).find("no array of this shape can tell its fields apart"),
            std::string::npos);
}

}  // namespace
}  // namespace bitmason::plan::testing
