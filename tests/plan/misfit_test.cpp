#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "networks.hpp"
#include "plan/misfit.hpp"

namespace bitmason::plan {
namespace {

using namespace testing;

/// Six 1x1 layers of 64 channels and 4 bit weights, one more of 256.
ir::Network seven_layers() {
  NetworkMaker maker({{64, 8, 8}, {0, 15}}, 3);
  for (int k = 0; k < 6; ++k) {
    maker.conv("conv" + std::to_string(k), 64, 1, 4);
    maker.requantise("act" + std::to_string(k), 4);
  }
  maker.conv("last", 256, 1, 4);
  return maker.finish();
}

TEST(MisfitTest, NamesTheFiveLayersThatTakeMostAndKeepsAllInTheDetails) {
  Budget budget = budget_of(xczu3eg());
  budget.limit.luts = Luts(1000);
  budget.limit.dsps = Dsps(100);
  const auto plan = solve(seven_layers(), xczu3eg(), dsp48e2(), budget);
  ASSERT_FALSE(plan);
  const Diagnostics& errors = plan.errors();
  ASSERT_EQ(errors.front().code, "BM-PLAN-001");
  const auto details = nlohmann::json::parse(errors.front().details);
  EXPECT_EQ(details.at("resource"), "lut");
  EXPECT_EQ(details.at("usable"), 850);
  std::int64_t sum = 0;
  std::int64_t before = details.at("layers").at(0).at("amount");
  for (const auto& layer : details.at("layers")) {
    EXPECT_LE(layer.at("amount"), before) << "in descending order";
    before = layer.at("amount");
    sum += before;
  }
  EXPECT_EQ(sum, details.at("needed"));
  EXPECT_EQ(details.at("layers").at(0).at("name"), "last") << "64 x 256 weights, four times the others";
  EXPECT_EQ(errors.size(), 6u) << "one line for the resource and five for layers";
}

/// What the diagnostics of a misfit say is needed, by resource.
std::map<std::string, std::int64_t> needs_of(const Diagnostics& errors) {
  std::map<std::string, std::int64_t> needs;
  for (const Diagnostic& error : errors) {
    if (error.code == "BM-PLAN-002") continue;
    const auto details = nlohmann::json::parse(error.details);
    needs[details.at("resource")] = details.at("needed");
  }
  return needs;
}

// The LUTs that are said to be enough are, and one less is not.
TEST(MisfitTest, WithWhatIsSaidToBeEnoughItFits) {
  const ir::Network network = seven_layers();
  Budget budget = budget_of(xczu3eg());
  budget.lut_share = 1;
  budget.limit.luts = Luts(1000);
  budget.limit.dsps = Dsps(4);
  budget.limit.bram18s = Bram18s(2);
  const auto misfit = solve(network, xczu3eg(), dsp48e2(), budget);
  ASSERT_FALSE(misfit);
  EXPECT_EQ(misfit.errors().front().code, "BM-PLAN-001");
  const auto needs = needs_of(misfit.errors());
  ASSERT_TRUE(needs.contains("lut")) << to_text(misfit.errors());
  budget.limit.luts = Luts(needs.at("lut"));
  EXPECT_TRUE(solve(network, xczu3eg(), dsp48e2(), budget));
  budget.limit.luts = budget.limit.luts - Luts(1);
  EXPECT_FALSE(solve(network, xczu3eg(), dsp48e2(), budget));
}

TEST(MisfitTest, WhereSeveralAreShortMoreOfEachMakesItFit) {
  const ir::Network network = seven_layers();
  Budget budget = budget_of(xczu3eg());
  budget.lut_share = 1;
  budget.limit.luts = Luts(500);
  budget.limit.flip_flops = FlipFlops(500);
  const auto misfit = solve(network, xczu3eg(), dsp48e2(), budget);
  ASSERT_FALSE(misfit);
  const auto needs = needs_of(misfit.errors());
  ASSERT_EQ(misfit.errors().front().code, "BM-PLAN-035") << to_text(misfit.errors());
  ASSERT_TRUE(needs.contains("lut") && needs.contains("ff"));
  budget.limit.luts = Luts(needs.at("lut"));
  budget.limit.flip_flops = FlipFlops(needs.at("ff"));
  EXPECT_TRUE(solve(network, xczu3eg(), dsp48e2(), budget));
}

TEST(MisfitTest, NarrowerWeightsLoseTheirLowestBits) {
  const ir::Network network = seven_layers();
  const auto narrower = with_narrower_weights(network, 2);
  ASSERT_TRUE(narrower);
  ASSERT_EQ(narrower->layers().size(), network.layers().size());
  const auto& wide = std::get<ir::Conv>(network.layers()[1].operation).weights;
  const auto& narrow = std::get<ir::Conv>(narrower->layers()[1].operation).weights;
  // Four bits less two: -8 becomes -2, 7 becomes 1.
  EXPECT_EQ(wide.values.front(), -8);
  EXPECT_EQ(narrow.values.front(), -2);
  EXPECT_EQ(wide.values.back(), 7);
  EXPECT_EQ(narrow.values.back(), 1);
  EXPECT_EQ(narrow.range, (IntRange{-2, 1}));
  EXPECT_FALSE(with_narrower_weights(network, 4)) << "no weight is wider";
}

TEST(MisfitTest, WhatFitsAtNoIntervalFitsAtNone) {
  Budget budget = budget_of(xczu3eg());
  const auto whole = fits_at_all(seven_layers(), dsp48e2(), budget);
  ASSERT_TRUE(whole);
  EXPECT_TRUE(*whole);
  budget.limit.luts = Luts(1000);
  const auto small = fits_at_all(seven_layers(), dsp48e2(), budget);
  ASSERT_TRUE(small);
  EXPECT_FALSE(*small);
}

}  // namespace
}  // namespace bitmason::plan
