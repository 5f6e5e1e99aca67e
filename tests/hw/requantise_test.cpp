#include <gtest/gtest.h>

#include "hw/design.hpp"
#include "hw/simple_plan.hpp"

namespace bitmason::hw {
namespace {

using plan::testing::plain_primitive;
using plan::testing::simple_plan;

ir::Network network_of(const ir::TensorType& input, const ir::Requantise& operation) {
  ir::NetworkBuilder builder("net");
  const auto in = builder.add_input("in", input, {.name = "x"});
  const auto id = builder.add("act", operation, {*in});
  EXPECT_TRUE(builder.add_output({.name = "y", .layer = id->index}));
  return *std::move(builder).build();
}

Design lowered(const ir::Network& network, const plan::Plan& plan) {
  auto design = lower(network, plan, {.name = "part"}, plain_primitive());
  EXPECT_TRUE(design);
  const Status status = verify(*design);
  EXPECT_TRUE(status.ok()) << to_text(status.errors());
  return *std::move(design);
}

using Words = std::vector<std::vector<std::uint64_t>>;

TEST(RequantiseTest, FourThresholdsMakeThreeStagesPaddedWithNever) {
  // t = 1 2 5 9 of a 4 bit code; "never" is 16, three times. Stage 0: t[3]; stage 1: t[1], t[5]; stage 2:
  // t[0], t[2], t[4], t[6].
  const ir::Thresholds form{.output = {0, 4}, .rows = 1, .values = {1, 2, 5, 9}, .decreasing = {0}};
  const ir::Network network = network_of({{2, 1, 1}, {0, 15}}, {form});
  const Design design = lowered(network, simple_plan(network));
  ASSERT_EQ(design.memories.size(), 3u);
  EXPECT_EQ(design.memories[0].name, "act_thresholds_00_000.hex");
  EXPECT_EQ(design.memories[2].name, "act_thresholds_02_000.hex");
  EXPECT_EQ(design.memories[0].words, (Words{{9}}));
  EXPECT_EQ(design.memories[1].words, (Words{{2 + (16 << 5)}}));
  EXPECT_EQ(design.memories[2].words, (Words{{1 + (5 << 5)}, {16 + (16 << 5)}}));
}

TEST(RequantiseTest, ADecreasingRowHasItsFlagAboveTheRoot) {
  // Two channels in two lanes; range -2..1 needs 2 bits, thresholds 3: -1 is 7, 0 is 0.
  const ir::Thresholds form{.output = {0, 1}, .rows = 2, .values = {-1, 0}, .decreasing = {1, 0}};
  const ir::Network network = network_of({{2, 1, 1}, {-2, 1}}, {form});
  const Design design = lowered(network, simple_plan(network, 2));
  ASSERT_EQ(design.memories.size(), 2u);
  EXPECT_EQ(design.memories[0].words, (Words{{0b1111}}));
  EXPECT_EQ(design.memories[1].name, "act_thresholds_00_001.hex");
  EXPECT_EQ(design.memories[1].words, (Words{{0b0000}}));
}

TEST(RequantiseTest, ScaleWordsHoldEveryLane) {
  const ir::ScaleShift form{.output = {0, 7}, .multiplier = {1, -2, 3, 1}, .bias = {0, 1, 0, -1}, .shift = 1};
  const ir::Network network = network_of({{4, 1, 1}, {0, 15}}, {form});
  const Design design = lowered(network, simple_plan(network, 2));
  // Multipliers -2..3 need 3 bits, biases -1..1 need 2: lane 0 in bits 0..4, lane 1 in bits 5..9.
  ASSERT_EQ(design.memories.size(), 1u);
  EXPECT_EQ(design.memories[0].words, (Words{{0b01'110'00'001}, {0b11'001'00'011}}));
}

TEST(RequantiseTest, ASingleLevelIsAConstant) {
  const ir::Thresholds form{.output = {3, 3}, .rows = 1, .values = {}, .decreasing = {0}};
  const ir::Network network = network_of({{1, 1, 1}, {0, 15}}, {form});
  const Design design = lowered(network, simple_plan(network));
  EXPECT_TRUE(design.memories.empty());
  EXPECT_EQ(design.instances[1].module, "bm_add");
}

}  // namespace
}  // namespace bitmason::hw
