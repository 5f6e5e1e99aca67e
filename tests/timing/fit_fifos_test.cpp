#include "timing/fit_fifos.hpp"

#include <gtest/gtest.h>

#include "hw/simple_plan.hpp"
#include "plan/networks.hpp"
#include "timing/run.hpp"

namespace bitmason::timing {
namespace {

using plan::testing::dsp48e2;
using plan::testing::NetworkMaker;
using plan::testing::plain_primitive;
using plan::testing::simple_plan;
using plan::testing::xczu3eg;

/// A 3x3 layer and its input, 4 channels of 10 x 10, meet in a sum, planned with one channel a beat.
struct Residual {
  Residual() {
    NetworkMaker maker({{4, 10, 10}, {0, 15}}, 1);
    const ir::TensorId skip = maker.last();
    maker.conv("conv", 4, 3, 2);
    maker.move_to(*maker.builder().add("sum", ir::Add{.multipliers = {1, 1}}, {maker.last(), skip}));
    network = maker.finish();
    plan = simple_plan(network, 1);
    plan.interval = Cycles(100 * 4 * 36);
  }
  ir::Network network;
  plan::Plan plan;
};

Run run_of(const Residual& residual, const plan::Plan& plan) {
  const auto design = hw::lower(residual.network, plan, {}, plain_primitive());
  EXPECT_TRUE(design);
  return timing::run(*design, {});
}

TEST(FitFifosTest, FindsTheOneFifoOfAResidualAndItsLeastDepth) {
  const Residual residual;
  const auto fitted = fit_fifos(residual.network, residual.plan, {}, plain_primitive());
  ASSERT_TRUE(fitted) << to_text(fitted.errors());
  ASSERT_EQ(fitted->fifos.size(), 1u);
  const plan::FifoPlan& fifo = fitted->fifos[0];
  EXPECT_EQ(fifo.consumer, "sum");
  EXPECT_EQ(fifo.input, 1);
  EXPECT_EQ(fifo.width, 4);
  // Two rows of 40 beats must have passed the fork before the first sum; fork and FIFO's output hold one
  // each.
  EXPECT_GE(fifo.depth, 2 * 40 - 2);
  EXPECT_LE(fifo.depth, 3 * 40);
  EXPECT_LE(fifo.mark, fifo.depth);
  EXPECT_EQ(run_of(residual, *fitted).interval(), 100 * 4 * 36);

  plan::Plan smaller = *fitted;
  --smaller.fifos[0].depth;
  const timing::Run run = run_of(residual, smaller);
  EXPECT_TRUE(run.stuck || run.interval() > 100 * 4 * 36);
}

TEST(FitFifosTest, LeavesOutWhatNothingNeedsAndTakesItsCostFromTheConsumer) {
  NetworkMaker maker({{4, 10, 10}, {0, 15}}, 1);
  maker.conv("conv", 4, 3, 2);
  const ir::Network network = maker.finish();
  plan::Plan plan = simple_plan(network, 1);
  plan.interval = Cycles(100 * 4 * 36);
  plan.fifos.push_back({.producer = "image",
                        .consumer = "conv",
                        .depth = 512,
                        .channels = 1,
                        .width = 36,
                        .memory = plan::MemoryKind::Block});
  plan.layers[1].luts = Luts(1000);
  plan.layers[1].flip_flops = FlipFlops(1000);
  plan.layers[1].bram18s = Bram18s(3);
  const auto fitted = fit_fifos(network, plan, {}, plain_primitive());
  ASSERT_TRUE(fitted) << to_text(fitted.errors());
  EXPECT_TRUE(fitted->fifos.empty());
  // 512 words of 36 bits are one half block.
  EXPECT_EQ(fitted->layers[1].bram18s, Bram18s(2));
  EXPECT_EQ(fitted->total.bram18s, Bram18s(2));
  EXPECT_LT(fitted->layers[1].luts, Luts(1000));
}

TEST(FitFifosTest, ALineBufferWithoutRoomIsAnError) {
  Residual residual;
  residual.plan.layers[1].conv->line_rows = 1;
  const auto fitted = fit_fifos(residual.network, residual.plan, {}, plain_primitive());
  ASSERT_FALSE(fitted);
  // Frames of 400 beats on three inputs: 4 bits of the image twice, 10 of the sums of these weights.
  EXPECT_EQ(
      to_text(fitted.errors()),
      "net: 0 frames leave and then nothing moves, also with FIFOs of 7200 bits, a whole frame on every "
      "stream; give the line buffers more rows [BM-TIMING-001]\n");
}

TEST(FitFifosTest, EveryFifoOfRandomNetworksIsNeededToItsLastBeat) {
  for (unsigned seed = 0; seed < 12; ++seed) {
    NetworkMaker maker({{4, 12, 8}, {0, 15}}, seed);
    const ir::TensorId skip = maker.last();
    maker.conv("deep", 4, 3, 2);
    maker.requantise("deep_act", 4);
    maker.conv("deeper", 4, seed % 2 == 0 ? 3 : 1, 2);
    const ir::Operation join =
        seed % 3 == 0 ? ir::Operation{ir::Concat{}} : ir::Operation{ir::Add{.multipliers = {1, -1}}};
    maker.move_to(*maker.builder().add("join", join, {maker.last(), skip}));
    if (seed % 4 == 0) maker.add("pool", ir::MaxPool{.window = {3, 3, 2, 2, 1, 1, 1, 1}});
    const ir::Network network = maker.finish();
    const device::Part part = xczu3eg();
    const plan::Budget budget{
        .limit = {Dsps(8 + 8 * seed), part.luts, part.flip_flops, part.bram18s, part.urams},
        .clock_mhz = 100};
    const auto plan = plan::solve(network, part, dsp48e2(), budget);
    ASSERT_TRUE(plan) << to_text(plan.errors());
    const auto fitted = fit_fifos(network, *plan, part, dsp48e2());
    ASSERT_TRUE(fitted) << "seed " << seed << ": " << to_text(fitted.errors());
    const auto whole = hw::lower(network, *fitted, part, dsp48e2());
    ASSERT_TRUE(whole);
    const std::int64_t interval = timing::run(*whole, {}).interval();
    EXPECT_EQ(interval, plan->interval.value) << "seed " << seed;
    for (std::size_t k = 0; k < fitted->fifos.size(); ++k) {
      plan::Plan smaller = *fitted;
      --smaller.fifos[k].depth;
      const auto design = hw::lower(network, smaller, part, dsp48e2());
      ASSERT_TRUE(design);
      const timing::Run run = timing::run(*design, {.frames = 16});
      EXPECT_TRUE(run.stuck || run.interval() > interval)
          << "seed " << seed << ", " << smaller.fifos[k].producer << " -> " << smaller.fifos[k].consumer;
    }
  }
}

}  // namespace
}  // namespace bitmason::timing
