#include <gtest/gtest.h>

#include "plan/networks.hpp"
#include "plan/plan.hpp"

/// Folding files as FINN writes them: SIMD splits Cin * k * k, and defaults hold for operator types.
namespace bitmason::plan {
namespace {

using testing::dsp48e2;
using testing::NetworkMaker;
using testing::xczu3eg;

/// The plan at the part's full budget.
Result<Plan> planned(const ir::Network& network, const std::string& folding_text) {
  const device::Part part = xczu3eg();
  const Budget budget{.limit = {part.dsps, part.luts, part.flip_flops, part.bram18s, part.urams},
                      .clock_mhz = 100};
  const auto folding = parse_folding(folding_text);
  if (!folding) return folding.errors();
  auto plan = solve(network, part, dsp48e2(), budget, *folding);
  if (!plan) return plan.errors();
  if (auto sound = verify(network, dsp48e2(), budget, *plan); !sound) return sound.errors();
  return plan;
}

/// One convolution on an 8x8 frame, 4 bit weights and activations.
ir::Network one_conv(int inputs, int outputs, int kernel, int groups = 1) {
  NetworkMaker maker({{inputs, 8, 8}, {0, 15}}, 1);
  maker.conv("conv", outputs, kernel, 4, groups);
  return maker.finish();
}

TEST(FinnFolding, SimdOfKernelPixelsTakesFinnsCycles) {
  // FINN: 64 pixels * (8 / PE) * (4 * 3 * 3 / SIMD) cycles, with one pixel at a time.
  for (const auto& [simd, cycles] : {std::pair{3, 64 * 4 * 12},
                                     {6, 64 * 4 * 6},
                                     {9, 64 * 4 * 4},
                                     {12, 64 * 4 * 3},
                                     {18, 64 * 4 * 2},
                                     {36, 64 * 4}}) {
    const auto plan = planned(one_conv(4, 8, 3),
                              R"({"conv": {"PE": 2, "pixels": 1, "SIMD": )" + std::to_string(simd) + "}}");
    ASSERT_TRUE(plan) << simd << " " << to_text(plan.errors());
    EXPECT_EQ(plan->find("conv")->cycles, Cycles(cycles)) << simd;
    ASSERT_EQ(plan->notes.size(), 1u);
    EXPECT_TRUE(plan->notes[0].ends_with(", " + std::to_string(simd) + " inputs in parallel"))
        << plan->notes[0];
  }
}

TEST(FinnFolding, TheNoteSaysWhatBecameOfSimd) {
  const auto plan = planned(one_conv(4, 8, 3), R"({"conv": {"PE": 2, "SIMD": 36}})");
  ASSERT_TRUE(plan) << to_text(plan.errors());
  EXPECT_EQ(plan->notes,
            (std::vector<std::string>{
                "conv: SIMD 36 of the folding file splits Cin * k * k as in FINN; here it is 4 x 3 x 3 "
                "(channels x rows x columns of the kernel), 36 inputs in parallel"}));
  EXPECT_NE(to_json(*plan).find("\"notes\""), std::string::npos);
  // What divides the channels means channels, as in FINN.
  const auto plain = planned(one_conv(4, 8, 3), R"({"conv": {"PE": 2, "SIMD": 4}})");
  ASSERT_TRUE(plain);
  EXPECT_TRUE(plain->notes.empty());
  EXPECT_EQ(plain->find("conv")->conv->simd, 4);
}

TEST(FinnFolding, WithoutAnExactSplitTheNearestBelowIsTaken) {
  // One channel of a 4x4 kernel: 1, 4 or 16 inputs in parallel exist.
  for (const auto& [simd, got] : {std::pair{2, 1}, {8, 4}}) {
    const auto plan = planned(one_conv(1, 8, 4), R"({"conv": {"SIMD": )" + std::to_string(simd) + "}}");
    ASSERT_TRUE(plan) << to_text(plan.errors());
    ASSERT_EQ(plan->notes.size(), 1u);
    EXPECT_TRUE(plan->notes[0].ends_with(", " + std::to_string(got) +
                                         " inputs in parallel, the nearest below that the engine has"))
        << plan->notes[0];
  }
}

TEST(FinnFolding, SimdOfADepthwiseLayerSplitsTheKernel) {
  // FINN's VVAU: 64 pixels * (8 / PE) * (9 / SIMD) cycles.
  const auto plan = planned(one_conv(8, 8, 3, 8), R"({"conv": {"PE": 4, "SIMD": 3, "pixels": 1}})");
  ASSERT_TRUE(plan) << to_text(plan.errors());
  EXPECT_EQ(plan->find("conv")->conv->pe(), 4);
  EXPECT_EQ(plan->find("conv")->cycles, Cycles(64 * 2 * 3));
  ASSERT_EQ(plan->notes.size(), 1u);
  EXPECT_NE(plan->notes[0].find("splits k * k as in FINN"), std::string::npos) << plan->notes[0];
}

/// A dense, a depthwise convolution and a requantisation.
ir::Network three_kinds() {
  NetworkMaker maker({{4, 8, 8}, {0, 15}}, 1);
  maker.conv("dense", 8, 3, 4);
  maker.requantise("act", 4);
  maker.conv("depthwise", 8, 3, 4, 8);
  return maker.finish();
}

TEST(FinnFolding, DefaultsHoldForTheirOperatorTypesAndLayersOverrideThem) {
  const auto plan =
      planned(three_kinds(), R"({"Defaults": {"PE": [2, ["MVAU_rtl"], 4, ["VVAU", "Thresholding_hls"]],
                                                            "SIMD": [2, ["conv"]], "ram_style": ["auto", "all"]},
                                               "depthwise": {"SIMD": 4}})");
  ASSERT_TRUE(plan) << to_text(plan.errors());
  EXPECT_EQ(plan->find("dense")->conv->pe(), 2);
  EXPECT_EQ(plan->find("dense")->conv->simd, 2);
  EXPECT_EQ(plan->find("act")->channels_per_beat, 4);
  EXPECT_EQ(plan->find("depthwise")->conv->pe(), 4);
  // "all" leaves the input of 4 channels alone, which has no node in FINN; where a layer cannot have the
  // value it fails.
  const auto all = planned(three_kinds(), R"({"Defaults": {"PE": [8, "all"]}, "dense": {"SIMD": 1}})");
  ASSERT_TRUE(all) << to_text(all.errors());
  EXPECT_EQ(all->find("dense")->conv->pe(), 8);
  EXPECT_EQ(all->find("act")->channels_per_beat, 8);
  const auto none = planned(three_kinds(), R"({"Defaults": {"PE": [3, ["Thresholding"]]}})");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.errors().front().message(),
            "act: PE 3 does not divide 8 channels; choose a divisor [BM-PLAN-012]");
}

