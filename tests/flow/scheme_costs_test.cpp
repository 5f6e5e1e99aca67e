#include "flow/scheme_costs.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "flow/known_points.hpp"
#include "flow/measured_costs.hpp"
#include "flow_case.hpp"
#include "pack/transform_cost.hpp"

namespace bitmason::flow {
namespace {

using Json = nlohmann::json;

const std::filesystem::path kResults = cases::data().root / "benchmarks" / "results";

/// The densest Karatsuba scheme of w4a4 and rows of three: 3 plain rows and 3 sums of two rows.
pack::Scheme karatsuba() {
  pack::CellSolver solver({});
  for (pack::Scheme& scheme : solver.front(pack::cell_of_widths(4, 4, 3))) {
    if (scheme.method == pack::Method::Karatsuba) return std::move(scheme);
  }
  throw std::runtime_error("no Karatsuba scheme");
}

PackingCosts one_scheme() {
  CellCosts cell{.kernel = 3, .weight_bits = 4, .activation_bits = 4, .schemes_left = 2};
  cell.schemes.push_back({.scheme = karatsuba(),
                          .lane = {.luts = 99, .flip_flops = 500, .levels = 1, .carry_bits = 6},
                          .channel = {.luts = 828, .flip_flops = 900, .levels = 1, .carry_bits = 18},
                          .control_flip_flops = 7});
  return {.origin = {"DSP48E2", "xczu3eg", "synth", "Yosys 0", "0123456789", "abcdef", "fedcba"},
          .cells = {std::move(cell)}};
}

Result<PackingCosts> committed() {
  return read_costs(measured_costs_file(cases::data(), "DSP48E2"), {});
}

TEST(SchemeCosts, AddersAreSharedByEightLanesAndEightChannels) {
  // 9 row pairs x 3 taps x 4 pixels: 108 MACs a lane and channel. A lane serves 8 channels, a channel 8
  // lanes: (99 + 828) / (8 * 108).
  const PackingCosts costs = one_scheme();
  ASSERT_NEAR(costs.cells[0].schemes[0].scheme.density(), 12, 1e-9);
  const SchemeLuts luts = luts_of(costs.cells[0].schemes[0], MeasuredPackings(costs));
  EXPECT_NEAR(luts.adders, 927.0 / 864, 1e-9);
  EXPECT_EQ(luts.measured_arrays, 0) << "no packing of it was measured";
  EXPECT_GT(luts.arrays, 0);
}

TEST(SchemeCosts, APartWhosePackingWasMeasuredCountsAsMeasured) {
  PackingCosts costs = one_scheme();
  const SchemeLuts before = luts_of(costs.cells[0].schemes[0], MeasuredPackings(costs));
  // A column of eight lanes of the plain rows: 8 * (20 + 8) + 40 LUT; a multiplier has 20 + 8 / 8 + 40 / 8.
  const pack::Part& rows = costs.cells[0].schemes[0].scheme.parts[0];
  costs.cells[0].points.push_back({.packing = rows.packing,
                                   .few = {.lanes = 2, .luts = 96, .inverters = 16},
                                   .many = {.lanes = 8, .luts = 264, .inverters = 64}});
  const SchemeLuts after = luts_of(costs.cells[0].schemes[0], MeasuredPackings(costs));
  // 3 products of 9 MACs' worth of rows, each of so many MACs a multiplier.
  EXPECT_NEAR(after.measured_arrays, 26 * 3 / rows.packing.density() / 9, 1e-9);
  EXPECT_NE(after.arrays, before.arrays);
  const Json json = Json::parse(json_of(costs));
  EXPECT_EQ(json["cells"][0]["schemes"][0]["parts"][0]["array"], "measured");
  EXPECT_EQ(json["cells"][0]["schemes"][0]["parts"][1]["array"], "estimated");
}

TEST(SchemeCosts, TheFileHoldsThemAndTheSameBytesAgain) {
  const cases::Scratch folder;
  const std::string text = json_of(one_scheme());
  ASSERT_TRUE(write_file(folder / "costs.json", text));
  const auto read = read_costs(folder / "costs.json", {});
  ASSERT_TRUE(read) << to_text(read.errors());
  EXPECT_EQ(json_of(*read), text);
  EXPECT_EQ(read->origin, one_scheme().origin);
  EXPECT_EQ(read->cells[0].schemes_left, 2);
  EXPECT_EQ(read->cells[0].schemes[0].channel, one_scheme().cells[0].schemes[0].channel);
  EXPECT_EQ(key_of(read->cells[0].schemes[0].scheme), key_of(karatsuba()));
  EXPECT_TRUE(pack::computes(read->cells[0].schemes[0].scheme.algorithm));
}

TEST(SchemeCosts, AFileWithoutSchemesStaysOfUseAndOneOfOtherAddersIsNot) {
  const cases::Scratch folder;
  Json json = Json::parse(json_of(one_scheme()));
  json.erase("rtl_adders_sha256");  // as files were before schemes were measured
  json["cells"][0].erase("schemes");
  json["cells"][0].erase("front_points_left_to_the_estimate");
  json["cells"][0]["not_realised"] = {
      {{"point", "12.00 MAC/DSP, Karatsuba"},
       {"reason",
        "Karatsuba: the arrays have nothing before or after them that forms and joins the products"}},
      {{"point", "8 weights"}, {"reason", "elaboration stops at a check"}}};
  std::ofstream(folder / "before.json") << json;
  const auto before = read_costs(folder / "before.json", {});
  ASSERT_TRUE(before) << to_text(before.errors());
  EXPECT_TRUE(before->cells[0].schemes.empty());
  EXPECT_EQ(before->cells[0].schemes_left, 1);
  ASSERT_EQ(before->cells[0].not_realised.size(), 1u);
  EXPECT_EQ(before->cells[0].not_realised[0].point, "8 weights");
  MeasurementOrigin origin = one_scheme().origin;
  EXPECT_TRUE(compatible(before->origin, origin));
  origin.rtl_adders = "other";
  EXPECT_TRUE(compatible(before->origin, origin));
  EXPECT_FALSE(compatible(one_scheme().origin, origin));
}

TEST(SchemeCosts, ASchemeOfNoRecipeIsRefused) {
  const cases::Scratch folder;
  Json json = Json::parse(json_of(one_scheme()));
  json["cells"][0]["schemes"][0]["method"] = "Toom-3";
  std::ofstream(folder / "costs.json") << json;
  const auto read = read_costs(folder / "costs.json", {});
  ASSERT_FALSE(read);
  EXPECT_EQ(to_text(read.errors()),
            (folder / "costs.json").string() +
                ": is no data of `bitmason pack --measure` ([json.exception.other_error.501] a scheme is "
                "incomplete); name another file [BM-FLOW-024]\n");
}

TEST(SchemeCosts, WhatTheFileHasIsKnown) {
  const PackingCosts costs = one_scheme();
  const KnownPoints known(costs.cells);
  const auto cost = known.scheme(costs.cells[0], karatsuba());
  ASSERT_TRUE(cost);
  EXPECT_EQ(cost->lane.luts, 99);
  EXPECT_FALSE(known.scheme({.kernel = 3, .weight_bits = 4, .activation_bits = 5}, karatsuba()));
  EXPECT_FALSE(known.packing(karatsuba().parts[0].packing)) << "no array of it was measured";
}

/// A scheme of benchmarks/results/scheme_cost.json.
struct Whole {
  std::string name;
  pack::Method method;
  int kernel, w, a;
};

/// Eight lanes and eight channels measured apart are what benchmarks/scheme_cost.sh measures as a whole.
TEST(SchemeCosts, LanesAndChannelsAddUpToTheLutsOfWholeModules) {
  const std::vector<Whole> wholes{{"karatsuba_w4a4", pack::Method::Karatsuba, 3, 4, 4},
                                  {"f23_w8a8", pack::Method::WinogradRow, 3, 8, 8},
                                  {"tile_w8a8", pack::Method::WinogradTile, 3, 8, 8},
                                  {"split_w4a8", pack::Method::Split, 3, 4, 8},
                                  {"pieces_w4a8", pack::Method::RowPieces, 5, 4, 8},
                                  {"strassen_w8a8", pack::Method::Strassen, 1, 8, 8}};
  const auto costs = committed();
  ASSERT_TRUE(costs) << to_text(costs.errors());
  std::ifstream file(kResults / "scheme_cost.json");
  const Json figures = Json::parse(file);
  int compared = 0;
  for (std::size_t k = 0; k < wholes.size(); ++k) {
    const Whole& whole = wholes[k];
    ASSERT_EQ(figures[k].at("scheme"), whole.name);
    for (const CellCosts& cell : costs->cells) {
      if (cell.kernel != whole.kernel || cell.weight_bits != whole.w || cell.activation_bits != whole.a)
        continue;
      for (const SchemeCost& cost : cell.schemes) {
        const double macs = 8 * pack::adder_shares(cost.scheme).channel_macs;
        if (cost.scheme.method != whole.method ||
            std::abs(macs - figures[k].at("macs").get<double>()) > 0.1 ||
            std::abs(macs / cost.scheme.density() - figures[k].at("dsp").get<double>()) > 0.1)
          continue;
        EXPECT_EQ(8 * (cost.lane.luts + cost.channel.luts), figures[k].at("lut")) << whole.name;
        ++compared;
      }
    }
  }
  EXPECT_GE(compared, 3);
}

// Adders of digit splits are estimated far too high, but their arrays cost most: whole points are close.
TEST(SchemeCosts, EstimatesOfTheAddersAreCloseToEveryMeasuredScheme) {
  const auto costs = committed();
  ASSERT_TRUE(costs) << to_text(costs.errors());
  const MeasuredPackings packings(*costs);
  std::vector<double> others;
  std::set<pack::Method> methods;
  double worst_split = 0;
  double worst_whole = 0;
  for (const CellCosts& cell : costs->cells) {
    for (const SchemeCost& cost : cell.schemes) {
      const pack::AdderShares shares = pack::adder_shares(cost.scheme);
      const double own = estimated_lane_luts(cost.scheme) / shares.lane_macs +
                         estimated_channel_luts(cost.scheme) / shares.channel_macs;
      const SchemeLuts luts = luts_of(cost, packings);
      const double error = own / luts.adders - 1;
      const double whole = pack::estimated_luts_per_mac(cost.scheme) / luts.all() - 1;
      std::printf(
          "K%d w%da%d %-60s lane %5ld estimated %7.1f, channel %5ld estimated %7.1f, %+.0f %%, whole %+.0f "
          "%%\n",
          cell.kernel, cell.weight_bits, cell.activation_bits, text_of(cost.scheme).substr(0, 60).c_str(),
          static_cast<long>(cost.lane.luts), estimated_lane_luts(cost.scheme),
          static_cast<long>(cost.channel.luts), estimated_channel_luts(cost.scheme), 100 * error,
          100 * whole);
      if (cost.scheme.method == pack::Method::Split)
        worst_split = std::max(worst_split, std::abs(error));
      else
        others.push_back(std::abs(error));
      worst_whole = std::max(worst_whole, std::abs(whole));
      methods.insert(cost.scheme.method);
    }
  }
  std::sort(others.begin(), others.end());
  ASSERT_GE(others.size(), 12u);
  EXPECT_GE(methods.size(), 4u);
  EXPECT_LE(others[others.size() / 2], 0.10);
  EXPECT_LE(others.back(), 0.40);
  EXPECT_LE(worst_split, 1.0);
  EXPECT_LE(worst_whole, 0.25);
}

}  // namespace
}  // namespace bitmason::flow
