#include "plan/constant_dots.hpp"

#include <gtest/gtest.h>

#include "plan/cost.hpp"
#include "plan/networks.hpp"

namespace bitmason::plan {
namespace {

using testing::budget_of;
using testing::dsp48e2;
using testing::NetworkMaker;
using testing::xczu3eg;

/// One pixel of `inputs` channels in [lo, hi] times the given weights, output by output.
ir::Network dense(IntRange codes, int inputs, const std::vector<std::int32_t>& weights,
                  const std::vector<std::int64_t>& bias = {}) {
  NetworkMaker maker({{inputs, 1, 1}, codes}, 1);
  const int outputs = static_cast<int>(weights.size()) / inputs;
  maker.add("dense", ir::Conv{.weights = {.out_channels = outputs,
                                          .in_channels = inputs,
                                          .kernel_h = 1,
                                          .kernel_w = 1,
                                          .values = weights,
                                          .range = IntRange::signed_bits(8)},
                              .bias = bias});
  return maker.finish();
}

/// What the tree computes; every node's value is within its width.
std::int64_t value_of(const DotTree& tree, const std::vector<std::int64_t>& codes, std::int64_t bias) {
  std::vector<std::int64_t> below;
  for (const int lane : tree.lanes) below.push_back(codes[static_cast<std::size_t>(lane)]);
  if (below.empty()) return bias;
  std::size_t node = 0;
  for (int level = 0; level < tree.levels; ++level) {
    std::vector<std::int64_t> values;
    for (std::size_t k = 0; k < (below.size() + 1) / 2; ++k, ++node) {
      const DotNode& n = tree.nodes[node];
      std::int64_t value = below[static_cast<std::size_t>(n.left)] << n.left_shift;
      if (n.kind != DotNode::Kind::Pass) {
        const std::int64_t right = below[static_cast<std::size_t>(n.right)] << n.right_shift;
        value += n.kind == DotNode::Kind::Subtract ? -right : right;
      }
      EXPECT_TRUE(IntRange::signed_bits(n.width).contains(value)) << value << " in " << n.width << " bits";
      values.push_back(value);
    }
    below = std::move(values);
  }
  EXPECT_EQ(node, tree.nodes.size());
  const std::int64_t result = below.front() << tree.shift;
  return tree.negative ? bias - result : bias + result;
}

TEST(ConstantDots, AreSumsOfNonAdjacentDigits) {
  // 7 = 8 - 1, -6 = -8 + 2, 0 has no digit.
  const ir::Network network = dense({0, 15}, 3, {7, -6, 0});
  const auto dots = constant_dots(network, network.layers()[1]);
  ASSERT_TRUE(dots);
  ASSERT_EQ(dots->trees.size(), 1U);
  EXPECT_EQ(dots->trees[0].lanes, (std::vector<int>{0, 0, 1, 1}));
  EXPECT_EQ(dots->levels, 2);
  EXPECT_EQ(value_of(dots->trees[0], {9, 4, 15}, 0), 7 * 9 - 6 * 4);
}

TEST(ConstantDots, ComputeEveryProductAtTheExtremesAndBetween) {
  for (const IntRange codes : {IntRange{0, 15}, IntRange{-8, 7}, IntRange{0, 1}}) {
    NetworkMaker maker({{9, 1, 1}, codes}, 5);
    maker.conv("dense", 7, 1, 6);
    const ir::Network network = maker.finish();
    const auto& conv = std::get<ir::Conv>(network.layers()[1].operation);
    const auto dots = constant_dots(network, network.layers()[1]);
    ASSERT_TRUE(dots);
    for (int draw = 0; draw < 50; ++draw) {
      std::vector<std::int64_t> x;
      for (int i = 0; i < 9; ++i)
        x.push_back(draw == 0 ? codes.lo : draw == 1 ? codes.hi : maker.draw(codes));
      for (int o = 0; o < 7; ++o) {
        std::int64_t sum = 0;
        for (int i = 0; i < 9; ++i) sum += conv.weights.at(o, i, 0, 0) * x[static_cast<std::size_t>(i)];
        EXPECT_EQ(value_of(dots->trees[static_cast<std::size_t>(o)], x, 0), sum);
      }
    }
  }
}

TEST(ConstantDots, SumsThatSeveralOutputsNeedCostOnce) {
  // Both outputs need a + b; alone it has 5 + 1 bits, signed 6: an adder of 6 LUTs.
  const ir::Network one = dense({0, 31}, 4, {1, 1, 1, 1});
  const ir::Network two = dense({0, 31}, 4, {1, 1, 1, 1, 1, 1, -1, 1});
  const auto first = constant_dots(one, one.layers()[1]);
  const auto both = constant_dots(two, two.layers()[1]);
  ASSERT_TRUE(first && both);
  // At 0.88 LUT a bit: 6 bits for c - d and 8 for the second total, and the FIFO's second word; a + b is not
  // counted again, which would be 6 bits more.
  const std::int64_t fifo = memory_cost(MemoryKind::Lut, 16, 8, false).luts.value -
                            memory_cost(MemoryKind::Lut, 8, 8, false).luts.value;
  const std::int64_t more = (both->cost.luts - first->cost.luts).value - fifo;
  EXPECT_NEAR(static_cast<double>(more), 0.88 * (6 + 8), 1);
}

TEST(ConstantDots, AreForKernelsOfOnePixelWithoutGroups) {
  NetworkMaker maker({{4, 8, 8}, {0, 15}}, 1);
  maker.conv("wide", 4, 3, 4);
  maker.conv("depthwise", 4, 1, 4, 4);
  maker.conv("pointwise", 4, 1, 4);
  const ir::Network network = maker.finish();
  EXPECT_FALSE(constant_dots(network, network.layers()[1]));
  EXPECT_FALSE(constant_dots(network, network.layers()[2]));
  EXPECT_TRUE(constant_dots(network, network.layers()[3]));
}

TEST(ConstantDots, AreNotForLayersOfFewerPixelsThanAQuarterOfTheImage) {
  NetworkMaker maker({{4, 8, 8}, {0, 15}}, 1);
  maker.add("half", ir::MaxPool{.window = {2, 2, 2, 2}});
  maker.conv("quarter", 4, 1, 4);
  maker.add("again", ir::MaxPool{.window = {2, 2, 2, 2}});
  maker.conv("sixteenth", 4, 1, 4);
  const ir::Network network = maker.finish();
  EXPECT_TRUE(constant_dots(network, network.layers()[2]));
  EXPECT_FALSE(constant_dots(network, network.layers()[4]));
}

TEST(ConstantDots, AreChosenWhereAFrameTakesACycle) {
  // 16 x 16 weights in parallel every cycle: 43 DSPs at 6 MACs each, of which there are 8.
  NetworkMaker maker({{16, 1, 1}, {0, 15}}, 1);
  maker.conv("dense", 16, 1, 4);
  const ir::Network network = maker.finish();
  Budget budget = budget_of(xczu3eg(), 100);
  budget.limit.dsps = Dsps(8);
  const auto plan = solve(network, xczu3eg(), dsp48e2(), budget);
  ASSERT_TRUE(plan) << to_text(plan.errors());
  EXPECT_EQ(plan->interval, Cycles(1));
  EXPECT_TRUE(plan->layers[1].conv->constants);
  EXPECT_EQ(plan->total.dsps, Dsps(0));
  Plan wrong = *plan;
  wrong.layers[1].conv->output_channels_per_beat = 8;
  EXPECT_FALSE(verify(network, dsp48e2(), budget, wrong));
}

}  // namespace
}  // namespace bitmason::plan
