#include <nlohmann/json.hpp>

#include "emit/design_folder.hpp"
#include "flow/flow.hpp"
#include "flow/planning.hpp"
#include "flow_case.hpp"
#include "support/random_network.hpp"
#include "timing/run.hpp"
#include "verify/design_simulator.hpp"

/// The handshake model against Verilator, and FIFOs that lose a tenth.
namespace bitmason::flow {
namespace {

cases::fs::path cache() {
  return cases::fs::path(BITMASON_BINARY_DIR) / "test_cache";
}

/// A 3x3 layer of 8 channels and its input meet in a sum, pooled 3x3 with padding at stride 2; 32 x 12 pixels
/// of 4 bits.
onnxio::Model residual_and_pool() {
  std::mt19937_64 random(1);
  test::GraphWriter graph("residual_and_pool");
  const std::string x = graph.quant(graph.input("image", {1, 8, 12, 32}), {}, {1}, 4, true, false);
  const std::string deep = graph.quant(cases::convolution(graph, random, x, 8, 8), {}, {8}, 4, true, false);
  const std::string scaled =
      graph.quant(cases::convolution(graph, random, deep, 8, 8), {}, {8}, 4, true, false);
  const std::string sum = graph.node("Add", {scaled, x});
  const std::string y = graph.node("MaxPool", {sum},
                                   {{"kernel_shape", std::vector<std::int64_t>{3, 3}},
                                    {"strides", std::vector<std::int64_t>{2, 2}},
                                    {"pads", std::vector<std::int64_t>{1, 1, 1, 1}}});
  return std::move(graph).finish(y, {1, 8, 6, 16});
}

/// Three inputs of a Concat leave a chain of 3x3 layers at different places, the first one pooled.
onnxio::Model concat_of_three() {
  std::mt19937_64 random(2);
  test::GraphWriter graph("concat_of_three");
  const std::string x = graph.quant(graph.input("image", {1, 4, 16, 24}), {}, {1}, 4, false, false);
  const std::string a =
      graph.quant(graph.node("Relu", {cases::convolution(graph, random, x, 4, 8)}), {}, {8}, 4, false, false);
  const std::string b =
      graph.quant(graph.node("Relu", {cases::convolution(graph, random, a, 8, 8)}), {}, {8}, 4, false, false);
  const std::string joined = graph.node("Concat", {x, a, b}, {{"axis", std::int64_t{1}}});
  const std::vector<std::int64_t> two{2, 2};
  const std::string y = graph.node("MaxPool", {joined}, {{"kernel_shape", two}, {"strides", two}});
  return std::move(graph).finish(y, {1, 20, 8, 12});
}

PlannedNetwork planned(const cases::fs::path& file, std::optional<int> dsps) {
  auto plan = make_plan({.network = {.file = file}, .part = "xczu3eg", .dsps = dsps, .data = cases::data()});
  EXPECT_TRUE(plan) << to_text(plan.errors());
  return *std::move(plan);
}

/// What the model says of the design is what Verilator measures on `frames` frames, cycle by cycle.
void expect_model_is_right(const onnxio::Model& model, std::optional<int> dsps) {
  const cases::Scratch folder;
  const auto file = folder.save(model);
  const auto built =
      build({.plan = {.network = {.file = file}, .part = "xczu3eg", .dsps = dsps, .data = cases::data()},
             .out = folder / "design",
             .verify = true,
             .frames = 6,
             .cache = cache()},
            cases::silent);
  ASSERT_TRUE(built) << to_text(built.errors());
  const auto report = nlohmann::json::parse(built->json);
  const PlannedNetwork net = planned(file, dsps);
  const auto design = hw::lower(net.loaded.network, net.plan, net.part, net.primitive);
  ASSERT_TRUE(design);
  const timing::Run run = timing::run(*design, {});
  EXPECT_EQ(report.at("latency_cycles"), run.ends.at(0) + 1);
  EXPECT_EQ(report.at("interval_cycles").at("simulated"), run.interval());
  EXPECT_EQ(report.at("interval_cycles").at("planned"), run.interval());
  if (!report.contains("fifos")) return;
  for (const auto& fifo : report.at("fifos")) EXPECT_EQ(fifo.at("mark_simulated"), fifo.at("mark")) << fifo;
}

TEST(HandshakeModel, IsVerilatorsTimingOfAResidualWithAPool) {
  expect_model_is_right(residual_and_pool(), 24);
}

TEST(SlowHandshakeModelOfOne, IsVerilatorsTimingOfAConcatOfThree) {
  expect_model_is_right(concat_of_three(), std::nullopt);
}

class SlowHandshakeModel : public testing::TestWithParam<std::uint64_t> {};

TEST_P(SlowHandshakeModel, IsVerilatorsTimingOfRandomNetworks) {
  expect_model_is_right(test::random_network({.seed = GetParam(), .max_blocks = 3, .every_kind = true}),
                        12 * static_cast<int>(1 + GetParam() % 4));
}

INSTANTIATE_TEST_SUITE_P(Seeds, SlowHandshakeModel, testing::Range<std::uint64_t>(1000, 1012));

/// Verilator's interval of the plan, the mean over the frames behind the second, rounded up; nothing where
/// the design gets stuck.
std::optional<std::int64_t> simulated_interval(const PlannedNetwork& net, const cases::fs::path& folder) {
  constexpr std::size_t kFrames = 6;
  const auto design = hw::lower(net.loaded.network, net.plan, net.part, net.primitive);
  EXPECT_TRUE(design);
  const auto written = emit::write_design(*design, net.loaded.network, folder, cases::data().rtl(), {});
  EXPECT_TRUE(written) << to_text(written.errors());
  const auto files = verify::read_design(folder);
  EXPECT_TRUE(files) << to_text(files.errors());
  const auto ports = verify::map_ports(*files, net.loaded.network);
  std::vector<sim::Codes> frame;
  for (const auto& input : net.loaded.network.inputs()) {
    const auto& type = net.loaded.network.layers()[static_cast<std::size_t>(input.layer)].type;
    frame.emplace_back(static_cast<std::size_t>(type.shape.elements()), type.range.lo);
  }
  auto stimulus = verify::stimulus_of(*files, *ports, std::vector(kFrames, frame));
  EXPECT_TRUE(stimulus);
  // No frame takes longer than all of them are planned for.
  stimulus->idle_limit = 8 * net.plan.interval.value;
  const verify::Workbench workbench{
      .support = cases::fs::path(BITMASON_SOURCE_DIR) / "src" / "verify", .cache = cache(), .jobs = 2};
  const auto request = verify::design_request(*files, false);
  const auto program = verify::build_simulator(request, workbench);
  EXPECT_TRUE(program) << to_text(program.errors());
  const auto recording = verify::simulate(*program, request.ports, *stimulus, workbench);
  EXPECT_TRUE(recording) << to_text(recording.errors());
  if (recording->stuck) return std::nullopt;
  std::uint64_t span = 0;
  for (std::size_t k = 0; k < files->outputs.size(); ++k) {
    const auto beats = static_cast<std::size_t>(files->outputs[k].beats_per_frame());
    const auto& out = recording->outputs[k];
    span = std::max(span, out[kFrames * beats - 1].cycle - out[2 * beats - 1].cycle);
  }
  return static_cast<std::int64_t>((span + kFrames - 3) / (kFrames - 2));
}

/// Every FIFO above 1 kbit, built with a tenth less (at least one beat), makes Verilator's interval longer or
/// stops the design. Returns their number.
int expect_every_fifo_needed(const cases::Scratch& folder, const cases::fs::path& file,
                             std::optional<int> dsps = std::nullopt) {
  const PlannedNetwork net = planned(file, dsps);
  EXPECT_EQ(simulated_interval(net, folder / "whole"), net.plan.interval.value);
  int tried = 0;
  for (std::size_t k = 0; k < net.plan.fifos.size(); ++k) {
    if (net.plan.fifos[k].bits() <= 1000) continue;
    PlannedNetwork smaller = net;
    plan::FifoPlan& fifo = smaller.plan.fifos[k];
    fifo.depth -= std::max(1, fifo.depth / 10);
    const auto interval = simulated_interval(smaller, folder / std::to_string(++tried));
    EXPECT_GT(interval.value_or(net.plan.interval.value + 1), net.plan.interval.value)
        << fifo.producer << " -> " << fifo.consumer << " with " << fifo.depth << " beats";
    testing::Test::RecordProperty(fifo.producer + "_to_" + fifo.consumer,
                                  interval ? std::to_string(*interval) : "stuck");
  }
  return tried;
}

TEST(EveryFifo, OfAResidualWithAPoolIsNeededToATenth) {
  const cases::Scratch folder;
  EXPECT_GE(expect_every_fifo_needed(folder, folder.save(residual_and_pool()), 24), 1);
}

TEST(SlowEveryFifo, OfAConcatOfThreeIsNeededToATenth) {
  const cases::Scratch folder;
  EXPECT_GE(expect_every_fifo_needed(folder, folder.save(concat_of_three())), 1);
}

class SlowEveryFifoOfTheZoo : public testing::TestWithParam<const char*> {};

TEST_P(SlowEveryFifoOfTheZoo, IsNeededToATenth) {
  const cases::Scratch folder;
  const auto file = folder / "net.onnx";
  ASSERT_TRUE(write_zoo({.name = GetParam(), .output = file}, cases::silent));
  EXPECT_GE(expect_every_fifo_needed(folder, file), 1);
}

INSTANTIATE_TEST_SUITE_P(Networks, SlowEveryFifoOfTheZoo, testing::Values("ResNet-8", "UltraNet_Bypass"),
                         [](const auto& name) {
                           std::string text = name.param;
                           std::erase(text, '-');
                           return text;
                         });

class SlowEveryFifoOfRandom : public testing::TestWithParam<std::uint64_t> {};

TEST_P(SlowEveryFifoOfRandom, NetworksIsNeededToATenth) {
  const cases::Scratch folder;
  const auto model = test::random_network({.seed = GetParam(), .max_blocks = 3, .every_kind = true});
  const int tried =
      expect_every_fifo_needed(folder, folder.save(model), 12 * static_cast<int>(1 + GetParam() % 4));
  if (tried == 0) GTEST_SKIP() << "no FIFO of this network is above 1 kbit";
}

INSTANTIATE_TEST_SUITE_P(Seeds, SlowEveryFifoOfRandom, testing::Range<std::uint64_t>(1000, 1012));

}  // namespace
}  // namespace bitmason::flow
