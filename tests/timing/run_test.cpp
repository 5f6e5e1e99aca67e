#include "timing/run.hpp"

#include <gtest/gtest.h>

#include "hw/simple_plan.hpp"
#include "plan/networks.hpp"

namespace bitmason::timing {
namespace {

using plan::testing::NetworkMaker;
using plan::testing::plain_primitive;
using plan::testing::simple_plan;

/// The design of a hand-made plan of at most `channels` channels a beat.
hw::Design design_of(const ir::Network& network, int channels, std::vector<plan::FifoPlan> fifos = {}) {
  plan::Plan plan = simple_plan(network, channels);
  plan.fifos = std::move(fifos);
  auto design = hw::lower(network, plan, {}, plain_primitive());
  EXPECT_TRUE(design) << to_text(design.errors());
  return *std::move(design);
}

TEST(RunTest, ASliceSendsABeatAtOnceAndOneMoreInEveryCycle) {
  // 4 channels of 8 x 6 in beats of 2 are 96 beats; the input's slice and the output's delay each by 1 cycle.
  const ir::Network network = NetworkMaker({{4, 8, 6}, {0, 15}}, 1).finish();
  const timing::Run run = timing::run(design_of(network, 2), {});
  ASSERT_EQ(run.ends.size(), 2u);
  EXPECT_EQ(run.ends[0], 95 + 2);
  EXPECT_EQ(run.interval(), 96);
  EXPECT_TRUE(run.periodic);
  EXPECT_FALSE(run.stuck);
}

TEST(RunTest, APoolWalksItsPadding) {
  NetworkMaker maker({{4, 8, 6}, {0, 15}}, 1);
  maker.add("pool", ir::MaxPool{.window = {3, 3, 1, 1, 1, 1, 1, 1}});
  // (8 + 2) x (6 + 2) positions of one beat each.
  EXPECT_EQ(timing::run(design_of(maker.finish(), 4), {}).interval(), 80);
}

TEST(RunTest, AConvolutionTakesOneCycleAStep) {
  NetworkMaker maker({{4, 8, 6}, {0, 15}}, 1);
  maker.conv("conv", 3, 3, 2);
  // 8 x 6 outputs of 3 channels, each 9 taps of 4 channels, one product a cycle.
  EXPECT_EQ(timing::run(design_of(maker.finish(), 1), {}).interval(), 48 * 3 * 36);
}

/// A 3x3 layer and its input meet in a sum.
ir::Network residual() {
  NetworkMaker maker({{4, 10, 10}, {0, 15}}, 1);
  const ir::TensorId skip = maker.last();
  maker.conv("conv", 4, 3, 2);
  maker.move_to(*maker.builder().add("sum", ir::Add{.multipliers = {1, 1}}, {maker.last(), skip}));
  return maker.finish();
}

plan::FifoPlan skip_of(int depth) {
  return {.producer = "image", .consumer = "sum", .input = 1, .depth = depth, .channels = 1, .width = 4};
}

TEST(RunTest, ABranchWithoutRoomForTwoRowsDeadlocks) {
  // The 3x3 window with padding needs 2 rows of 40 beats before its first output. Fork, slice and FIFO hold
  // some beats more.
  EXPECT_TRUE(timing::run(design_of(residual(), 1, {skip_of(60)}), {}).stuck);
  const timing::Run deep = timing::run(design_of(residual(), 1, {skip_of(80)}), {});
  EXPECT_FALSE(deep.stuck);
  EXPECT_EQ(deep.interval(), 100 * 4 * 36);
}

TEST(RunTest, AFifoNeverHoldsMoreThanItsDepth) {
  const hw::Design design = design_of(residual(), 1, {skip_of(200)});
  ASSERT_EQ(design.planned.fifos.size(), 1u);
  const std::string& name = design.planned.fifos[0].instance;
  // The line buffer takes at most 5 rows ahead: they bound what the FIFO may hold.
  const int mark = timing::run(design, {}).marks.at(name);
  EXPECT_GT(mark, 2 * 40 - 10);
  EXPECT_LE(mark, 5 * 40);
  EXPECT_EQ(timing::run(design, {.depths = {{name, {90, false}}}}).marks.at(name), 90);
}

TEST(RunTest, ALateFrameEndsTheRun) {
  const ir::Network network = NetworkMaker({{4, 8, 6}, {0, 15}}, 1).finish();
  // Frames take 96 cycles: the second ends in cycle 193.
  EXPECT_EQ(timing::run(design_of(network, 2), {.limits = {97, 192, 96}}).ends.size(), 1u);
  EXPECT_EQ(timing::run(design_of(network, 2), {.limits = {97, 193, 96}}).ends.size(), 2u);
}

}  // namespace
}  // namespace bitmason::timing
