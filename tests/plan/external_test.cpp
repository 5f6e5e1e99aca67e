#include <gtest/gtest.h>

#include "networks.hpp"
#include "plan/external.hpp"

namespace bitmason::plan {
namespace {

using namespace testing;

/// One 1x1 layer of 256 x 256 weights of 4 bits on 8x8 pixels: 262,144 bits, 4,096 LUTs as a ROM.
ir::Network one_layer() {
  NetworkMaker maker({{256, 8, 8}, {0, 15}}, 5);
  maker.conv("conv", 256, 1, 4);
  return maker.finish();
}

/// No room for the weights; 11.2 bytes a cycle from a port of 128 bits.
Budget small_budget() {
  Budget budget = budget_of(xczu3eg());
  budget.limit.luts = Luts(3000);
  budget.limit.bram18s = Bram18s(8);
  budget.bandwidth = 2.8e9;
  budget.memory_port_bits = 128;
  return budget;
}

TEST(ExternalTest, ReadsTheWeightsOnceForEveryRowWhereTheyDoNotFit) {
  const ir::Network network = one_layer();
  const auto plan = solve(network, xczu3eg(), dsp48e2(), small_budget());
  ASSERT_TRUE(plan) << to_text(plan.errors());
  const LayerPlan& conv = *plan->find("conv");
  ASSERT_TRUE(conv.conv->external());
  // 8 rows of 32,768 bytes; words of the engine fill the beats of 16 bytes.
  EXPECT_EQ(conv.traffic, Bytes(8 * 32768));
  EXPECT_EQ(plan->total.traffic, conv.traffic);
  EXPECT_TRUE(verify(network, dsp48e2(), small_budget(), *plan));
  // 262,144 bytes at 11.2 a cycle.
  EXPECT_GE(plan->interval, Cycles(23406));
}

TEST(ExternalTest, KeepsTheWeightsOnThePartWhereTheyFit) {
  Budget budget = small_budget();
  budget.limit = budget_of(xczu3eg()).limit;
  const auto plan = solve(one_layer(), xczu3eg(), dsp48e2(), budget);
  ASSERT_TRUE(plan) << to_text(plan.errors());
  EXPECT_FALSE(plan->find("conv")->conv->external());
}

TEST(ExternalTest, NoTargetBelowTheProvedBoundIsMetAndTheGapIsAtMost1In64) {
  // The traffic that fits grows with every cycle: the bound lies between the cycles of implementations.
  for (const double bandwidth : {2.8e9, 9.3e8, 3.1e8}) {
    Budget budget = small_budget();
    budget.bandwidth = bandwidth;
    const auto plan = solve(one_layer(), xczu3eg(), dsp48e2(), budget);
    ASSERT_TRUE(plan) << to_text(plan.errors());
    const std::int64_t bound = plan->lower_bound.value;
    EXPECT_LE(bound, plan->interval.value);
    EXPECT_LE(plan->interval.value - bound, plan->interval.value / 64);
    budget.target_fps = budget.clock_mhz * 1e6 / static_cast<double>(bound - 1);
    EXPECT_FALSE(solve(one_layer(), xczu3eg(), dsp48e2(), budget));
  }
}

TEST(ExternalTest, NeverMeansNever) {
  Budget budget = small_budget();
  budget.external = ExternalWeights::Never;
  const auto plan = solve(one_layer(), xczu3eg(), dsp48e2(), budget);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.errors().front().code, "BM-PLAN-001");
}

TEST(ExternalTest, ATenthOfTheBandwidthTakesTenTimesAsLong) {
  Budget budget = small_budget();
  budget.bandwidth = 2.8e8;
  const auto plan = solve(one_layer(), xczu3eg(), dsp48e2(), budget);
  ASSERT_TRUE(plan) << to_text(plan.errors());
  EXPECT_GE(plan->interval, Cycles(234057));
}

TEST(ExternalTest, TheIntervalHoldsTheRowsInWhichNothingIsSent) {
  // The narrowest results that a target leaves time for: sending and the silence of 8 rows are within it.
  Budget budget = small_budget();
  budget.bandwidth = 1e11;
  for (const double cycles : {20000.0, 33000.0, 50000.0}) {
    budget.target_fps = budget.clock_mhz * 1e6 / cycles;
    const auto plan = solve(one_layer(), xczu3eg(), dsp48e2(), budget);
    ASSERT_TRUE(plan) << to_text(plan.errors());
    const LayerPlan& conv = *plan->find("conv");
    ASSERT_TRUE(conv.conv->external());
    const std::int64_t steps = 256 / conv.conv->simd;
    const std::int64_t sending = 256 * 64 / conv.channels_per_beat + 8 * (48 + steps);
    EXPECT_GE(plan->interval.value, sending);
    EXPECT_LE(static_cast<double>(plan->interval.value), cycles);
    EXPECT_EQ(plan->bound.layers, std::vector<std::string>{"conv"});
  }
}

TEST(ExternalTest, LittleBandwidthTakesLongAndFits) {
  // 262,144 bytes a frame at 40 a thousand cycles: longer than any layer computes.
  Budget budget = small_budget();
  budget.bandwidth = 1e7;
  const auto plan = solve(one_layer(), xczu3eg(), dsp48e2(), budget);
  ASSERT_TRUE(plan) << to_text(plan.errors());
  EXPECT_GE(plan->interval.value, 262144 * 25);
  EXPECT_LE(plan->lower_bound, plan->interval);
  EXPECT_TRUE(verify(one_layer(), dsp48e2(), budget, *plan));
}

TEST(ExternalTest, WhatFitsHoweverSlowIsPlanned) {
  // Down to budgets that only the slowest implementation is within, and below.
  int fitting = 0;
  int failing = 0;
  for (int luts = 500; luts <= 1600; luts += 25) {
    Budget budget = small_budget();
    budget.bandwidth = 1e11;
    budget.limit.luts = Luts(luts);
    const auto fits = fits_at_all(one_layer(), dsp48e2(), budget);
    ASSERT_TRUE(fits);
    EXPECT_EQ(solve(one_layer(), xczu3eg(), dsp48e2(), budget).ok(), *fits) << luts << " LUTs";
    ++(*fits ? fitting : failing);
  }
  EXPECT_GT(fitting, 0);
  EXPECT_GT(failing, 0);
}

TEST(ExternalTest, TheVerifierCountsBytesAndBandwidthItself) {
  const ir::Network network = one_layer();
  auto plan = solve(network, xczu3eg(), dsp48e2(), small_budget());
  ASSERT_TRUE(plan) << to_text(plan.errors());
  Plan fewer = *plan;
  for (LayerPlan& layer : fewer.layers) {
    if (layer.conv) layer.traffic = Bytes(262128);
  }
  fewer.total.traffic = Bytes(262128);
  const auto refused = verify(network, dsp48e2(), small_budget(), fewer);
  ASSERT_FALSE(refused);
  EXPECT_EQ(
      to_text({refused.errors().front()}),
      "conv: its weights cannot come from external memory so: 262128 bytes a frame are stated and the loops "
      "read 262144; plan again [BM-PLAN-031]\n");
  Budget slow = small_budget();
  slow.bandwidth = 1e6;
  const auto over = verify(network, dsp48e2(), slow, *plan);
  ASSERT_FALSE(over);
  // 262,144 bytes at 0.004 a cycle.
  EXPECT_EQ(over.errors().front().code, "BM-PLAN-026");
  EXPECT_EQ(to_text({over.errors().back()}),
            "net: " + std::to_string(plan->interval.value) +
                " cycles are stated and the loops take 65536000; plan this network again "
                "[BM-PLAN-025]\n");
}

TEST(ExternalTest, LineBuffersMayBeUltraRam) {
  Budget budget = small_budget();
  budget.limit.luts = Luts(8000);
  budget.limit.bram18s = Bram18s(0);
  budget.limit.urams = Urams(96);
  budget.memory_port_bits = 0;
  NetworkMaker maker({{64, 32, 256}, {0, 15}}, 6);
  maker.conv("conv", 8, 3, 2);
  const ir::Network network = maker.finish();
  const auto plan = solve(network, xczu3eg(), dsp48e2(), budget);
  ASSERT_TRUE(plan) << to_text(plan.errors());
  EXPECT_EQ(plan->find("conv")->conv->line_memory, MemoryKind::Ultra);
  EXPECT_GT(plan->total.urams, Urams(0));
  EXPECT_TRUE(verify(network, dsp48e2(), budget, *plan));
  budget.limit.urams = Urams(0);
  EXPECT_FALSE(verify(network, dsp48e2(), budget, *plan));
}

TEST(ExternalTest, UltraRamHolds72BitsOf4096Words) {
  EXPECT_EQ(ultra_memory(72, 4096), 1);
  EXPECT_EQ(ultra_memory(73, 4096), 2);
  EXPECT_EQ(ultra_memory(72, 4097), 2);
}

}  // namespace
}  // namespace bitmason::plan
