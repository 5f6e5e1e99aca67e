#include "plan/utilisation.hpp"

#include <gtest/gtest.h>

#include "plan/networks.hpp"
#include "plan/plan.hpp"

namespace bitmason::plan {
namespace {

using testing::budget_of;
using testing::dsp48e2;
using testing::NetworkMaker;
using testing::ultranet;
using testing::xczu3eg;

TEST(Utilisation, MacsOverWhatTheDspsCouldDoInTheInterval) {
  // 8 channels of 8x8 pixels from 4 channels, 3x3: 8 * 64 * 4 * 9 = 18,432 MACs. Rows of three 4-bit taps
  // times four 4-bit pixels fit a multiplier with two canary bits: 12 MACs. 16 DSPs for 120 cycles could do
  // 16 * 12 * 120 = 23,040.
  NetworkMaker maker({{4, 8, 8}, {0, 15}}, 1);
  ir::Conv conv{.weights = {.out_channels = 8,
                            .in_channels = 4,
                            .kernel_h = 3,
                            .kernel_w = 3,
                            .values = std::vector<std::int32_t>(288, 7),
                            .range = {-7, 7}},
                .window = {3, 3, 1, 1, 1, 1, 1, 1}};
  conv.weights.values.front() = -7;
  maker.add("conv", conv);
  const ir::Network network = maker.finish();
  auto plan = solve(network, xczu3eg(), dsp48e2(), budget_of(xczu3eg()));
  ASSERT_TRUE(plan) << to_text(plan.errors());
  for (LayerPlan& layer : plan->layers) {
    if (layer.conv) layer.conv->fabric = false;
    if (layer.conv) layer.dsps = Dsps(16);
  }
  const Utilisation used = utilisation(network, dsp48e2(), *plan, Cycles(120));
  ASSERT_EQ(used.layers.size(), 1U);
  EXPECT_EQ(used.layers[0].macs, 18432);
  EXPECT_DOUBLE_EQ(used.layers[0].density, 12.0);
  EXPECT_DOUBLE_EQ(used.share, 18432.0 / 23040.0);
}

TEST(Utilisation, LayersInLutsAndRequantisingDspsCountApart) {
  NetworkMaker maker({{4, 8, 8}, {0, 15}}, 1);
  maker.conv("conv", 8, 3, 4);
  maker.requantise("act", 4);
  const ir::Network network = maker.finish();
  auto plan = solve(network, xczu3eg(), dsp48e2(), budget_of(xczu3eg()));
  ASSERT_TRUE(plan) << to_text(plan.errors());
  for (LayerPlan& layer : plan->layers) {
    if (layer.conv) layer.conv->fabric = true;
    if (layer.requantise) layer.dsps = Dsps(5);
  }
  const Utilisation used = utilisation(network, dsp48e2(), *plan, plan->interval);
  EXPECT_TRUE(used.layers.empty());
  EXPECT_EQ(used.share, 0);
  EXPECT_EQ(used.lut_layers, std::vector<std::string>{"conv"});
  EXPECT_EQ(used.requantise_dsps, 5);
}

TEST(Utilisation, UltraNetOnXczu3egUsesAtLeast85PerCent) {
  const ir::Network network = ultranet();
  const auto plan = solve(network, xczu3eg(), dsp48e2(), budget_of(xczu3eg()));
  ASSERT_TRUE(plan) << to_text(plan.errors());
  EXPECT_GE(utilisation(network, dsp48e2(), *plan, plan->interval).share, 0.85);
}

}  // namespace
}  // namespace bitmason::plan
