#include <gtest/gtest.h>

#include <chrono>

#include "plan/conv_geometry.hpp"
#include "plan/conv_options.hpp"
#include "plan/networks.hpp"
#include "plan/plan.hpp"

namespace bitmason::plan {
namespace {

using testing::dsp48e2;
using testing::NetworkMaker;
using testing::ultranet;
using testing::xczu3eg;

Budget budget_of(const device::Part& part) {
  return {.limit = {part.dsps, part.luts, part.flip_flops, part.bram18s, part.urams}, .clock_mhz = 250};
}

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

}  // namespace
}  // namespace bitmason::plan
