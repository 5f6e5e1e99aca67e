#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/report.hpp"

namespace bitmason::report {
namespace {

Liveness two_layers() {
  return {"x.npy, random and extreme codes, seed 1",
          3,
          {{"conv1_quant", 16, 15, 2000, 900, 16, 0, ""},
           {"conv2_quant", 16, 4, 2000, 1700, 10, 2, "uses 4 of 16 codes, less than 75 %"}}};
}

TEST(LivenessTest, TextGivesTheWorstOfAllLayersAndNamesThoseNotAlive) {
  // 4 of 16 codes, 1700 of 2000 values, 2 of 10 channels.
  EXPECT_EQ(to_text(two_layers()),
            "liveness  1 of 2 requantised layers alive on frames of x.npy, random and extreme codes, seed 1\n"
            "          at worst 25 % of the codes used, 85 % of the values one code, 20 % of the channels "
            "constant\n"
            "warning: conv2_quant: uses 4 of 16 codes, less than 75 %; exactness there proves little\n");
  EXPECT_EQ(to_text(Liveness{"x.npy", 1, {}}), "liveness  no requantised layer\n");
}

TEST(LivenessTest, TheReportHoldsEveryLayerAndReadsBack) {
  Report report{.network = "tiny", .part = "xczu3eg", .clock_mhz = 250, .interval_planned = 1000};
  report.liveness = two_layers();
  const auto json = nlohmann::json::parse(to_json(report)).at("liveness");
  EXPECT_EQ(json.at("frames"), 3);
  EXPECT_EQ(json.at("layers").at(1), nlohmann::json({{"name", "conv2_quant"},
                                                     {"codes", 16},
                                                     {"used", 4},
                                                     {"values", 2000},
                                                     {"most_frequent", 1700},
                                                     {"channels", 10},
                                                     {"constant", 2},
                                                     {"warning", "uses 4 of 16 codes, less than 75 %"}}));
  EXPECT_FALSE(json.at("layers").at(0).contains("warning"));
  const auto back = parse_report(to_json(report), "report.json");
  ASSERT_TRUE(back) << to_text(back.errors());
  EXPECT_EQ(to_json(*back), to_json(report));
  EXPECT_NE(to_text(report).find("liveness  1 of 2"), std::string::npos);
  EXPECT_EQ(to_json(with_measurements(Report{}, report)).find("liveness") == std::string::npos, false);
}

}  // namespace
}  // namespace bitmason::report
