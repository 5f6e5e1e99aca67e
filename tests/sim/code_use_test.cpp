#include "sim/code_use.hpp"

#include <gtest/gtest.h>

namespace bitmason::sim {
namespace {

/// Codes 0 to 15 of 2 channels and 2 pixels, requantised to 2 bits by the thresholds 4, 8, 12.
ir::Network quarter() {
  ir::NetworkBuilder builder("quarter");
  const auto in = builder.add_input("in", {{2, 1, 2}, {0, 15}}, {.name = "in"}).value();
  const ir::Thresholds steps{.output = {0, 3}, .rows = 1, .values = {4, 8, 12}, .decreasing = {0}};
  const auto out = builder.add("quant", ir::Requantise{steps}, {in}).value();
  EXPECT_TRUE(builder.add_output({.name = "out", .layer = out.index}));
  return std::move(builder).build().value();
}

TEST(CodeUseTest, CountsCodesValuesAndConstantChannelsOverAllFrames) {
  // Codes 0 0 | 1 1 and 0 0 | 1 3: channel 0 is constant; 4 of 8 values are 0.
  const auto uses = measure_code_use(quarter(), {{{0, 3, 4, 7}}, {{1, 2, 5, 15}}});
  ASSERT_EQ(uses.size(), 1u);
  EXPECT_EQ(uses[0].layer, "quant");
  EXPECT_EQ(uses[0].codes, 4);
  EXPECT_EQ(uses[0].used, 3);
  EXPECT_EQ(uses[0].values, 8);
  EXPECT_EQ(uses[0].most, 4);
  EXPECT_EQ(uses[0].channels, 2);
  EXPECT_EQ(uses[0].constant, 1);
}

TEST(CodeUseTest, AChannelThatChangesBetweenFramesOnlyIsNotConstant) {
  const auto uses = measure_code_use(quarter(), {{{0, 0, 0, 0}}, {{15, 15, 0, 0}}});
  EXPECT_EQ(uses[0].constant, 1);
}

TEST(CodeUseTest, TheCriteriaAreThreeQuartersSixtyOrEightyAndFivePercent) {
  // 16 codes, 1000 values, 100 channels.
  const CodeUse alive{
      .layer = "a", .codes = 16, .values = 1000, .used = 12, .most = 600, .channels = 100, .constant = 5};
  EXPECT_EQ(deadness(alive), std::nullopt);
  CodeUse use = alive;
  use.used = 11;
  EXPECT_EQ(deadness(use), "uses 11 of 16 codes, less than 75 %");
  use = alive;
  use.most = 601;
  EXPECT_EQ(deadness(use), "one code holds 60.1 % of the values, more than 60 %");
  use = alive;
  use.constant = 6;
  EXPECT_EQ(deadness(use), "6 of 100 channels are constant, more than 5 %");
  // Two bits: 3 of 4 codes, 80 %.
  use = {.layer = "b", .codes = 4, .values = 1000, .used = 3, .most = 800};
  EXPECT_EQ(deadness(use), std::nullopt);
  use.most = 801;
  EXPECT_EQ(deadness(use), "one code holds 80.1 % of the values, more than 80 %");
  // 128 values cannot use 192 codes: 96 are enough.
  EXPECT_EQ(deadness({.layer = "c", .codes = 256, .values = 128, .used = 96, .most = 2}), std::nullopt);
  EXPECT_EQ(deadness({.layer = "c", .codes = 256, .values = 128, .used = 95, .most = 2}),
            "uses 95 of 128 codes, less than 75 %");
}

}  // namespace
}  // namespace bitmason::sim
