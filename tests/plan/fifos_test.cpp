#include "plan/fifos.hpp"

#include <gtest/gtest.h>

#include "plan/networks.hpp"

namespace bitmason::plan {
namespace {

using testing::budget_of;
using testing::dsp48e2;
using testing::NetworkMaker;
using testing::xczu3eg;

TEST(FifosTest, AChainNeedsNone) {
  NetworkMaker maker({{4, 8, 8}, {0, 15}}, 1);
  maker.conv("a", 4, 3, 2);
  const auto plan = solve(maker.finish(), xczu3eg(), dsp48e2(), budget_of(xczu3eg()));
  ASSERT_TRUE(plan);
  EXPECT_TRUE(plan->fifos.empty());
}

/// 4 channels of 8 x 6 with a 3x3 pool of padding 1, planned with the image in 1 or 4 channels a beat.
std::vector<FifoPlan> fifos_before_a_padded_pool(int image_channels) {
  NetworkMaker maker({{4, 8, 6}, {0, 15}}, 1);
  maker.add("pool", ir::MaxPool{.window = {3, 3, 1, 1, 1, 1, 1, 1}});
  const ir::Network network = maker.finish();
  return fifo_depths(
      network,
      {{.layer = "image", .channels_per_beat = image_channels, .cycles = Cycles(192 / image_channels)},
       {.layer = "pool", .channels_per_beat = 4, .cycles = Cycles(80)}});
}

TEST(FifosTest, APoolsPaddingIsBridgedWhereItsStreamHasNoCycleToSpare) {
  // 192 beats in 192 cycles come without a pause; two border rows of 8 and 2 x 2 border columns take 20.
  const auto fifos = fifos_before_a_padded_pool(1);
  ASSERT_EQ(fifos.size(), 1u);
  EXPECT_EQ(fifos[0].consumer, "pool");
  // The pool's 48 beats of 4 channels come in these 192 cycles: 5 in 20.
  EXPECT_EQ(fifos[0].channels, 4);
  EXPECT_EQ(fifos[0].depth, 5 + 2);
  // 48 of 80 cycles leave the 32 that the padding takes.
  EXPECT_TRUE(fifos_before_a_padded_pool(4).empty());
}

/// `channels` channels of 8 x 6, a 2x2 pool of `sends` channels a beat, then a 1x1 layer of `simd` channels a
/// beat; the image takes `cycles` and all other layers no more.
std::vector<FifoPlan> fifos_behind_a_pool(int channels, int sends, int simd, std::int64_t cycles) {
  NetworkMaker maker({{channels, 8, 6}, {0, 15}}, 1);
  maker.add("pool", ir::MaxPool{.window = {2, 2, 2, 2, 0, 0, 0, 0}});
  maker.conv("conv", channels, 1, 2);
  ConvPlan conv;
  conv.simd = simd;
  return fifo_depths(maker.finish(),
                     {{.layer = "image", .channels_per_beat = sends, .cycles = Cycles(cycles)},
                      {.layer = "pool", .channels_per_beat = sends, .cycles = Cycles(48)},
                      {.layer = "conv", .channels_per_beat = channels, .conv = conv, .cycles = Cycles(96)}});
}

TEST(FifosTest, ABurstOfAPoolIsAbsorbedWhereNothingHasCyclesToSpare) {
  // 96 cycles a frame are 24 for each of the pool's 4 rows. At 96 cycles the image brings a row in 12: the
  // pool's row leaves in the other 12, and its 3 pixels take 24 beats of 1 channel behind: half of its 3
  // beats are held, and the one that comes.
  const auto fifos = fifos_behind_a_pool(8, 8, 1, 96);
  ASSERT_EQ(fifos.size(), 1u);
  EXPECT_EQ(fifos[0].producer, "pool");
  EXPECT_EQ(fifos[0].consumer, "conv");
  EXPECT_EQ(fifos[0].channels, 8);
  EXPECT_EQ(fifos[0].depth, 3 + 8);
  // 12 beats of 2 channels are as fast as the row leaves, but not a pixel's 4 in the 2 cycles of its last
  // column.
  ASSERT_EQ(fifos_behind_a_pool(8, 8, 2, 96).size(), 1u);
  EXPECT_EQ(fifos_behind_a_pool(8, 8, 2, 96)[0].depth, 1 + 8);
  // A beat of 8 channels takes one.
  EXPECT_TRUE(fifos_behind_a_pool(8, 8, 8, 96).empty());
}

TEST(FifosTest, ABurstOfAPoolIsAbsorbedAtTheNarrowestWidthBehindIt) {
  // 24 channels in beats of 8 become beats of 6: on the way the stream has 2 channels a beat, 144 beats a
  // frame and 36 a row, where the image leaves 18 of 36 cycles to it. Half of a row's 9 beats are held, and
  // the 3 of the pixel that comes. Counted at 6 channels, a row leaves in 12 and is not held.
  const auto fifos = fifos_behind_a_pool(24, 8, 6, 144);
  ASSERT_EQ(fifos.size(), 1u);
  EXPECT_EQ(fifos[0].channels, 8);
  EXPECT_EQ(fifos[0].depth, 5 + 3 + 8);
}

TEST(FifosTest, TheShortBranchOfAResidualHoldsWhatTheWindowTakes) {
  NetworkMaker maker({{4, 16, 10}, {0, 15}}, 1);
  const ir::TensorId skip = maker.last();
  maker.conv("conv", 4, 3, 2);
  const ir::TensorId deep = maker.last();
  const auto sum = maker.builder().add("sum", ir::Add{.multipliers = {1, 1}}, {deep, skip});
  maker.move_to(*sum);
  const auto plan = solve(maker.finish(), xczu3eg(), dsp48e2(), budget_of(xczu3eg()));
  ASSERT_TRUE(plan) << to_text(plan.errors());
  ASSERT_EQ(plan->fifos.size(), 1u);
  const FifoPlan& fifo = plan->fifos[0];
  EXPECT_EQ(fifo.producer, "image");
  EXPECT_EQ(fifo.consumer, "sum");
  EXPECT_EQ(fifo.input, 1);
  // Before its first row leaves, the 3x3 window needs 2 rows of 10 pixels: less would deadlock.
  const int beats_per_row = 10 * 4 / plan->find("image")->channels_per_beat;
  EXPECT_GE(fifo.depth, 2 * beats_per_row);
  // It never takes more than its line buffer; 32 beats cover the pipelines.
  EXPECT_LE(fifo.depth, plan->find("conv")->line_rows * beats_per_row + 32);
}

}  // namespace
}  // namespace bitmason::plan
