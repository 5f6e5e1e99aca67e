#include <gtest/gtest.h>

#include <functional>

#include "plan/networks.hpp"
#include "plan/plan.hpp"

namespace bitmason::plan {
namespace {

using testing::dsp48e2;
using testing::NetworkMaker;
using testing::xczu3eg;

Budget full_budget() {
  const device::Part part = xczu3eg();
  return {.limit = {part.dsps, part.luts, part.flip_flops, part.bram18s, part.urams}, .clock_mhz = 100};
}

/// Plans a 3x3 convolution of 4 to 8 channels with fixed folding and a requantiser, alters the plan, and
/// returns the findings, one a line.
std::string messages_after(const std::function<void(Plan&)>& alter) {
  NetworkMaker maker({{4, 8, 8}, {0, 15}}, 1);
  maker.conv("conv", 8, 3, 4);
  maker.requantise("act", 2);
  const ir::Network network = maker.finish();
  const auto folding = parse_folding(R"({"conv": {"PE": 2, "SIMD": 4, "kernel_rows": 1, "pixels": 2}})");
  auto plan = solve(network, xczu3eg(), dsp48e2(), full_budget(), *folding);
  if (!plan) return to_text(plan.errors());
  alter(*plan);
  const Status status = verify(network, dsp48e2(), full_budget(), *plan);
  return status.ok() ? "fine\n" : to_text(status.errors());
}

/// The first finding.
std::string message_after(const std::function<void(Plan&)>& alter) {
  const std::string messages = messages_after(alter);
  return messages.substr(0, messages.find('\n'));
}

ConvPlan& conv_of(Plan& plan) {
  return *plan.layers[1].conv;
}

TEST(VerifyTest, AcceptsTheSolversPlan) {
  EXPECT_EQ(message_after([](Plan&) {}), "fine");
}

TEST(VerifyTest, FindsParallelismThatDoesNotDivide) {
  EXPECT_EQ(message_after([](Plan& plan) { conv_of(plan).simd = 3; }),
            "conv: SIMD 3 does not divide input channels 4; choose a divisor [BM-PLAN-021]");
  EXPECT_EQ(message_after([](Plan& plan) { plan.layers.pop_back(); }),
            "net: the plan has 2 layers and the network 3; plan this network again [BM-PLAN-020]");
}

/// SB_MAC16, whose two multipliers of 8 x 8 take an outer product each.
TEST(VerifyTest, AcceptsSplitMultipliersOnlyWhereTheEngineSplitsThem) {
  device::Primitive mac16{.name = "SB_MAC16",
                          .wide_bits = 16,
                          .narrow_bits = 16,
                          .product_bits = 32,
                          .accumulator_bits = 32,
                          .split_multipliers = 2,
                          .split_bits = 8,
                          .split_accumulator_bits = 16,
                          .split_rtl = true};
  NetworkMaker maker({{4, 8, 8}, {-128, 127}}, 1);
  maker.conv("conv", 8, 3, 8);
  const ir::Network network = maker.finish();
  const auto folding = parse_folding(R"({"conv": {"PE": 2, "SIMD": 4, "kernel_rows": 1}})");
  Budget budget = full_budget();
  const auto message = [&](const std::function<void(ConvPlan&)>& alter) -> std::string {
    mac16.split_rtl = true;
    auto plan = solve(network, xczu3eg(), mac16, budget, *folding);
    if (!plan) return to_text(plan.errors());
    ConvPlan& conv = conv_of(*plan);
    if (conv.packing.ports.cut_bits != 16) return "not split: " + pack::to_text(conv.packing);
    alter(conv);
    const Status status = verify(network, mac16, budget, *plan);
    return status.ok() ? "fine" : to_text(status.errors());
  };
  EXPECT_EQ(message([](ConvPlan&) {}), "fine");
  for (const auto& alter : std::vector<std::function<void(ConvPlan&)>>{
           [&](ConvPlan&) { mac16.split_rtl = false; },
           [&](ConvPlan& conv) { conv.packing = pack::one_of(conv.packing); },
           [&](ConvPlan& conv) { conv.packing.rule = pack::Rule::Canary, conv.packing.side_bits = 1; }})
    EXPECT_NE(message(alter).find("it is made for another multiplier"), std::string::npos) << message(alter);
}

TEST(VerifyTest, FindsChainsBeyondThePacking) {
  EXPECT_NE(
      messages_after([](Plan& plan) { conv_of(plan).packing.accumulations = 1; })
          .find("conv: 4 multipliers in a cascade exceed the 1 that the packing allows; shorten the chain "
                "[BM-PLAN-022]\n"),
      std::string::npos);
  EXPECT_EQ(message_after([](Plan& plan) { conv_of(plan).chain = 8; }),
            "conv: chain 8 does not divide lanes 4; choose a divisor [BM-PLAN-021]");
}

TEST(VerifyTest, FindsBeatsThatCannotBeBuilt) {
  EXPECT_EQ(
      message_after([](Plan& plan) { plan.layers[2].channels_per_beat = 24; }),
      "act: its beats cannot be built: 24 values sent a beat are neither a divisor of 8 channels nor whole "
      "pixels that divide 8; plan again [BM-PLAN-032]");
  EXPECT_EQ(
      message_after([](Plan& plan) { plan.layers[1].channels_per_beat = 16; }),
      "conv: its beats cannot be built: the engine sends single pixels unless whole blocks leave it; plan "
      "again [BM-PLAN-032]");
  EXPECT_EQ(
      message_after([](Plan& plan) { conv_of(plan).aligned = true; }),
      "conv: its beats cannot be built: whole blocks need all 8 output channels in parallel, not 2, and "
      "resident weights; plan again [BM-PLAN-032]");
  EXPECT_EQ(
      message_after([](Plan& plan) { conv_of(plan).input_pixels = 4; }),
      "conv: its beats cannot be built: 4 input pixels need all 4 channels and divide the 2 of a block; "
      "plan again [BM-PLAN-032]");
  EXPECT_EQ(
      message_after([](Plan& plan) { plan.layers[2].input_channels_per_beat = 16; }),
      "act: its beats cannot be built: 16 values taken for 2 sent need a pool without padding or overlap of "
      "columns; plan again [BM-PLAN-032]");
}

TEST(VerifyTest, FindsWrongCyclesAndTotals) {
  EXPECT_EQ(message_after([](Plan& plan) { plan.layers[1].cycles = Cycles(383); }),
            "conv: 383 cycles are stated and the loops take 384; plan this network again [BM-PLAN-025]");
  EXPECT_EQ(message_after([](Plan& plan) { plan.total.dsps = Dsps(7); }),
            "net: 7 DSPs are stated and the layers add to 8; plan again [BM-PLAN-028]");
}

TEST(VerifyTest, FindsNarrowOperandsAndWrongFamilies) {
  EXPECT_NE(messages_after([](Plan& plan) {
              conv_of(plan).packing.weight = {-7, 7};
            })
                .find("conv: the packing holds weights in [-7, 7] and the layer's reach [-8, 7]; pack the "
                      "layer's own range "
                      "[BM-PLAN-023]\n"),
            std::string::npos);
  EXPECT_NE(messages_after([](Plan& plan) { conv_of(plan).packing.weight_offsets.pop_back(); })
                .find("does not suit the layer (all taps of a kernel row are needed); choose another "
                      "[BM-PLAN-024]\n"),
            std::string::npos);
}

TEST(VerifyTest, FindsTooFewRowsAndShallowFifos) {
  EXPECT_EQ(message_after([](Plan& plan) { conv_of(plan).line_rows = 2; }),
            "conv: the line buffer holds 2 rows and the window needs 3; give it more [BM-PLAN-030]");
  EXPECT_EQ(message_after([](Plan& plan) {
              plan.fifos.push_back({"image", "conv", 0, 1});
            }),
            "conv: the FIFO from image to input 0 has depth 1 and 2 is the least; deepen it [BM-PLAN-027]");
}

TEST(VerifyTest, FindsAScaleThatDiffersFromTheThresholds) {
  const std::string message = message_after([](Plan& plan) {
    plan.layers[2].scale_shift = ir::ScaleShift{.output = {0, 3}, .multiplier = {0}, .bias = {0}, .shift = 0};
  });
  EXPECT_NE(message.find("BM-PLAN-029"), std::string::npos) << message;
}

TEST(VerifyTest, FindsAScaleThatFitsNoMultiplier) {
  const std::string messages = messages_after([](Plan& plan) {
    plan.layers[2].scale_in_dsp = true;
    plan.layers[2].scale_shift =
        ir::ScaleShift{.output = {0, 3}, .multiplier = {std::int64_t{1} << 30}, .bias = {0}, .shift = 30};
  });
  EXPECT_NE(messages.find("act: its products of 12 by 32 bits fit no multiplier of DSP48E2; multiply in LUTs "
                          "[BM-PLAN-033]"),
            std::string::npos)
      << messages;
}

TEST(VerifyTest, FindsUseAboveTheBudget) {
  EXPECT_EQ(message_after([](Plan& plan) {
              plan.layers[0].dsps = Dsps(1000);
              plan.total.dsps = Dsps(1008);
            }),
            "net: the plan uses 1008 DSPs and 360 may be used; allow more [BM-PLAN-026]");
}

}  // namespace
}  // namespace bitmason::plan
