#include <nlohmann/json.hpp>

#include "flow/flow.hpp"
#include "flow_case.hpp"

namespace bitmason::flow {
namespace {

using Json = nlohmann::json;

using cases::error_of;

TEST(PlanDocument, ExplainsEveryLayer) {
  const cases::Scratch folder;
  const auto planned = plan(
      {.network = {.file = folder.save(cases::small_network())}, .explain = true, .data = cases::data()});
  ASSERT_TRUE(planned) << to_text(planned.errors());
  const Json told = Json::parse(planned->json).at("explain");
  ASSERT_EQ(told.at("layers").size(), 3u);
  EXPECT_EQ(told.at("layers")[0].at("bound_by"), "implementations");
  EXPECT_EQ(told.at("layers")[1].at("bound_by"), "implementations");
  EXPECT_EQ(told.at("interval_cycles_with_one_dsp"), 4);
  EXPECT_NE(planned->text.find("The whole design: 4 cycles with one more DSP"), std::string::npos)
      << planned->text;
}

TEST(PlanDocument, HoldsEveryLayerAndItsTotals) {
  const cases::Scratch folder;
  const auto planned = plan({.network = {.file = folder.save(cases::small_network())},
                             .folding_out = folder / "folding.json",
                             .data = cases::data()});
  ASSERT_TRUE(planned) << to_text(planned.errors());
  const Json json = Json::parse(planned->json);
  EXPECT_EQ(json.at("part"), "xczu3eg");
  EXPECT_EQ(json.at("clock_mhz"), 250.0);
  EXPECT_GT(json.at("interval_cycles").get<int>(), 0);
  EXPECT_GT(json.at("latency_cycles").get<int>(), 0);
  // A row of the 4 x 4 image a cycle.
  EXPECT_EQ(json.at("bound"), Json({{"by", "input stream"}, {"layers", {"image"}}}));
  EXPECT_EQ(json.at("lower_bound_cycles"), json.at("interval_cycles"));
  EXPECT_NE(planned->text.find(
                "bound by the stream of image, whose beats cannot be wider; more of the part would not help\n"
                "no plan of these implementations with all weights on the part is faster (proved)\n"
                "cost 0."),
            std::string::npos)
      << planned->text;
  // The proof may be 0.1 % below; this network needs no FIFO.
  EXPECT_LE(json.at("lower_bound_cost").get<double>(), json.at("cost").get<double>());
  EXPECT_GE(json.at("lower_bound_cost").get<double>(), 0.998 * json.at("cost").get<double>());
  const Json& used = json.at("dsp_utilisation");
  ASSERT_EQ(used.at("layers").size(), 1u);
  EXPECT_EQ(used.at("share"), used.at("layers")[0].at("share"));
  // Input, convolution and requantisation.
  ASSERT_EQ(json.at("layers").size(), 3u);
  std::int64_t dsps = 0;
  for (const Json& layer : json.at("layers")) dsps += layer.at("dsp").get<std::int64_t>();
  EXPECT_EQ(json.at("total").at("dsp"), dsps);
  // The folding file that was written gives the same plan again.
  const auto again = plan({.network = {.file = folder / "net.onnx"},
                           .folding_in = folder / "folding.json",
                           .data = cases::data()});
  ASSERT_TRUE(again) << to_text(again.errors());
  EXPECT_EQ(again->json, planned->json);
}

TEST(PlanDocument, SaysWhereTheCostModelIsOfAnotherFamily) {
  const cases::Scratch folder;
  const auto file = folder.save(cases::small_network());
  const auto planned = plan({.network = {.file = file}, .part = "lfe5um5g-85f", .data = cases::data()});
  ASSERT_TRUE(planned) << to_text(planned.errors());
  EXPECT_NE(planned->text.find("note: LUTs and memories are estimated as of UltraScale+; this family"),
            std::string::npos)
      << planned->text;
  const auto fitted = plan({.network = {.file = file}, .part = "xczu3eg", .data = cases::data()});
  ASSERT_TRUE(fitted) << to_text(fitted.errors());
  EXPECT_EQ(fitted->text.find("note:"), std::string::npos) << fitted->text;
}

TEST(PlanDocument, AFoldingFileIsNamedWhereItIsWhatBounds) {
  const cases::Scratch folder;
  const auto file = folder.save(cases::small_network());
  const auto slow = plan({.network = {.file = file},
                          .part = "xczu3eg",
                          .target_fps = 100,
                          .folding_out = folder / "slow.json",
                          .data = cases::data()});
  ASSERT_TRUE(slow) << to_text(slow.errors());
  const auto fixed = plan({.network = {.file = file},
                           .part = "xczu3eg",
                           .folding_in = folder / "slow.json",
                           .data = cases::data()});
  ASSERT_TRUE(fixed) << to_text(fixed.errors());
  EXPECT_NE(fixed->text.find("as the folding file fixes it"), std::string::npos) << fixed->text;
}

TEST(PlanDocument, LeastFifosMayFitWhereTheSafeOnesDoNot) {
  // The bypass's safe FIFO alone takes more than these 10 half blocks.
  const cases::Scratch folder;
  const auto file = folder / "bypass.onnx";
  ASSERT_TRUE(write_zoo({.name = "UltraNet_Bypass", .weights = {4}, .activations = {4}, .output = file},
                        cases::silent));
  const auto planned = plan(
      {.network = {.file = file}, .part = "xczu3eg", .brams = 5, .explain = true, .data = cases::data()});
  ASSERT_TRUE(planned) << to_text(planned.errors());
  const Json json = Json::parse(planned->json);
  EXPECT_LE(json.at("total").at("bram18"), 10);
  EXPECT_EQ(json.at("interval_cycles"), json.at("lower_bound_cycles"));
}

TEST(PlanDocument, LimitsAreNamedWhereThePartItselfWouldDo) {
  const cases::Scratch folder;
  const auto refused = plan({.network = {.file = folder.save(cases::small_network())},
                             .part = "xczu3eg",
                             .luts = 10,
                             .brams = 0,
                             .data = cases::data()});
  ASSERT_FALSE(refused);
  const std::string text = to_text(refused.errors());
  EXPECT_NE(text.find("without the limits given it fits xczu3eg: "), std::string::npos) << text;
  EXPECT_NE(text.find("raise --luts, --brams or leave it out [BM-FLOW-030]"), std::string::npos) << text;
  EXPECT_EQ(text.find("BM-FLOW-025"), std::string::npos) << text;
}

TEST(PlanDocument, BadLimitsAreRefused) {
  const cases::Scratch folder;
  PlanRequest request{.network = {.file = folder.save(cases::small_network())}, .data = cases::data()};
  request.clock_mhz = 0;
  EXPECT_EQ(error_of(plan(request)),
            "--clock-mhz: 0 is not above 0 and below 1e15; give for example 250 [BM-FLOW-002]\n");
  request.clock_mhz = {};
  request.target_fps = -5;
  EXPECT_EQ(error_of(plan(request)),
            "--target-fps: -5 is not above 0 and below 1e15; give for example 1000 [BM-FLOW-002]\n");
  request.target_fps = {};
  request.dsps = -1;
  EXPECT_EQ(error_of(plan(request)), "--dsps: -1 is not 0 or more; give for example 100 [BM-FLOW-002]\n");
  request.dsps = {};
  request.network.input_scale = "one";
  EXPECT_EQ(error_of(plan(request)),
            "--input-scale: one is not a rational number; give for example 1/255 [BM-FLOW-002]\n");
  request.network.input_scale = "1";
  ASSERT_TRUE(write_file(folder / "folding.json", "[]"));
  request.folding_in = folder / "folding.json";
  EXPECT_TRUE(error_of(plan(request)).starts_with(folder.text("folding.json") + ": "))
      << error_of(plan(request));
}

}  // namespace
}  // namespace bitmason::flow
