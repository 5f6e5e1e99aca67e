#include <gtest/gtest.h>

#include <chrono>

#include "plan/conv_geometry.hpp"
#include "plan/conv_options.hpp"
#include "plan/networks.hpp"
#include "plan/plan.hpp"

namespace bitmason::plan {
namespace {

using testing::budget_of;
using testing::dsp48e2;
using testing::NetworkMaker;
using testing::ultranet;
using testing::xczu3eg;

TEST(SolveTest, UltraNetOnXczu3egTakesAtMost206080Cycles) {
  const ir::Network network = ultranet();
  const auto begin = std::chrono::steady_clock::now();
  const auto plan = solve(network, xczu3eg(), dsp48e2(), budget_of(xczu3eg()));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  ASSERT_TRUE(plan) << to_text(plan.errors());
  EXPECT_LE(plan->interval, Cycles(206080));
  EXPECT_LE(plan->total.dsps, Dsps(360));
  EXPECT_LE(plan->total.luts, Luts(70560 * 85 / 100));
  EXPECT_LE(plan->total.bram18s, Bram18s(432));
  EXPECT_LT(seconds, 5.0);
  const Status status = verify(network, dsp48e2(), budget_of(xczu3eg()), *plan);
  EXPECT_TRUE(status.ok()) << to_text(status.errors());
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
  // Three of the image's three channels a beat: 160 * 320 = 51,200 beats a frame, however large the part.
  Budget endless = budget_of(xczu3eg());
  endless.limit = {Dsps(100000), Luts(10000000), FlipFlops(10000000), Bram18s(100000), Urams(0)};
  const Bound free = bound_of(endless);
  EXPECT_EQ(free.kind, Bound::Kind::InputStream);
  EXPECT_EQ(free.layers, std::vector<std::string>{"image"});
  Budget few = budget_of(xczu3eg());
  few.limit.dsps = Dsps(100);
  const Bound dsps = bound_of(few);
  EXPECT_EQ(dsps.kind, Bound::Kind::Resources);
  EXPECT_FALSE(dsps.layers.empty());
  ASSERT_FALSE(dsps.missing.empty());
  for (const Shortage& shortage : dsps.missing) {
    EXPECT_GT(shortage.needed, shortage.usable) << shortage.resource;
    // Multipliers are LUTs beyond the 100 DSPs, so LUTs and flip-flops run out first.
    EXPECT_EQ(shortage.usable, shortage.resource == "lut" ? 70560 * 4 / 5 : 141120) << shortage.resource;
  }
  Budget slow = budget_of(xczu3eg());
  slow.target_fps = 100;
  EXPECT_EQ(bound_of(slow).kind, Bound::Kind::Target);
}

}  // namespace
}  // namespace bitmason::plan
