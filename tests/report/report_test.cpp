#include "report/report.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/file.hpp"

namespace bitmason::report {
namespace {

using Json = nlohmann::json;

/// A design with two layers and nothing measured.
Report planned() {
  Report report{.network = "tiny", .part = "xczu3eg", .clock_mhz = 250, .interval_planned = 1000};
  report.resources["dsp"] = {4, {}, 360};
  report.resources["lut"] = {900, {}, 70560};
  report.layers = {
      {.name = "image", .kind = "input", .bits = 8, .cycles = 64, .lut = 20},
      {.name = "conv1",
       .kind = "conv",
       .bits = 14,
       .weight_bits = 4,
       .packing = "outer product, 2 x 2",
       .pe = 4,
       .simd = 3,
       .cycles = 1000,
       .dsp = 4,
       .lut = 880,
       .bram18 = 2,
       .input_bits = 8,
       .accumulator_bits = 14,
       .ff = 650,
       .uram = 1},
  };
  report.dsp_utilisation = DspUtilisation{0.75, 2, 3, {"conv8"}};
  report.sources["interval_cycles.planned"] = "estimated, bitmason plan";
  return report;
}

/// The same with everything measured.
Report measured() {
  Report report = planned();
  report.interval_simulated = 1250;
  report.latency = 1900;
  report.resources["dsp"].synthesised = 4;
  report.resources["lut"].synthesised = 850;
  report.resources["ff"] = {700, 710, 141120};
  report.resources["bram18"] = {2, 3, 432};
  report.resources["uram"] = {0, 0, 0};
  report.exact["engine"] = {true, 4, 8000, "aa", "x.npy", {}};
  report.exact["rtl"] = {false,
                         2,
                         40,
                         "bb",
                         "random and extreme codes, seed 1",
                         {{"no stalls", true, 2}, {"stalls, seed 1", false, 1}}};
  report.depth = Depth{4, 12, "conv1/sum", "conv1/out"};
  report.modules = {{"image_in", "bm_axis", "image", 0, 20, 30, 0},
                    {"u1", "bm_conv", "conv1", 4, 830, 680, 3}};
  report.notes = {"the clock is an assumption"};
  return report;
}

void expect_equal(const Report& a, const Report& b) {
  // The document holds every field, so equal documents are equal reports.
  EXPECT_EQ(to_json(a), to_json(b));
  EXPECT_EQ(a.interval_simulated, b.interval_simulated);
  EXPECT_EQ(a.latency, b.latency);
  EXPECT_EQ(a.depth.has_value(), b.depth.has_value());
  ASSERT_EQ(a.layers.size(), b.layers.size());
  EXPECT_EQ(a.layers[1].packing, b.layers[1].packing);
  EXPECT_EQ(a.layers[0].weight_bits, b.layers[0].weight_bits);
  EXPECT_EQ(a.modules.size(), b.modules.size());
  EXPECT_EQ(a.notes, b.notes);
  EXPECT_EQ(a.sources, b.sources);
}

TEST(ReportTest, JsonReadsBackToTheSameReport) {
  for (const Report& report : {planned(), measured()}) {
    const auto back = parse_report(to_json(report), "report.json");
    ASSERT_TRUE(back) << to_text(back.errors());
    expect_equal(*back, report);
  }
}

TEST(ReportTest, MeasuredReportHoldsEveryStableKey) {
  const Json json = Json::parse(to_json(measured()));
  EXPECT_EQ(json.at("network"), "tiny");
  EXPECT_EQ(json.at("part"), "xczu3eg");
  EXPECT_EQ(json.at("clock_mhz"), 250.0);
  EXPECT_EQ(json.at("interval_cycles"), Json({{"planned", 1000}, {"simulated", 1250}}));
  EXPECT_EQ(json.at("latency_cycles"), 1900);
  // Planned for 1000 cycles, simulated in 1250: 0.75 * 0.8.
  EXPECT_DOUBLE_EQ(json.at("dsp_utilisation").at("simulated").get<double>(), 0.6);
  EXPECT_EQ(json.at("dsp_utilisation").at("requantise_dsp"), 3);
  EXPECT_EQ(json.at("dsp_utilisation").at("lut_layers"), Json({"conv8"}));
  // 250 MHz / 1250 cycles.
  EXPECT_EQ(json.at("fps"), 200000.0);
  EXPECT_EQ(json.at("resources"),
            Json({{"dsp", {{"estimated", 4}, {"synthesised", 4}, {"available", 360}}},
                  {"lut", {{"estimated", 900}, {"synthesised", 850}, {"available", 70560}}},
                  {"ff", {{"estimated", 700}, {"synthesised", 710}, {"available", 141120}}},
                  {"bram18", {{"estimated", 2}, {"synthesised", 3}, {"available", 432}}},
                  {"uram", {{"estimated", 0}, {"synthesised", 0}, {"available", 0}}}}));
  EXPECT_EQ(
      json.at("exact"),
      Json({{"engine",
             {{"equal", true}, {"frames", 4}, {"values", 8000}, {"input_sha256", "aa"}, {"input", "x.npy"}}},
            {"rtl",
             {{"equal", false},
              {"frames", 2},
              {"values", 40},
              {"input_sha256", "bb"},
              {"input", "random and extreme codes, seed 1"},
              {"runs",
               {{{"name", "no stalls"}, {"equal", true}, {"frames", 2}},
                {{"name", "stalls, seed 1"}, {"equal", false}, {"frames", 1}}}}}}}));
  EXPECT_EQ(json.at("depth"),
            Json({{"levels", 4}, {"carry_bits", 12}, {"from", "conv1/sum"}, {"to", "conv1/out"}}));
  EXPECT_EQ(json.at("layers").at(1),
            Json({{"name", "conv1"},
                  {"kind", "conv"},
                  {"bits", 14},
                  {"input_bits", 8},
                  {"weight_bits", 4},
                  {"accumulator_bits", 14},
                  {"packing", "outer product, 2 x 2"},
                  {"parallelism", {{"pe", 4}, {"simd", 3}}},
                  {"cycles", 1000},
                  {"resources", {{"dsp", 4}, {"lut", 880}, {"ff", 650}, {"bram18", 2}, {"uram", 1}}}}));
}

TEST(ReportTest, WhatIsNotMeasuredIsAbsent) {
  const Json json = Json::parse(to_json(planned()));
  EXPECT_EQ(json.at("interval_cycles"), Json({{"planned", 1000}}));
  // Without a simulation the rate follows the planned interval: 250 MHz / 1000 cycles.
  EXPECT_EQ(json.at("fps"), 250000.0);
  for (const char* key : {"latency_cycles", "depth", "modules", "notes"})
    EXPECT_FALSE(json.contains(key)) << key;
  EXPECT_EQ(json.at("exact"), Json::object());
  EXPECT_EQ(json.at("resources").at("dsp"), Json({{"estimated", 4}, {"available", 360}}));
  EXPECT_FALSE(json.at("resources").contains("ff"));
  const Json& input = json.at("layers").at(0);
  for (const char* key : {"input_bits", "weight_bits", "accumulator_bits", "packing", "parallelism"})
    EXPECT_FALSE(input.contains(key)) << key;
}

TEST(ReportTest, TextOfAPlannedDesign) {
  EXPECT_EQ(to_text(planned()),
            "tiny on xczu3eg\n"
            "\n"
            "nothing compared yet; run `bitmason verify`\n"
            "\n"
            "interval  1000 cycles planned (estimated)\n"
            "rate      250000.0 frames/s at 250 MHz (assumed clock)\n"
            "DSPs      75.0 % used at the planned interval (estimated)\n"
            "          of what the densest packings with 2 side bits could do; 3 more requantise\n"
            "          1 layer multiplied in LUTs\n"
            "\n"
            "resource   estimated  synthesised  available\n"
            "dsp                4            -        360\n"
            "lut              900            -      70560\n"
            "\n"
            "layer (estimated)    kind              w bits   cycles  DSP    LUT BRAM18  packing\n"
            "image                input                  8       64    0     20      0  \n"
            "conv1                conv              4   14     1000    4    880      2  outer product\n"
            "\n"
            "sources\n"
            "  interval_cycles.planned          estimated, bitmason plan\n"
            "\n"
            "not simulated: run `bitmason verify` to compare the hardware\n");
}

TEST(ReportTest, WhatIsSynthesisedBeyondThePartIsAMisfit) {
  Report report = planned();
  EXPECT_TRUE(report.misfits().empty()) << "nothing is synthesised";
  report.resources["dsp"].synthesised = 360;
  report.resources["lut"].synthesised = 70561;
  EXPECT_EQ(
      report.misfits(),
      std::vector<std::string>{"the design does not fit xczu3eg: 70561 lut synthesised and 70560 available; "
                               "take a larger part or ask for less"});
}

TEST(ReportTest, VerdictSaysWhatWasSimulated) {
  Report report = planned();
  report.exact["engine"] = {.equal = true, .frames = 3};
  EXPECT_EQ(verdict(report), "not simulated: run `bitmason verify` to compare the hardware");
  Exactness& rtl = report.exact["rtl"] = {.equal = true, .frames = 1};
  EXPECT_EQ(verdict(report), "exact: 1 frame in Verilator equals the network's integers");
  rtl.frames = 3;
  rtl.runs = {{"no stalls", true, 3}, {"stalls, seed 1", true, 2}, {"reset in mid-frame", true, 2}};
  EXPECT_EQ(
      verdict(report),
      "exact: 3 frames in Verilator equal the network's integers, with and without stalls and after a reset");
  report.exact["netlist"] = {.equal = false};
  EXPECT_EQ(verdict(report), "DIFFERENT: level netlist found a difference; this is no exact design");
}

TEST(ReportTest, TextOfAMeasuredDesignNamesVerdictsDepthModulesAndNotes) {
  const std::string text = to_text(measured());
  for (const char* part :
       {"engine    bit-exact (4 frames, 8000 values)\n"
        "          frames of x.npy\n"
        "rtl       DIFFERENT (2 frames, 40 values)\n"
        "          frames of random and extreme codes, seed 1\n"
        "          no stalls: 2 frames equal\n"
        "          stalls, seed 1: 1 frame DIFFERENT\n",
        "interval  1000 cycles planned (estimated), 1250 measured (simulated)\n"
        "latency   1900 cycles (simulated)\n"
        "rate      200000.0 frames/s at 250 MHz (assumed clock)\n"
        "DSPs      75.0 % used at the planned interval (estimated), 60.0 % at the measured one (simulated)\n"
        "          of what the densest packings with 2 side bits could do; 3 more requantise\n"
        "          1 layer multiplied in LUTs\n"
        "depth     4 LUT levels, 12 carry bits (synthesised)\n"
        "          from conv1/sum\n"
        "          to   conv1/out\n",
        "ff               700          710     141120\n",
        "\ninstance (synthesised)       module                   DSP     LUT      FF  BRAM18\n"
        "image_in                     bm_axis                    0      20      30       0\n"
        "u1                           bm_conv                    4     830     680       3\n",
        "\nnotes\n  the clock is an assumption\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nis not in\n" << text;
  }
}

TEST(ReportTest, MeasurementsMoveToAnotherPlanOfTheSameHardware) {
  Report again = planned();
  again.clock_mhz = 100;
  again.resources["ff"] = {777, {}, 141120};
  again.resources["bram18"] = {2, {}, 432};
  again.resources["uram"] = {0, {}, 0};
  again.sources["interval_cycles.planned"] = "estimated, another version";
  Report expected = measured();
  expected.clock_mhz = 100;
  expected.resources["ff"].estimated = 777;
  expected.sources["interval_cycles.planned"] = "estimated, another version";
  expect_equal(with_measurements(again, measured()), expected);
}

std::string error_of(const std::string& json) {
  const auto report = parse_report(json, "out/report.json");
  return report ? "accepted" : bitmason::to_text(report.errors());
}

std::string missing(const std::string& path) {
  return "out/report.json: " + path +
         " is missing or malformed; write the folder again with `bitmason build` [BM-REPORT-001]\n";
}

TEST(ReportTest, MalformedReportsNameThePath) {
  EXPECT_EQ(error_of("{"), missing("the JSON text"));
  EXPECT_EQ(error_of("[]"), missing("network"));
  Json json = Json::parse(to_json(measured()));
  json["layers"][1]["cycles"] = "many";
  EXPECT_EQ(error_of(json.dump()), missing("layers[1].cycles"));
  json = Json::parse(to_json(measured()));
  json["layers"][0]["resources"].erase("lut");
  EXPECT_EQ(error_of(json.dump()), missing("layers[0].resources.lut"));
  json = Json::parse(to_json(measured()));
  json["exact"]["rtl"]["equal"] = 1;
  EXPECT_EQ(error_of(json.dump()), missing("exact.rtl.equal"));
  json = Json::parse(to_json(measured()));
  json["interval_cycles"]["planned"] = 10.5;
  EXPECT_EQ(error_of(json.dump()), missing("interval_cycles.planned"));
  for (const char* key : {"resources", "exact", "layers", "sources", "modules", "notes", "depth"}) {
    json = Json::parse(to_json(measured()));
    json[key] = 7;
    EXPECT_NE(error_of(json.dump()), "accepted") << key;
    EXPECT_EQ(error_of(json.dump()).rfind("out/report.json: " + std::string(key), 0), 0u) << key;
  }
}

TEST(ReportTest, FolderHoldsBothForms) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "bitmason_report_test";
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(write_report(folder, measured()));
  EXPECT_EQ(*read_file(folder / "report.json"), to_json(measured()) + "\n");
  EXPECT_EQ(*read_file(folder / "report.txt"), to_text(measured()));
  const auto back = read_report(folder);
  ASSERT_TRUE(back);
  expect_equal(*back, measured());
  std::filesystem::remove_all(folder);
  const auto gone = read_report(folder);
  ASSERT_FALSE(gone);
  EXPECT_EQ(bitmason::to_text(gone.errors()),
            (folder / "report.json").string() +
                ": cannot read the file (no such file); check the path and its permissions [BM-FILE-001]\n");
}

}  // namespace
}  // namespace bitmason::report
