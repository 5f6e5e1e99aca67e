#include "flow/packing_costs.hpp"

#include <chrono>
#include <cmath>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "flow/device_access.hpp"
#include "flow/flow.hpp"
#include "flow/measured_costs.hpp"
#include "flow/packing_cell.hpp"
#include "flow/packing_sample.hpp"
#include "flow_case.hpp"
#include "plan/multiplier_ports.hpp"
#include "verify/process.hpp"

namespace bitmason::flow {
namespace {

using Json = nlohmann::json;

/// Three weights by two activations with guard bits, in arrays of 2 and 8 lanes.
PackingCosts one_point() {
  pack::Layout layout;
  layout.weight_offsets = {0, 8, 16};
  layout.activation_offsets = {0, 24};
  layout.weights_on_wide_port = false;
  PackingCost cost{.packing = pack::assemble({.weight = {-1, 1}, .activation = {0, 3}}, layout, 4),
                   .few = {.lanes = 2, .luts = 120, .inverters = 18, .flip_flops = 500, .dsps = 2},
                   .many = {.lanes = 8,
                            .luts = 300,
                            .inverters = 66,
                            .flip_flops = 1400,
                            .dsps = 8,
                            .levels = 2,
                            .carry_bits = 12}};
  return {.origin = {"DSP48E2", "xczu3eg", "synth", "Yosys 0", "0123456789"},
          .cells = {{.kernel = 1,
                     .weight_bits = 2,
                     .activation_bits = 2,
                     .points = {cost},
                     .not_realised = {{"7.00 MAC/DSP, digit split", "no adders"}}}}};
}

std::filesystem::path saved(const cases::Scratch& folder, const PackingCosts& costs) {
  EXPECT_TRUE(write_file(folder / "costs.json", json_of(costs)));
  return folder / "costs.json";
}

using cases::error_of;

bool no_yosys() {
  return !verify::yosys_version().ok();
}

TEST(PackingCosts, LaneInvertersAndColumnComeApart) {
  // 6 lanes more cost 180 LUT, 48 of them inverters: 22 + 8 a lane; 300 - 8 * 30 = 60 stand once a column.
  const PackingCost cost = one_point().cells[0].points[0];
  EXPECT_DOUBLE_EQ(cost.lane_luts(), 22);
  EXPECT_DOUBLE_EQ(cost.lane_inverters(), 8);
  EXPECT_DOUBLE_EQ(cost.decoder_luts(), 60);
  EXPECT_DOUBLE_EQ(cost.lane_flip_flops(), 150);
  EXPECT_DOUBLE_EQ(cost.decoder_flip_flops(), 200);
  // Of 8 columns each multiplier has an eighth of the inverters and of its column's 60: 22 + 1 + 7.5.
  EXPECT_DOUBLE_EQ(cost.luts_per_multiplier(8), 30.5);
}

TEST(PackingCosts, TheFileHoldsEverythingAndTheSameBytesAgain) {
  const cases::Scratch folder;
  const auto read = read_costs(saved(folder, one_point()), {});
  ASSERT_TRUE(read) << to_text(read.errors());
  EXPECT_EQ(json_of(*read), json_of(one_point()));
  EXPECT_EQ(read->origin, one_point().origin);
  ASSERT_EQ(read->cells.size(), 1u);
  EXPECT_EQ(read->cells[0].points[0].few, one_point().cells[0].points[0].few);
  EXPECT_EQ(to_text(read->cells[0].points[0].packing), "3 weights x 2 pixels, 6 MAC, 6 fields, n = 4");
  EXPECT_EQ(read->cells[0].not_realised[0].reason, "no adders");
  const Json json = Json::parse(json_of(*read));
  EXPECT_EQ(json.at("complete"), false);
  EXPECT_EQ(json.at("cells_measured"), 1);
}

TEST(PackingCosts, AFileWithoutTheSignArrayStaysOfUseAndOneOfAnotherIsNot) {
  const cases::Scratch folder;
  PackingCosts costs = one_point();
  Json json = Json::parse(json_of(costs));
  json.erase("rtl_sign_sha256");  // as files were before there was that array
  std::ofstream(folder / "before.json") << json;
  const auto before = read_costs(folder / "before.json", {});
  ASSERT_TRUE(before) << to_text(before.errors());
  costs.origin.rtl_sign = "abcdef0123";
  EXPECT_TRUE(compatible(before->origin, costs.origin));
  const auto read = read_costs(saved(folder, costs), {});
  ASSERT_TRUE(read) << to_text(read.errors());
  EXPECT_TRUE(compatible(read->origin, costs.origin));
  EXPECT_EQ(to_text(read->origin), "DSP48E2, Yosys 0, synth, RTL 01234567+abcdef01");
  costs.origin.rtl_sign = "9999999999";
  EXPECT_FALSE(compatible(read->origin, costs.origin));
  costs.origin = before->origin;
  costs.origin.rtl = "another";
  EXPECT_FALSE(compatible(before->origin, costs.origin));
}

// Four channels by three pixels of w4a4 with three lower bits, a column of eight lanes: 33 lower bits and,
// for each of 12 fields, adders of 4 * (6 + 1) + 2 * (8 + 1) + 9 + 1 LUTs and an accumulator of 10 + 1.
// Synthesis says 1,070 with two of control.
TEST(PackingCosts, SignMagnitudeIsEstimatedByItsArray) {
  pack::Layout layout;
  layout.weight_offsets = {0, 3, 18, 21};
  layout.activation_offsets = {0, 6, 12};
  layout.coding = pack::Coding::SignMagnitude;
  layout.side_bits = 3;
  const auto packing = pack::assemble({.weight = {-7, 7}, .activation = {-8, 7}}, layout, 1);
  EXPECT_DOUBLE_EQ(estimated_luts({.packing = packing, .sum_bits = 16, .many = {.lanes = 8}}),
                   (8 * 33 + 12 * 67) / 8.0);
}

TEST(PackingCosts, OtherFilesAreRefused) {
  const cases::Scratch folder;
  const auto file = folder / "other.json";
  std::ofstream(file) << "{\"format\": \"x\"}";
  const auto read = read_costs(file, {});
  ASSERT_FALSE(read);
  EXPECT_EQ(to_text(read.errors()), file.string() +
                                        ": is no data of `bitmason pack --measure` (its format is not "
                                        "bitmason-packing-costs); name another file [BM-FLOW-024]\n");
}

TEST(PackingCosts, WidthsBeyondTheTablesAreRefused) {
  const PackMeasureRequest widths{.file = "costs.json", .weight_bits = {4, 9}};
  EXPECT_EQ(error_of(pack({.measure = widths, .data = cases::data()}, cases::silent)),
            "weight bits: 9 is not between 1 and 8; give for example 4 [BM-FLOW-002]\n");
  const PackMeasureRequest kernels{.file = "costs.json", .kernels = {2}};
  EXPECT_EQ(error_of(pack({.measure = kernels, .data = cases::data()}, cases::silent)),
            "kernel taps: 2 is not 1, 3 or 5; give for example 3 [BM-FLOW-002]\n");
  const PackMeasureRequest sample{.file = "costs.json", .sample = 0};
  EXPECT_EQ(error_of(pack({.measure = sample, .data = cases::data()}, cases::silent)),
            "sample: 0 is not 1 or more; give for example 10 [BM-FLOW-002]\n");
}

TEST(PackingCosts, AFileOfAnotherToolIsNotMixed) {
  if (no_yosys()) GTEST_SKIP() << "Yosys is not installed";
  const cases::Scratch folder;
  const auto file = saved(folder, one_point());
  const PackMeasureRequest measure{.file = file, .weight_bits = {2}, .activation_bits = {2}, .kernels = {1}};
  const std::string error = error_of(pack({.measure = measure, .data = cases::data()}, cases::silent));
  EXPECT_TRUE(error.starts_with(file.string() + ": holds packings measured with DSP48E2, Yosys 0, synth, RTL "
                                                "01234567 and these would be measured with DSP48E2, Yosys "))
      << error;
  EXPECT_TRUE(
      error.ends_with("; name another file, or with --keep-earlier keep packings of which only the RTL "
                      "differs [BM-FLOW-022]\n"))
      << error;
  PackMeasureRequest keeping = measure;
  keeping.keep_earlier = true;
  EXPECT_EQ(error_of(pack({.measure = keeping, .data = cases::data()}, cases::silent)), error);
}

TEST(PackingCosts, AFileOfAnotherPrimitiveIsNamed) {
  if (no_yosys()) GTEST_SKIP() << "Yosys is not installed";
  const cases::Scratch folder;
  PackMeasureRequest measure{.file = saved(folder, one_point()), .weight_bits = {2}, .activation_bits = {2}};
  const std::string expected = measure.file.string() +
                               ": holds packings of DSP48E2 and those of DSP48E1 are asked for; name another "
                               "file or give --dsp DSP48E2 [BM-FLOW-034]\n";
  EXPECT_EQ(
      error_of(pack({.primitive = "DSP48E1", .measure = measure, .data = cases::data()}, cases::silent)),
      expected);
  measure.sample = 1;
  EXPECT_EQ(
      error_of(pack({.primitive = "DSP48E1", .measure = measure, .data = cases::data()}, cases::silent)),
      expected);
}

TEST(PackingCosts, PackingsOfEarlierRtlAreMarkedWithIt) {
  PackingCosts costs = one_point();
  MeasurementOrigin now = costs.origin;
  now.rtl = "new";
  ASSERT_TRUE(carry_over(costs, now));
  EXPECT_EQ(costs.origin, now);
  EXPECT_EQ(costs.cells[0].points[0].earlier_rtl, "0123456789");
  const cases::Scratch folder;
  const auto read = read_costs(saved(folder, costs), {});
  ASSERT_TRUE(read) << to_text(read.errors());
  EXPECT_EQ(read->cells[0].points[0].earlier_rtl, "0123456789");
  EXPECT_EQ(Json::parse(json_of(*read)).at("packings_of_earlier_rtl"), 1);

  // Of two changes the first digest stays; who returns to it is of the file's RTL again.
  now.rtl = "newer";
  ASSERT_TRUE(carry_over(costs, now));
  EXPECT_EQ(costs.cells[0].points[0].earlier_rtl, "0123456789");
  ASSERT_TRUE(carry_over(costs, one_point().origin));
  EXPECT_EQ(json_of(costs), json_of(one_point()));

  now.tool = "Yosys 1";
  EXPECT_FALSE(carry_over(costs, now));
  EXPECT_EQ(json_of(costs), json_of(one_point()));
}

TEST(PackingCosts, AFileOfEarlierRtlGoesOn) {
  if (no_yosys()) GTEST_SKIP() << "Yosys is not installed";
  const cases::Scratch folder;
  PackRequest request{.primitive = "SB_MAC16",
                      .measure = PackMeasureRequest{.file = folder / "costs.json",
                                                    .weight_bits = {8},
                                                    .activation_bits = {8},
                                                    .kernels = {1},
                                                    .points = 0,
                                                    .keep_earlier = true},
                      .data = cases::data()};
  ASSERT_TRUE(pack(request, cases::silent));
  const auto measured = read_costs(request.measure->file, {});
  ASSERT_TRUE(measured);
  ASSERT_FALSE(measured->cells.at(0).points.empty());
  // The same file as if other RTL had been measured with figures that this RTL does not have.
  PackingCosts other = *measured;
  other.origin.rtl = "fedcba98";
  for (PackingCost& cost : other.cells[0].points) cost.many.luts += 1000;
  saved(folder, other);
  ASSERT_TRUE(pack(request, cases::silent));
  const auto kept = read_costs(request.measure->file, {});
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->origin, measured->origin);
  ASSERT_EQ(kept->cells.at(0).points.size(), other.cells[0].points.size());
  for (const PackingCost& cost : kept->cells[0].points) EXPECT_EQ(cost.earlier_rtl, "fedcba98");
  EXPECT_EQ(kept->cells[0].points[0].many, other.cells[0].points[0].many);
  // Without being told to keep them, what is marked is measured anew.
  request.measure->keep_earlier = false;
  ASSERT_TRUE(pack(request, cases::silent));
  const auto anew = read_costs(request.measure->file, {});
  ASSERT_TRUE(anew);
  EXPECT_TRUE(anew->cells.at(0).points.at(0).earlier_rtl.empty());
  EXPECT_EQ(anew->cells[0].points[0].many, measured->cells[0].points[0].many);
}

TEST(PackingCosts, ArraysOfEveryPrimitiveHoldADspBlockPerLane) {
  if (no_yosys()) GTEST_SKIP() << "Yosys is not installed";
  for (const char* primitive : {"DSP48E1", "MULT18X18D", "SB_MAC16"}) {
    const cases::Scratch folder;
    const PackMeasureRequest measure{.file = folder.path() / "costs.json",
                                     .weight_bits = {6},
                                     .activation_bits = {6},
                                     .kernels = {1},
                                     .points = 0,
                                     .cache = folder.path() / "cache"};
    const auto measured =
        pack({.primitive = primitive, .measure = measure, .data = cases::data()}, cases::silent);
    ASSERT_TRUE(measured) << to_text(measured.errors());
    std::ifstream stream(measure.file);
    const Json points = Json::parse(stream).at("cells").at(0).at("points");
    ASSERT_GE(points.size(), 2u) << primitive;
    for (const Json& point : points) {
      for (const Json& array : point.at("arrays")) EXPECT_EQ(array.at("dsp"), array.at("lanes")) << primitive;
    }
  }
}

/// Cells and packings that the file of a primitive has at least, and how far its estimates may be off.
struct MeasuredPrimitive {
  const char* name;
  std::size_t cells;
  std::size_t packings;
  double median;
  double of_95_per_cent;
  double usual;  ///< operands of two bits and more, but for C(3) and gaps with residue bits; from 5 LUTs on
  double worst;
};

class MeasuredCostsOf : public testing::TestWithParam<MeasuredPrimitive> {};

TEST_P(MeasuredCostsOf, EstimatesAreCloseToEveryMeasuredPoint) {
  const auto primitive = find_primitive(cases::data(), GetParam().name);
  ASSERT_TRUE(primitive);
  const auto costs =
      read_costs(measured_costs_file(cases::data(), primitive->name), plan::ports_of(*primitive));
  ASSERT_TRUE(costs) << to_text(costs.errors());
  EXPECT_EQ(costs->origin.primitive, primitive->name);
  EXPECT_GE(costs->cells.size(), GetParam().cells);
  const std::vector<double> errors = estimate_errors(*costs);
  ASSERT_GE(errors.size(), GetParam().packings);
  EXPECT_LE(std::abs(errors[errors.size() / 2]), GetParam().median);
  EXPECT_LE(std::abs(errors[errors.size() * 95 / 100]), GetParam().of_95_per_cent);
  PackingCosts usual = *costs;
  std::erase_if(usual.cells,
                [](const CellCosts& cell) { return cell.weight_bits == 1 || cell.activation_bits == 1; });
  for (CellCosts& cell : usual.cells) {
    std::erase_if(cell.points, [](const PackingCost& cost) { return cost.packing.side_bits > 2; });
    std::erase_if(cell.points, [](const PackingCost& cost) {
      const bool residue = cost.packing.rule != pack::Rule::Canary && cost.packing.side_bits > 0;
      return residue || cost.luts_per_multiplier(kReferenceColumns) < 5;
    });
  }
  ASSERT_GE(estimate_errors(usual).size(), GetParam().packings / 5);
  EXPECT_LE(std::abs(estimate_errors(usual).back()), GetParam().usual) << to_text(usual);
  EXPECT_LE(std::abs(errors.back()), GetParam().worst) << to_text(*costs);
}

// DSP48E2: w, a in 1..8 and kernel rows of 1, 3 and 5; the worst are gaps of one bit with three residue bits
// and weights of one bit under C(3).
INSTANTIATE_TEST_SUITE_P(Of, MeasuredCostsOf,
                         testing::Values(MeasuredPrimitive{"DSP48E2", 192, 850, 0.03, 0.17, 0.1, 0.61},
                                         MeasuredPrimitive{"DSP48E1", 192, 800, 0.04, 0.2, 0.2, 0.48}),
                         [](const auto& one) { return std::string(one.param.name); });

// A wrong figure in the file, measured again.
TEST(SlowPackingCosts, ASampleFindsAWrongFigure) {
  if (no_yosys()) GTEST_SKIP() << "Yosys is not installed";
  const cases::Scratch folder;
  const PackMeasureRequest sample{.file = saved(folder, one_point()), .sample = 10, .jobs = 1};
  const std::string error = error_of(pack({.measure = sample, .data = cases::data()}, cases::silent));
  EXPECT_NE(
      error.find(
          "K1 w2a2, 3 weights x 2 pixels, 6 MAC, 6 fields, n = 4: measured with Yosys 0 it had 2 lanes: "
          "120 LUT, 500 FF, 2 DSP, 0 levels + 0 carry bits; 8 lanes: 300 LUT, 1400 FF, 8 DSP, 2 "
          "levels + 12 carry bits, measured again with Yosys "),
      std::string::npos)
      << error;
  EXPECT_TRUE(error.ends_with("; measure the file again [BM-FLOW-023]\n")) << error;
}

// Another ten every day; the seed stands in the output.
TEST(PackingCosts, TenCommittedPointsMeasureTheSameAgain) {
  if (no_yosys()) GTEST_SKIP() << "Yosys is not installed";
  const auto day = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const auto seed = static_cast<std::uint64_t>(day.time_since_epoch().count());
  for (const char* primitive : {"DSP48E2", "DSP48E1"}) {
    const PackMeasureRequest sample{
        .file = measured_costs_file(cases::data(), primitive), .sample = 5, .seed = seed};
    const auto again =
        pack({.primitive = primitive, .measure = sample, .data = cases::data()}, cases::silent);
    EXPECT_TRUE(again) << "--sample 5 --seed " << seed << "\n" << to_text(again.errors());
  }
}

}  // namespace
}  // namespace bitmason::flow
