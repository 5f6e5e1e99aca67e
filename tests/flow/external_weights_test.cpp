#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "flow/flow.hpp"
#include "flow_case.hpp"

/// Designs whose weights come from external memory, with the model of a memory in the bench.
namespace bitmason::flow {
namespace {

cases::fs::path cache() {
  return cases::fs::path(BITMASON_BINARY_DIR) / "test_cache";
}

/// A 3x3 layer of 128 x 128 and a 1x1 layer of 128 x 512 weights of 3 bits on 4x4 pixels.
onnxio::Model two_large_layers() {
  std::mt19937_64 random(11);
  test::GraphWriter graph("two_large_layers");
  std::string x = graph.quant(graph.input("image", {1, 128, 4, 4}), {}, {1}, 3, false, false);
  x = graph.quant(cases::convolution(graph, random, x, 128, 128), {}, {128}, 3, true, false);
  const std::string weights = graph.quant(
      graph.constant({512, 128, 1, 1}, cases::random_weights(random, 512 * 128, 3)), {}, {1}, 3, true, true);
  const std::string y = graph.node("Conv", {x, weights}, {{"kernel_shape", std::vector<std::int64_t>{1, 1}}});
  return std::move(graph).finish(y, {1, 512, 4, 4});
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
  EXPECT_NEAR(report.at("interval_cycles").at("simulated"), planned, 0.02 * planned);

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

TEST(ExternalWeights, WhereTheyAreForbiddenTheAnswerNamesWhatIsMissing) {
  const cases::Scratch folder;
  PlanRequest request = small_part(folder);
  request.external_weights = "never";
  const auto planned = plan(request);
  ASSERT_FALSE(planned);
  std::vector<std::string> codes;
  for (const Diagnostic& error : planned.errors()) {
    if (error.code != "BM-PLAN-002") codes.push_back(error.code);
  }
  EXPECT_EQ(codes.front(), "BM-PLAN-001");
  EXPECT_EQ(codes[codes.size() - 2], "BM-FLOW-025");
  const auto part = nlohmann::json::parse(planned.errors()[planned.errors().size() - 2].details);
  EXPECT_GT(part.at("interval_cycles"), 0);
}

}  // namespace
}  // namespace bitmason::flow