TEST(FinnFolding, DefaultsOfAnotherFormAreRefused) {
  const auto refused = [](const std::string& defaults, const std::string& what, const std::string& why) {
    const auto folding = parse_folding(R"({"Defaults": )" + defaults + "}");
    ASSERT_FALSE(folding) << defaults;
    EXPECT_EQ(folding.errors().front().message(),
              "Defaults: " + what + " is not what a folding file holds (" + why +
                  "); give {\"<layer>\": {\"PE\": 4, \"SIMD\": 2}} [BM-PLAN-010]");
  };
  const std::string pair = "a value and a list of operator types or \"all\" are needed";
  refused("4", "4", "an object is needed");
  refused(R"({"PE": 4})", "PE 4", pair);
  refused(R"({"PE": []})", "PE []", pair);
  refused(R"({"PE": [4]})", "PE [4]", pair);
  refused(R"({"PE": [4, "MVAU"]})", R"(PE [4,"MVAU"])", pair);
  refused(R"({"PE": [4, [7]]})", "PE [4,[7]]", pair);
  refused(R"({"PE": [0, "all"]})", "PE 0", "a positive integer is needed");
  refused(R"({"speed": [1, "all"]})", "speed", "PE, SIMD, kernel_rows, pixels and pixel_groups are known");
}

}  // namespace
}  // namespace bitmason::plan
