#include <gtest/gtest.h>

#include <chrono>

#include "plan/conv_geometry.hpp"
#include "plan/conv_options.hpp"
#include "plan/explain.hpp"
#include "plan/networks.hpp"
#include "plan/plan.hpp"

namespace bitmason::plan {
namespace {

using testing::budget_of;
using testing::dsp48e2;
using testing::NetworkMaker;
using testing::ultranet;
using testing::xczu3eg;

TEST(SolveTest, UltraNetOnXczu3egTakesAtMost58000Cycles) {
  const ir::Network network = ultranet();
  const auto begin = std::chrono::steady_clock::now();
  const auto plan = solve(network, xczu3eg(), dsp48e2(), budget_of(xczu3eg()));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  ASSERT_TRUE(plan) << to_text(plan.errors());
  EXPECT_LE(plan->interval, Cycles(58000));
  EXPECT_LE(plan->total.dsps, Dsps(360));
  EXPECT_LE(plan->total.luts, Luts(70560 * 85 / 100));
  EXPECT_LE(plan->total.bram18s, Bram18s(432));
  EXPECT_LT(seconds, 5.0);
  const Status status = verify(network, dsp48e2(), budget_of(xczu3eg()), *plan);
  EXPECT_TRUE(status.ok()) << to_text(status.errors());
}

TEST(SolveTest, ThresholdsOfManyChannelsBecomeAMultiplierAndAShift) {
  // 255 thresholds for each of 256 channels, as quantisers of SkyNet have them; as comparisons they would be
  // half of the part.
  constexpr int kChannels = 256;
  NetworkMaker maker({{4, 8, 8}, {0, 255}}, 1);
  maker.conv("conv", kChannels, 1, 8);
  ir::Thresholds form{.output = {0, 255}, .rows = kChannels};
  for (int channel = 0; channel < kChannels; ++channel) {
    for (std::int64_t k = 1; k <= 255; ++k) form.values.push_back(k * 16 - channel);
    form.decreasing.push_back(0);
  }
  maker.add("act", ir::Requantise{form});
  const auto plan = solve(maker.finish(), xczu3eg(), dsp48e2(), budget_of(xczu3eg()));
  ASSERT_TRUE(plan) << to_text(plan.errors());
  EXPECT_EQ(plan->find("act")->requantise, RequantiseForm::ScaleShift);
}

TEST(SolveTest, PlanningTwiceGivesTheSameText) {
  const ir::Network network = ultranet();
  const auto first = solve(network, xczu3eg(), dsp48e2(), budget_of(xczu3eg()));
  const auto second = solve(network, xczu3eg(), dsp48e2(), budget_of(xczu3eg()));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(to_json(*first), to_json(*second));
}

TEST(SolveTest, ThePlanNamesWhatBoundsItsInterval) {
  const ir::Network network = ultranet();
  const auto bound_of = [&](const Budget& budget) {
    const auto plan = solve(network, xczu3eg(), dsp48e2(), budget);
    EXPECT_TRUE(plan) << to_text(plan.errors());
    return plan->bound;
  };
  // Whole pixels of the image in beats, as many as a beat may hold, however large the part.
  Budget endless = budget_of(xczu3eg());
  endless.limit = {Dsps(100000), Luts(10000000), FlipFlops(10000000), Bram18s(100000), Urams(0)};
  const Bound free = bound_of(endless);
  EXPECT_EQ(free.kind, Bound::Kind::Layers);
  EXPECT_EQ(free.layers, (std::vector<std::string>{"conv0", "conv0_act", "conv0_pool"}));
  // A wide image of one row of channels: 600 values a pixel leave no room for a second one in a beat.
  NetworkMaker wide({{600, 4, 4}, {0, 1}}, 1);
  wide.conv("conv", 1, 1, 1);
  const auto flat = solve(wide.finish(), xczu3eg(), dsp48e2(), endless);
  ASSERT_TRUE(flat) << to_text(flat.errors());
  EXPECT_EQ(flat->bound.kind, Bound::Kind::InputStream);
  EXPECT_EQ(flat->bound.layers, std::vector<std::string>{"image"});
  Budget few = budget_of(xczu3eg());
  few.limit.dsps = Dsps(100);
  const Bound dsps = bound_of(few);
  EXPECT_EQ(dsps.kind, Bound::Kind::Resources);
  EXPECT_FALSE(dsps.layers.empty());
  ASSERT_FALSE(dsps.missing.empty());
  for (const Shortage& shortage : dsps.missing) {
    EXPECT_GT(shortage.needed, shortage.usable) << shortage.resource;
    const auto usable = shortage.resource == "dsp"   ? 100
                        : shortage.resource == "lut" ? 70560 * 85 / 100
                                                     : 141120;
    EXPECT_EQ(shortage.usable, usable) << shortage.resource;
  }
  Budget slow = budget_of(xczu3eg());
  slow.target_fps = 100;
  EXPECT_EQ(bound_of(slow).kind, Bound::Kind::Target);
}

// What fits a small budget fits a larger one too, so no plan of a smaller budget may beat the bound of a
// larger.
TEST(SolveTest, NoPlanBeatsTheBoundOfItsOwnOrALargerBudget) {
  const ir::Network network = ultranet();
  std::vector<std::pair<Budget, Plan>> plans;
  for (const auto& [dsps, luts] :
       {std::pair{60, 30000}, {60, 70560}, {180, 40000}, {180, 70560}, {360, 50000}}) {
    Budget budget = budget_of(xczu3eg());
    budget.limit.dsps = Dsps(dsps);
    budget.limit.luts = Luts(luts);
    auto plan = solve(network, xczu3eg(), dsp48e2(), budget);
    ASSERT_TRUE(plan) << to_text(plan.errors());
    EXPECT_GE(plan->lower_bound.value * 4, plan->interval.value * 3) << dsps << " DSPs, " << luts << " LUTs";
    plans.emplace_back(budget, *std::move(plan));
  }
  for (const auto& [small, plan] : plans) {
    for (const auto& [large, bounded] : plans) {
      if (small.limit.dsps > large.limit.dsps || small.limit.luts > large.limit.luts) continue;
      EXPECT_GE(plan.interval, bounded.lower_bound);
    }
  }
}

// The same with external memory: offered always or never, more of anything is never slower. Offered where it
// is needed, the bound is one of plans with weights on the part.
TEST(SolveTest, MoreOfAnythingIsNeverSlower) {
  NetworkMaker maker({{16, 8, 8}, {0, 15}}, 1);
  for (const char* name : {"first", "second"}) {
    maker.conv(name, 32, 3, 4);
    maker.requantise(std::string(name) + "_act", 4);
  }
  const ir::Network network = maker.finish();
  for (const ExternalWeights external : {ExternalWeights::Never, ExternalWeights::Faster}) {
    std::vector<std::pair<Resources, Plan>> plans;
    for (const int luts : {2500, 3500, 5000}) {
      for (const int brams : {0, 2, 6, 20}) {
        Budget budget = budget_of(xczu3eg());
        budget.limit.luts = Luts(luts);
        budget.limit.bram18s = Bram18s(brams);
        budget.limit.dsps = Dsps(24);
        budget.external = external;
        budget.memory_port_bits = 128;
        budget.bandwidth = 1e9;
        auto plan = solve(network, xczu3eg(), dsp48e2(), budget);
        if (!plan) continue;
        EXPECT_FALSE(plan->resident);
        plans.emplace_back(budget.limit, *std::move(plan));
      }
    }
    ASSERT_GE(plans.size(), 6U);
    for (const auto& [small, plan] : plans) {
      for (const auto& [large, other] : plans) {
        if (small.luts > large.luts || small.bram18s > large.bram18s) continue;
        EXPECT_GE(plan.interval, other.lower_bound) << small.luts.value << " " << small.bram18s.value;
        EXPECT_GE(plan.interval.value * 65, other.interval.value * 64)
            << small.luts.value << " " << small.bram18s.value << ", " << large.luts.value << " "
            << large.bram18s.value;
      }
    }
  }
}

// The table behind `plan --explain`.
TEST(SolveTest, TheExplanationNamesTheBottlenecksAndNeverSlowsDown) {
  const ir::Network network = ultranet();
  Budget budget = budget_of(xczu3eg());
  budget.limit.dsps = Dsps(100);
  const auto plan = solve(network, xczu3eg(), dsp48e2(), budget);
  ASSERT_TRUE(plan) << to_text(plan.errors());
  const auto told = explain(network, xczu3eg(), dsp48e2(), budget, {}, *plan);
  ASSERT_TRUE(told) << to_text(told.errors());
  ASSERT_EQ(told->layers.size(), plan->layers.size());
  bool lacking = false;
  for (const LayerExplanation& layer : told->layers) {
    EXPECT_EQ(layer.bound_by == "slack", layer.cycles < plan->interval.value) << layer.layer;
    EXPECT_LE(layer.fastest, layer.with_one_dsp) << layer.layer;
    EXPECT_LE(layer.with_one_dsp, layer.cycles) << layer.layer;
    EXPECT_LE(layer.with_more_luts, layer.cycles) << layer.layer;
    lacking = lacking || layer.bound_by == "lut" || layer.bound_by == "dsp" || layer.bound_by == "ff";
  }
  EXPECT_TRUE(lacking);
  EXPECT_LE(told->interval_with_one_dsp, plan->interval.value);
  EXPECT_GE(told->interval_with_one_dsp, 51200);
}

// What one more DSP is said to bring is what a part with one more brings, and the layer that takes it is said
// to lack it.
TEST(SolveTest, TheExplanationSaysWhatThePlanWithOneMoreDspHas) {
  NetworkMaker maker({{8, 16, 16}, {0, 255}}, 1);
  maker.conv("conv", 8, 3, 8);
  const ir::Network network = maker.finish();
  Budget budget = budget_of(xczu3eg());
  budget.limit.luts = Luts(6000);
  int steps = 0;
  for (int dsps = 8; dsps <= 40; ++dsps) {
    budget.limit.dsps = Dsps(dsps);
    const auto plan = solve(network, xczu3eg(), dsp48e2(), budget);
    ASSERT_TRUE(plan) << dsps << to_text(plan.errors());
    budget.limit.dsps = Dsps(dsps + 1);
    const auto more = solve(network, xczu3eg(), dsp48e2(), budget);
    ASSERT_TRUE(more) << to_text(more.errors());
    budget.limit.dsps = Dsps(dsps);
    const auto told = explain(network, xczu3eg(), dsp48e2(), budget, {}, *plan);
    ASSERT_TRUE(told) << to_text(told.errors());
    EXPECT_EQ(told->interval_with_one_dsp, more->interval.value) << dsps;
    if (more->interval == plan->interval) continue;
    ++steps;
    const auto conv = std::find_if(told->layers.begin(), told->layers.end(),
                                   [](const LayerExplanation& layer) { return layer.layer == "conv"; });
    EXPECT_EQ(conv->bound_by, "dsp") << dsps;
    EXPECT_EQ(conv->with_one_dsp, more->interval.value) << dsps;
  }
  EXPECT_GE(steps, 2);
}

}  // namespace
}  // namespace bitmason::plan
