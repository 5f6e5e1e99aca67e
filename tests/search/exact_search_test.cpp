#include "search/exact_search.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "search/baselines.hpp"
#include "search/local_search.hpp"
#include "small_network.hpp"

namespace bitmason::search {
namespace {

using namespace testing;

/// Every choice of the widths.
std::vector<Bits> all_choices_of(const WidthSets& widths) {
  const std::size_t layers = widths.weights.size();
  std::vector<Bits> all{{}};
  for (const auto* sets : {&widths.weights, &widths.activations}) {
    for (std::size_t k = 0; k < layers; ++k) {
      std::vector<Bits> longer;
      for (const Bits& bits : all) {
        for (const int width : (*sets)[k]) {
          longer.push_back(bits);
          (sets == &widths.weights ? longer.back().weights : longer.back().activations).push_back(width);
        }
      }
      all = std::move(longer);
    }
  }
  return all;
}

/// Least loss of all choices that the planner brings to the interval.
double brute_force(const Problem& problem, std::int64_t interval) {
  double least = std::numeric_limits<double>::infinity();
  for (const Bits& bits : all_choices_of(problem.widths)) {
    const double loss = predicted_loss(problem.sensitivities, bits);
    if (loss < least && selection_within(problem, bits, interval)) least = loss;
  }
  return least;
}

TEST(ExactSearchTest, FindsTheBestOf243ChoicesOfThreeLayers) {
  const Small small({512, 640, 1024});
  const Problem problem = small.problem();
  ASSERT_EQ(all_choices_of(small.widths).size(), 243U) << "3 widths of 3 weights and 2 activations";
  for (const std::int64_t interval : small.tables.intervals()) {
    const double best = brute_force(problem, interval);
    const auto found = exact_search(problem, interval);
    ASSERT_TRUE(found) << to_text(found.errors());
    EXPECT_LE(found->bound, best + 1e-9) << interval << ": the bound is proved";
    EXPECT_TRUE(selection_within(problem, found->bits, interval));
    const Found polished = local_search(problem, *found, interval);
    EXPECT_NEAR(polished.loss, best, 0.011 * best) << interval << " " << to_text(polished.bits);
    EXPECT_GE(polished.loss, best - 1e-9);
  }
}

TEST(ExactSearchTest, AnIntervalThatNoChoiceKeepsIsRefused) {
  const Small small({16});
  const auto found = exact_search(small.problem(), 16);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.errors().front().message(),
            "net: no choice of bits keeps 16 cycles after 1 integer programs; allow narrower widths or a "
            "longer interval [BM-SEARCH-005]");
}

/// Least predicted loss among what the planner keeps of a proxy's choices at many budgets.
double best_of_scanned_budgets(const Problem& problem, ProxyCost cost, std::int64_t interval) {
  double most = 0;
  for (const std::int64_t macs : layer_macs(problem.blueprint.network())) most += cost(macs, 8, 8);
  double best = std::numeric_limits<double>::infinity();
  for (int budget = 1; budget <= 120; ++budget) {
    const auto bits = least_loss_within(problem, cost, most * budget / 120);
    if (!bits || !selection_within(problem, *bits, interval)) continue;
    best = std::min(best, predicted_loss(problem.sensitivities, *bits));
  }
  return best;
}

TEST(ExactSearchTest, BaselinesKeepTheIntervalAndLoseNoLess) {
  const Small small({512});
  const Problem problem = small.problem();
  const double best = brute_force(problem, 512);
  for (const ProxyCost cost : {bit_operation_cost, reference_dsp_cost}) {
    const auto proxy = proxy_search(problem, cost, 512);
    ASSERT_TRUE(proxy);
    EXPECT_TRUE(selection_within(problem, proxy->bits, 512));
    EXPECT_GE(proxy->loss, best - 1e-9);
    EXPECT_NEAR(proxy->loss, best_of_scanned_budgets(problem, cost, 512), 1e-9);
  }
  const auto same = uniform_search(problem, 512);
  ASSERT_TRUE(same);
  EXPECT_GE(same->loss, best - 1e-9);
  EXPECT_EQ(same->bits.weights, std::vector<int>(3, same->bits.weights.front()));
}

TEST(ExactSearchTest, LocalSearchFromTheNarrowestIsTheSameForASeedAndGains) {
  const Small small({512});
  const Problem problem = small.problem();
  Found start{.bits = uniform(3, 2, 2, 4)};
  start.loss = predicted_loss(problem.sensitivities, start.bits);
  ASSERT_TRUE(selection_within(problem, start.bits, 512));
  const Found once = local_search(problem, start, 512, {.seed = 3});
  const Found again = local_search(problem, start, 512, {.seed = 3});
  EXPECT_EQ(once.bits, again.bits);
  EXPECT_LT(once.loss, start.loss);
  EXPECT_TRUE(selection_within(problem, once.bits, 512));
}

TEST(BaselinesTest, CostsOfALayerOf900Macs) {
  EXPECT_EQ(bit_operation_cost(900, 4, 8), 28800);
  // Two bits by two: 36 MACs per multiplier and cycle (Ultra-DSP); eight by eight: 2.
  EXPECT_EQ(reference_dsp_cost(900, 2, 2), 25);
  EXPECT_EQ(reference_dsp_cost(900, 8, 8), 450);
}

TEST(CostTablesTest, CasesOfEveryWidthKnowTheirLeastInterval) {
  const Small small({512});
  // Three layers, 3 widths of weights, 1, 3 and 3 of activations.
  int convs = 0;
  for (const auto& [key, one] : small.tables.cases()) {
    const auto& layer = small.blueprint.network().layers()[key.layer];
    convs += std::holds_alternative<ir::Conv>(layer.operation) ? 1 : 0;
    EXPECT_GT(one.fastest, 0);
    EXPECT_LE(one.share_cycles, 1e9);
  }
  EXPECT_EQ(convs, 9 + 9 + 3);
  EXPECT_GE(small.tables.least_interval(), 8) << "the image has 8 rows, each a beat at least";
}

TEST(CostTablesTest, AnAccumulatorThatIsPooledIsRefused) {
  ir::NetworkBuilder builder("pooled");
  const auto image = *builder.add_input("image", {{1, 2, 2}, {0, 3}}, {.name = "image"});
  const auto conv = *builder.add("conv", ir::Conv{.weights = {.values = {1}, .range = {-1, 1}}}, {image});
  const auto pool = *builder.add("pool", ir::MaxPool{.window = {2, 2, 2, 2}}, {conv});
  ASSERT_TRUE(builder.add_output({.name = "out", .layer = pool.index}));
  const Blueprint blueprint(*std::move(builder).build());
  const auto tables = CostTables::of(blueprint, target("xczu3eg"), width_sets(1, 2, 2, 2), {64}, 1);
  ASSERT_FALSE(tables);
  EXPECT_EQ(
      tables.errors().front().message(),
      "pooled: pool reads conv, which is no Conv and no sum of codes; quantise between them, so that the "
      "width can be chosen [BM-SEARCH-004]");
}

}  // namespace
}  // namespace bitmason::search
