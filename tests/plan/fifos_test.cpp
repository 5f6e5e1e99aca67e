#include "plan/fifos.hpp"

#include <gtest/gtest.h>

#include "plan/networks.hpp"

namespace bitmason::plan {
namespace {

using testing::dsp48e2;
using testing::NetworkMaker;
using testing::xczu3eg;

Budget full_budget() {
  const device::Part part = xczu3eg();
  return {.limit = {part.dsps, part.luts, part.flip_flops, part.bram18s, part.urams}, .clock_mhz = 100};
}

TEST(FifosTest, AChainNeedsNone) {
  NetworkMaker maker({{4, 8, 8}, {0, 15}}, 1);
  maker.conv("a", 4, 3, 2);
  const auto plan = solve(maker.finish(), xczu3eg(), dsp48e2(), full_budget());
  ASSERT_TRUE(plan);
  EXPECT_TRUE(plan->fifos.empty());
}

TEST(FifosTest, TheShortBranchOfAResidualHoldsWhatTheWindowTakes) {
  NetworkMaker maker({{4, 16, 10}, {0, 15}}, 1);
  const ir::TensorId skip = maker.last();
  maker.conv("conv", 4, 3, 2);
  const ir::TensorId deep = maker.last();
  const auto sum = maker.builder().add("sum", ir::Add{.multipliers = {1, 1}}, {deep, skip});
  maker.move_to(*sum);
  const auto plan = solve(maker.finish(), xczu3eg(), dsp48e2(), full_budget());
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
