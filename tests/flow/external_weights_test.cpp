#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/text.hpp"
#include "flow/flow.hpp"
#include "flow_case.hpp"

/// Designs whose weights come from external memory, with the model of a memory in the bench.
namespace bitmason::flow {
namespace {

cases::fs::path cache() {
  return cases::fs::path(BITMASON_BINARY_DIR) / "test_cache";
}

/// A 3x3 layer of 128 x 128 and a 1x1 layer of 128 x `outputs` weights of 3 bits on 4x4 pixels.
onnxio::Model two_large_layers(int outputs = 512) {
  std::mt19937_64 random(11);
  test::GraphWriter graph("two_large_layers");
  std::string x = graph.quant(graph.input("image", {1, 128, 4, 4}), {}, {1}, 3, false, false);
  x = graph.quant(cases::convolution(graph, random, x, 128, 128), {}, {128}, 3, true, false);
  const std::string weights =
      graph.quant(graph.constant({outputs, 128, 1, 1}, cases::random_weights(random, outputs * 128, 3)), {},
                  {1}, 3, true, true);
  const std::string y = graph.node("Conv", {x, weights}, {{"kernel_shape", std::vector<std::int64_t>{1, 1}}});
  return std::move(graph).finish(y, {1, outputs, 4, 4});
}

PlanRequest small_part(const cases::Scratch& folder) {
  return {.network = {.file = folder.save(two_large_layers())},
          .part = "xczu3eg",
          .dsps = 24,
          .luts = 7000,
          .brams = 2,
          .bandwidth = 4000,
          .data = cases::data()};
}

TEST(ExternalWeights, OfTwoLayersAreReadExactlyAndInTime) {
  const cases::Scratch folder;
  const auto built = build({.plan = small_part(folder),
                            .out = folder / "design",
                            .verify = true,
                            .frames = 4,
                            .seed = 7,
                            .cache = cache()},
                           cases::silent);
  ASSERT_TRUE(built) << to_text(built.errors());
  const auto report = nlohmann::json::parse(built->json);
  EXPECT_EQ(report.at("exact").at("rtl").at("equal"), true);
  const double planned = report.at("interval_cycles").at("planned");
  EXPECT_NEAR(report.at("interval_cycles").at("simulated"), planned, 0.01 * planned);

  const auto design = nlohmann::json::parse(*read_file(folder / "design/design.json"));
  const auto& memory = design.at("external_memory");
  ASSERT_EQ(memory.at("regions").size(), 2u);
  // 147,456 and 65,536 weights of 3 bits, read once for each of the four rows.
  const std::int64_t least[] = {55296, 24576};
  for (std::size_t k = 0; k < 2; ++k) {
    const auto& region = memory.at("regions")[k];
    EXPECT_GE(region.at("bytes"), least[k]);
    EXPECT_EQ(region.at("words").get<std::int64_t>() * region.at("word_bits").get<std::int64_t>(),
              least[k] * 8);
    EXPECT_EQ(region.at("reads_per_frame"), 4);
    EXPECT_EQ(region.at("offset").get<std::int64_t>() % 4096, 0);
  }
  EXPECT_EQ(memory.at("bytes"), read_file(folder / "design/weights.bin")->size());
}

/// The last two diagnostics: the nearest part and the nearest width of the weights.
std::pair<Diagnostic, Diagnostic> nearest(const Diagnostics& errors) {
  EXPECT_GE(errors.size(), 3u);
  return {errors[errors.size() - 2], errors.back()};
}

TEST(Misfit, NamesTheSmallestPartThatFits) {
  const cases::Scratch folder;
  const PlanRequest limited = small_part(folder);
  const auto planned = plan(
      {.network = limited.network, .part = "ice40up5k", .external_weights = "never", .data = cases::data()});
  ASSERT_FALSE(planned);
  const auto [part, width] = nearest(planned.errors());
  const auto where = nlohmann::json::parse(part.details);
  EXPECT_EQ(where.at("part"), "xc7z020")
      << "the smallest that holds 212,992 weights of 3 bits beside the rest";
  EXPECT_EQ(
      part.message(),
      fmt::format("two_large_layers: the smallest known part on which it fits is xc7z020: {} cycles a frame "
                  "planned, {} frames/s at 125 MHz; give --part xc7z020 [BM-FLOW-025]",
                  where.at("interval_cycles").get<std::int64_t>(),
                  rate_text(125e6 / where.at("interval_cycles").get<double>())));
}

TEST(Misfit, NamesLimitsThatAreInTheWayAndTheWidestWeightsThatFit) {
  const cases::Scratch folder;
  PlanRequest request = small_part(folder);
  request.external_weights = "never";
  const auto planned = plan(request);
  ASSERT_FALSE(planned);
  EXPECT_EQ(planned.errors().front().code, "BM-PLAN-001");
  const auto [part, width] = nearest(planned.errors());
  const auto where = nlohmann::json::parse(part.details);
  EXPECT_EQ(
      part.message(),
      fmt::format("two_large_layers: without the limits given it fits xczu3eg: {} cycles a frame planned, "
                  "{} frames/s at 250 MHz; raise {} or leave it out [BM-FLOW-030]",
                  where.at("interval_cycles").get<std::int64_t>(),
                  rate_text(250e6 / where.at("interval_cycles").get<double>()),
                  where.at("limits").get<std::string>()));
  const auto narrow = nlohmann::json::parse(width.details);
  ASSERT_LT(narrow.at("weight_bits"), 3);
  EXPECT_EQ(width.message(),
            fmt::format(
                "two_large_layers: it would fit xczu3eg with weights of at most {} bit{}: {} cycles a frame "
                "planned, {} frames/s at 250 MHz; train it with narrower weights [BM-FLOW-027]",
                narrow.at("weight_bits").get<int>(), narrow.at("weight_bits").get<int>() == 1 ? "" : "s",
                narrow.at("interval_cycles").get<std::int64_t>(),
                rate_text(250e6 / narrow.at("interval_cycles").get<double>())));
}

TEST(Misfit, SaysWhereNoKnownPartAndNoWidthHelps) {
  const cases::Scratch folder;
  const cases::fs::path devices = cases::fs::path(BITMASON_SOURCE_DIR) / "devices";
  cases::fs::create_directories(folder / "devices/parts");
  cases::fs::copy(devices / "primitives", folder / "devices/primitives");
  cases::fs::copy(devices / "parts/ice40up5k.json", folder / "devices/parts/ice40up5k.json");
  const auto planned = plan({.network = {.file = folder.save(two_large_layers(8192))},
                             .part = "ice40up5k",
                             .data = {folder.path()}});
  ASSERT_FALSE(planned);
  const auto [part, width] = nearest(planned.errors());
  EXPECT_EQ(part.message(),
            "two_large_layers: it fits none of the 1 known parts; use narrower operands or fewer channels "
            "[BM-FLOW-026]");
  EXPECT_EQ(
      width.message(),
      "two_large_layers: narrower weights alone do not make it fit ice40up5k; use fewer channels or a larger "
      "part [BM-FLOW-028]");
}

TEST(Misfit, AMissedTargetNamesThePartThatReachesIt) {
  const cases::Scratch folder;
  const PlanRequest request{.network = {.file = folder.save(two_large_layers(64))},
                            .part = "xc7z020",
                            .target_fps = 1e6,
                            .data = cases::data()};
  const auto planned = plan(request);
  ASSERT_FALSE(planned);
  EXPECT_EQ(planned.errors().front().code, "BM-PLAN-003") << to_text(planned.errors());
  ASSERT_EQ(planned.errors().back().code, "BM-FLOW-031") << to_text(planned.errors());
  const auto where = nlohmann::json::parse(planned.errors().back().details);
  EXPECT_GE(where.at("frames_per_second").get<double>(), 1e6);
  PlanRequest impossible = request;
  impossible.target_fps = 1e12;
  const auto none = plan(impossible);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.errors().back().code, "BM-FLOW-032") << to_text(none.errors());
}

}  // namespace
}  // namespace bitmason::flow
