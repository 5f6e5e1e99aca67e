#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

#include "base/file.hpp"
#include "flow/flow.hpp"
#include "flow/network_access.hpp"
#include "flow_case.hpp"
#include "support/random_network.hpp"

/// The whole road through the generated hardware in Verilator. Simulators are kept in the build folder: they
/// are found again by their content, the simulation itself always runs.
namespace bitmason::flow {
namespace {

cases::fs::path cache() {
  return cases::fs::path(BITMASON_BINARY_DIR) / "test_cache";
}

/// Builds the network for the part and verifies the folder as a user does: lint, frames back to back, stalls,
/// reset. The measured interval is the planned one within 2 %. `folding` is the text of a folding file.
void expect_exact_hardware(const onnxio::Model& model, const std::string& part,
                           std::optional<int> dsps = std::nullopt, const std::string& folding = "",
                           std::optional<int> luts = std::nullopt) {
  const cases::Scratch folder;
  BuildRequest request{.plan = {.network = {.file = folder.save(model)},
                                .part = part,
                                .dsps = dsps,
                                .luts = luts,
                                .data = cases::data()},
                       .out = folder / "design",
                       .verify = true,
                       .frames = 4,
                       .seed = 7,
                       .cache = cache()};
  if (!folding.empty()) {
    request.plan.folding_in = folder / "folding.json";
    ASSERT_TRUE(write_file(*request.plan.folding_in, folding));
  }
  const auto built = build(request, cases::silent);
  ASSERT_TRUE(built) << to_text(built.errors());
  const auto json = nlohmann::json::parse(built->json);
  const auto& exact = json.at("exact").at("rtl");
  EXPECT_EQ(exact.at("equal"), true);
  EXPECT_EQ(exact.at("frames"), 4);
  EXPECT_GT(exact.at("values"), 0);
  const auto& interval = json.at("interval_cycles");
  const double planned = interval.at("planned");
  EXPECT_NEAR(interval.at("simulated"), planned, 0.01 * planned);
}

class RandomHardware : public testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomHardware, IsExactOnXczu3eg) {
  // Few multipliers fold the layers in different ways and keep the simulators small.
  const int dsps = 12 * static_cast<int>(1 + GetParam() % 4);
  expect_exact_hardware(test::random_network({.seed = GetParam(), .max_blocks = 3, .every_kind = true}),
                        "xczu3eg", dsps);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomHardware, testing::Range<std::uint64_t>(1000, 1010));
INSTANTIATE_TEST_SUITE_P(SlowSeeds, RandomHardware, testing::Range<std::uint64_t>(1010, 1050));

class PartHardware : public testing::TestWithParam<const char*> {};

TEST_P(PartHardware, ComputesASmallNetworkExactly) {
  expect_exact_hardware(cases::small_network(), GetParam());
}

INSTANTIATE_TEST_SUITE_P(Parts, PartHardware, testing::Values("xc7z020", "lfe5um5g-85f", "ice40up5k"),
                         [](const auto& part) {
                           std::string name = part.param;
                           std::erase(name, '-');
                           return name;
                         });

// iCE40 has no memory in LUTs: Yosys would find no mapping for one.
TEST(HardwareOfIce40, NoWrittenMemoryIsAskedForInLuts) {
  const cases::Scratch folder;
  const auto built = build({.plan = {.network = {.file = folder.save(cases::small_network())},
                                     .part = "ice40up5k",
                                     .data = cases::data()},
                            .out = folder / "design"},
                           cases::silent);
  ASSERT_TRUE(built) << to_text(built.errors());
  const auto top = read_file(folder / "design" / "top.sv");
  ASSERT_TRUE(top);
  EXPECT_NE(top->find(".LINE_BLOCK(2)"), std::string::npos);
  for (const char* in_luts : {".BLOCK(0)", ".LINE_BLOCK(0)", ".TURN_BLOCK(0)"})
    EXPECT_EQ(top->find(in_luts), std::string::npos) << in_luts;
}

/// One 8-bit channel times six binary weights: products fill a field of G(1, 3) to its last value.
onnxio::Model full_fields() {
  test::GraphWriter graph("full_fields");
  const std::string x = graph.quant(graph.input("image", {1, 1, 4, 4}), {}, {1}, 8, false, false);
  const std::string weights =
      graph.quant(graph.constant({6, 1, 1, 1}, {1, 0, 1, 1, 0, 1}), {}, {1}, 1, false, false);
  const std::string y = graph.node("Conv", {x, weights}, {{"kernel_shape", std::vector<std::int64_t>{1, 1}}});
  return std::move(graph).finish(y, {1, 6, 4, 4});
}

TEST(HardwareOfOverlappingFields, FullToTheirLastValueIsExact) {
  expect_exact_hardware(full_fields(), "xczu3eg", 1);
}

/// A 3x3 layer of 8-bit weights and activations, 4 to 8 channels.
onnxio::Model bytes() {
  std::mt19937_64 random(11);
  test::GraphWriter graph("bytes");
  const std::string x = graph.quant(graph.input("image", {1, 4, 8, 8}), {}, {1}, 8, true, false);
  const std::string weights = graph.quant(
      graph.constant({8, 4, 3, 3}, cases::random_weights(random, 8 * 4 * 9, 127)), {}, {1}, 8, true, true);
  const std::string y = graph.node("Conv", {x, weights}, {{"kernel_shape", std::vector<std::int64_t>{3, 3}}});
  return std::move(graph).finish(y, {1, 8, 6, 6});
}

// Two products of 8 bits fit no whole SB_MAC16, but its two halves: twice as fast with as many blocks.
TEST(HardwareOfSplitMultipliers, TwoWeightsABlockAreExact) {
  const cases::Scratch folder;
  constexpr int kLuts = 600;
  const auto planned = plan({.network = {.file = folder.save(bytes())},
                             .part = "ice40up5k",
                             .dsps = 4,
                             .luts = kLuts,
                             .data = cases::data()});
  ASSERT_TRUE(planned) << to_text(planned.errors());
  const auto json = nlohmann::json::parse(planned->json);
  EXPECT_LE(json.at("interval_cycles"), 36 * 9 * 4 * 8 / 8);
  EXPECT_NE(
      planned->json.find("2 multipliers of 8 x 8 on the same activations, together 2 weights x 1 pixel"),
      std::string::npos)
      << planned->json;
  expect_exact_hardware(bytes(), "ice40up5k", 4, "", kLuts);
}

/// 12 signed channels of one pixel through two layers of constant weights, one of whose outputs is always its
/// bias.
onnxio::Model two_dense_layers() {
  std::mt19937_64 random(3);
  test::GraphWriter graph("two_dense_layers");
  const auto dense = [&](const std::string& x, int in, int out, int constant) {
    std::vector<double> values = cases::random_weights(random, in * out, 15);
    for (int i = 0; i < in; ++i) values[static_cast<std::size_t>(constant * in + i)] = 0;
    std::vector<double> bias = cases::random_weights(random, out, 40);
    const std::string weights = graph.quant(graph.constant({out, in, 1, 1}, values), {}, {1}, 5, true, true);
    return graph.node("Conv", {x, weights, graph.constant({out}, bias)},
                      {{"kernel_shape", std::vector<std::int64_t>{1, 1}}});
  };
  std::string x = graph.quant(graph.input("features", {1, 12, 1, 1}), {}, {1}, 4, true, false);
  x = graph.quant(graph.node("Relu", {dense(x, 12, 20, 6)}), {}, {32}, 3, false, false);
  return std::move(graph).finish(dense(x, 20, 5, 2), {1, 5, 1, 1});
}

TEST(HardwareOfConstantWeights, TakesAFrameEveryCycleExactly) {
  expect_exact_hardware(two_dense_layers(), "xczu3eg", 4);
}

/// 24 channels of 8 x 64, a 2x2 pool and a 1x1 layer.
onnxio::Model pool_and_pointwise() {
  std::mt19937_64 random(1);
  test::GraphWriter graph("pool_and_pointwise");
  const std::string x = graph.quant(graph.input("image", {1, 24, 8, 64}), {}, {1}, 4, false, false);
  const std::vector<std::int64_t> two{2, 2};
  const std::string pooled = graph.node("MaxPool", {x}, {{"kernel_shape", two}, {"strides", two}});
  const std::string weights = graph.quant(
      graph.constant({24, 24, 1, 1}, cases::random_weights(random, 24 * 24, 3)), {}, {1}, 3, true, true);
  const std::string y =
      graph.node("Conv", {pooled, weights}, {{"kernel_shape", std::vector<std::int64_t>{1, 1}}});
  return std::move(graph).finish(y, {1, 24, 4, 32});
}

TEST(HardwareOfAPool, WhoseRowsNarrowOnTheWayKeepsThePlannedInterval) {
  // 8 channels a beat become 6 through 2: the pool's input and the stream of 2 channels both take all
  // 1,536 cycles of the interval, and the pool sends its rows in half of them.
  expect_exact_hardware(pool_and_pointwise(), "xczu3eg", std::nullopt,
                        R"({"Defaults": {"PE": [8, ["StreamingMaxPool"]], "SIMD": [6, ["MVAU"]]}})");
}

/// 2 channels of 16 x 24 through two 3x3 layers with requantisers and a 2x2 pool between.
onnxio::Model two_layers_and_a_pool() {
  std::mt19937_64 random(5);
  test::GraphWriter graph("two_layers_and_a_pool");
  const std::vector<std::int64_t> two{2, 2};
  std::string x = graph.quant(graph.input("image", {1, 2, 16, 24}), {}, {1}, 3, false, false);
  x = graph.quant(graph.node("Relu", {cases::convolution(graph, random, x, 2, 4)}), {}, {8}, 3, false, false);
  x = graph.node("MaxPool", {x}, {{"kernel_shape", two}, {"strides", two}});
  x = graph.quant(graph.node("Relu", {cases::convolution(graph, random, x, 4, 2)}), {}, {16}, 3, false,
                  false);
  return std::move(graph).finish(x, {1, 2, 8, 12});
}

TEST(HardwareOfWideBeats, TakesSeveralPixelsACycleExactly) {
  const cases::Scratch folder;
  const auto planned = plan({.network = {.file = folder.save(two_layers_and_a_pool())},
                             .part = "xczu7ev",
                             .dsps = 150,
                             .data = cases::data()});
  ASSERT_TRUE(planned) << to_text(planned.errors());
  // 16 x 24 pixels: four a cycle, in two arrays of the first layer.
  EXPECT_LE(nlohmann::json::parse(planned->json).at("interval_cycles"), 96);
  expect_exact_hardware(two_layers_and_a_pool(), "xczu7ev", 150);
}

/// left of scale 0.1 times weights of scale 0.7, plus right of scale 0.3: as float32 these are fractions of
/// 24 bits, so the sum's multipliers have up to 48.
onnxio::Model sum_of_distant_scales() {
  std::mt19937_64 random(1);
  test::GraphWriter graph("distant_scales");
  const std::string left = graph.quant(graph.input("left", {1, 2, 4, 4}), {}, {0.1}, 4, false, false);
  const std::string right = graph.quant(graph.input("right", {1, 2, 4, 4}), {}, {0.3}, 4, true, false);
  const std::string weights =
      graph.quant(graph.constant({2, 2, 1, 1}, {0.7, -1.4, 2.1, 0.7}), {}, {0.7}, 3, true, true);
  const std::string product =
      graph.node("Conv", {left, weights}, {{"kernel_shape", std::vector<std::int64_t>{1, 1}}});
  return std::move(graph).finish(graph.node("Add", {product, right}), {1, 2, 4, 4});
}

TEST(HardwareOfASum, WithMultipliersBeyond32BitsIsExact) {
  const cases::Scratch folder;
  const auto loaded = load_network({.file = folder.save(sum_of_distant_scales())});
  ASSERT_TRUE(loaded) << to_text(loaded.errors());
  std::int64_t largest = 0;
  for (const ir::Layer& layer : loaded->network.layers()) {
    const auto* add = std::get_if<ir::Add>(&layer.operation);
    if (add == nullptr) continue;
    for (const std::int64_t multiplier : add->multipliers) largest = std::max(largest, std::abs(multiplier));
  }
  EXPECT_GT(largest, std::int64_t{1} << 32);
  expect_exact_hardware(sum_of_distant_scales(), "xczu3eg");
}

TEST(BuildAndVerify, ReportsTheEngineAndTheHardware) {
  const cases::Scratch folder;
  const auto built =
      build({.plan = {.network = {.file = folder.save(cases::small_network())}, .data = cases::data()},
             .out = folder / "design",
             .verify = true,
             .cache = cache()},
            cases::silent);
  ASSERT_TRUE(built) << to_text(built.errors());
  const auto exact = nlohmann::json::parse(built->json).at("exact");
  EXPECT_EQ(exact.at("engine").at("equal"), true);
  EXPECT_EQ(exact.at("rtl").at("equal"), true);
  // Both frames' outputs of 3 x 4 x 4 codes, once.
  EXPECT_EQ(exact.at("rtl").at("frames"), 2);
  EXPECT_EQ(exact.at("rtl").at("values"), 2 * 48);
}

/// Bipolar activations padded with zero: a sum of one input doubles the codes so that zero is one.
onnxio::Model padded_bipolar() {
  std::mt19937_64 random(1);
  test::GraphWriter graph("padded_bipolar");
  const std::string x =
      graph.node("BipolarQuant", {graph.input("image", {1, 2, 4, 4}), graph.constant({}, {1})});
  return std::move(graph).finish(cases::convolution(graph, random, x, 2, 3), {1, 3, 4, 4});
}

TEST(HardwareOfASum, OfOneInputLintsAndIsExact) {
  const cases::Scratch folder;
  const auto loaded = load_network({.file = folder.save(padded_bipolar())});
  ASSERT_TRUE(loaded) << to_text(loaded.errors());
  const auto& layers = loaded->network.layers();
  EXPECT_TRUE(std::any_of(layers.begin(), layers.end(), [](const ir::Layer& layer) {
    return std::holds_alternative<ir::Add>(layer.operation) && layer.inputs.size() == 1;
  }));
  expect_exact_hardware(padded_bipolar(), "xczu3eg");
}

TEST(HardwareWithSeveralPorts, IsExact) {
  expect_exact_hardware(cases::two_by_two(), "xczu3eg");
}

/// The first word of every entry's name: "simulator" of "simulator-8c1f...".
std::multiset<std::string> kinds_in(const cases::fs::path& folder) {
  std::multiset<std::string> kinds;
  for (const auto& entry : cases::fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    kinds.insert(name.substr(0, name.find('-')));
  }
  return kinds;
}

TEST(HardwareEngine, WritesTheFileOfTheReferenceAndKeepsItsSimulatorOnly) {
  const cases::Scratch folder;
  cases::fs::create_directories(folder / "temporary");
  ASSERT_EQ(::setenv("TMPDIR", folder.text("temporary").c_str(), 1), 0);
  RunRequest request{.network = {.file = folder.save(cases::small_network())},
                     .inputs = {folder.save(cases::random_values({3, 2, 4, 4}, 5), "x.npy").string()},
                     .outputs = {folder.text("reference.npy")},
                     .engine = "reference",
                     .data = cases::data()};
  ASSERT_TRUE(run(request, cases::silent));
  request.engine = "rtl";
  request.outputs = {folder.text("rtl.npy")};
  const auto ran = run(request, cases::silent);
  ASSERT_TRUE(ran) << to_text(ran.errors());
  EXPECT_EQ(*read_file(folder / "rtl.npy"), *read_file(folder / "reference.npy"));
  EXPECT_EQ(nlohmann::json::parse(ran->json).at("engine"), "rtl");
  // With a cache, in parts of two frames: the second run finds design and simulator.
  request.cache = folder / "cache";
  request.chunk = 2;
  for (int i = 0; i < 2; ++i) {
    cases::fs::remove(folder / "rtl.npy");
    const auto again = run(request, cases::silent);
    ASSERT_TRUE(again) << to_text(again.errors());
    EXPECT_EQ(*read_file(folder / "rtl.npy"), *read_file(folder / "reference.npy"));
    EXPECT_EQ(kinds_in(folder / "cache"), (std::multiset<std::string>{"design", "simulator"}));
  }
  EXPECT_EQ(kinds_in(folder / "temporary"), std::multiset<std::string>{});
  ::unsetenv("TMPDIR");
}

}  // namespace
}  // namespace bitmason::flow
