#include "qat/integer_evaluation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "graph/initialise.hpp"
#include "graph/place.hpp"
#include "graph/read.hpp"
#include "graph/write.hpp"
#include "import/import.hpp"
#include "qat/agreement.hpp"
#include "qat/images.hpp"
#include "qat/trainer.hpp"
#include "sim/engine.hpp"
#include "support/zoo_models.hpp"

namespace bitmason::qat {
namespace {

using graph::Graph;

/// One 1x1 convolution to two channels, pooling, two logits; everything countable by hand.
Graph by_hand() {
  const graph::Conv conv{.weights = {.shape = {2, 1, 1, 1},
                                     .values = {1.5F, -0.5F},
                                     .quantiser = {.bits = 3, .scales = {0.5F, 0.25F}}}};
  // variance + 2^-16 = 4, so the norm halves.
  const graph::BatchNorm norm{{1, 1}, {0, 20}, {0, 0}, {4 - 0x1p-16F, 4 - 0x1p-16F}};
  const graph::Linear dense{.weights = {.shape = {2, 2},
                                        .values = {0.125F, -0.125F, 0.25F, 0.375F},
                                        .bias = {1.25F, -1.75F},
                                        .quantiser = {.bits = 3, .per_channel = false, .scales = {0.125F}}}};
  return {"by_hand",
          {1, 2, 2},
          1,
          {{"conv", conv, {0}},
           {"norm", norm, {1}},
           {"relu", graph::Relu{}, {2}},
           {"relu_codes", graph::Quantise{4, false, 0}, {3}},
           {"pool", graph::MaxPool{{.kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2}}, {4}},
           {"flatten", graph::Flatten{}, {5}},
           {"dense", dense, {6}}},
          {2}};
}

TEST(IntegerEvaluation, TwoFramesByHand) {
  // Channel 0: x * 3 * 0.5 / 2 / 2 = 3x/8: 0, 1.5 -> 2, 3.375 -> 3, 15 (clamped): maximum 15.
  // Channel 1: (x * -2 * 0.25 / 2 + 20) / 2 = 10 - x/8: 10, 9.5 -> 10, 8.875 -> 9, 0 (clamped): maximum 10.
  // Second frame, four times 12: 4.5 -> 4 (half to even), 8.5 -> 8. Biases 5 and -7 of 0.25.
  const data::ImageSet images{{1, 2, 2}, {0, 4, 9, 255, 12, 12, 12, 12}, {0, 1}};
  const auto evaluation = evaluate(by_hand(), images, {.keep_activations = true});
  ASSERT_TRUE(evaluation.ok()) << to_text(evaluation.errors());
  EXPECT_EQ(evaluation->output, (Codes{15 - 10 + 5, 30 + 30 - 7, 4 - 8 + 5, 8 + 24 - 7}));
  EXPECT_EQ(evaluation->units, (std::vector<double>{0.25}));
  EXPECT_EQ(evaluation->activations.at("relu_codes"),
            (Codes{0, 2, 3, 15, 10, 10, 9, 0, 4, 4, 4, 4, 8, 8, 8, 8}));
  EXPECT_EQ(predicted_classes(*evaluation, 2), (std::vector<int>{1, 1}));
  EXPECT_DOUBLE_EQ(accuracy(by_hand(), images, 1).value(), 0.5);
}

TEST(IntegerEvaluation, EqualOutputsGiveTheFirstClass) {
  EXPECT_EQ(predicted_classes({.output = {3, 3, 1, 0, 2, 2}, .units = {1}}, 3), (std::vector<int>{0, 1}));
}

TEST(IntegerEvaluation, UnitsPerChannelDecideTheClass) {
  EXPECT_EQ(predicted_classes({.output = {3, 2}, .units = {1, 2}}, 2), (std::vector<int>{1}));
}

TEST(IntegerEvaluation, ALayerThatReadsRealNumbersIsRefused) {
  Graph graph = by_hand();
  graph.steps[4].inputs = {3};
  const data::ImageSet images{{1, 2, 2}, {0, 4, 9, 255}, {0}};
  EXPECT_EQ(to_text(evaluate(graph, images, {}).errors()),
            "pool: reads real numbers and codes are needed; place a quantiser before it (`bitmason-train "
            "quantize`) [BM-QAT-026]\n");
}

TEST(IntegerEvaluation, ASumOfScalesThatNoSmallIntegersRelateIsRefused) {
  Graph graph = by_hand();
  graph.scales = {2, 0.7F};
  graph.steps.insert(graph.steps.begin() + 4,
                     {{"other_codes", graph::Quantise{4, false, 1}, {3}}, {"sum", graph::Add{}, {4, 5}}});
  for (std::size_t i = 6; i < graph.steps.size(); ++i) graph.steps[i].inputs = {static_cast<int>(i)};
  const data::ImageSet images{{1, 2, 2}, {0, 4, 9, 255}, {0}};
  // 0.7 is the float 11744051 / 2^24.
  EXPECT_EQ(
      to_text(evaluate(graph, images, {}).errors()),
      "sum: its inputs have scales 2 and 11744051/16777216, which no small integers relate; quantise both "
      "with one scale [BM-QAT-027]\n");
}

/// Differing output codes between the file in the integer simulator and the trainer, on `count` images.
std::size_t differences(const onnxio::Model& file, const Graph& graph, std::size_t count) {
  const auto imported = import::import_onnx(file, {});
  EXPECT_TRUE(imported.ok()) << to_text(imported.errors());
  const auto images = noise(graph.input, count, 2);
  const auto own = evaluate(graph, images, {.threads = 1});
  EXPECT_TRUE(own.ok()) << to_text(own.errors());
  const auto simulated = simulated_codes(graph, imported->network, images, 1);
  const int outputs = static_cast<int>(own->output.size() / count);
  EXPECT_GT(*std::max_element(simulated.begin(), simulated.end()),
            *std::min_element(simulated.begin(), simulated.end()));
  return compare_codes(own->output, simulated, outputs).different;
}

/// Differing activation codes in the layers of both that have one name; `layers` counts these.
std::size_t activation_differences(const ir::Network& network, const Graph& graph,
                                   const data::ImageSet& images, std::size_t& layers) {
  const auto own = evaluate(graph, images, {.threads = 1, .keep_activations = true});
  EXPECT_TRUE(own.ok()) << to_text(own.errors());
  sim::Engine engine(network, {.threads = 1, .keep_all = true});
  std::map<std::string, Codes> simulated;
  for (std::size_t i = 0; i < images.count(); ++i) {
    const auto pixels = images.image(i);
    const std::vector<sim::Codes> frame{{pixels.begin(), pixels.end()}};
    const auto trace = engine.run(frame);
    for (std::size_t k = 0; k < trace.size(); ++k) {
      auto& codes = simulated[network.layers()[k].name];
      codes.insert(codes.end(), trace[k].begin(), trace[k].end());
    }
  }
  std::size_t different = 0;
  layers = 0;
  for (const auto& [name, codes] : own->activations) {
    const auto found = simulated.find(name + "_quant");
    if (found == simulated.end()) continue;
    ++layers;
    different += compare_codes(codes, found->second, 1).different;
  }
  return different;
}

/// The file of the zoo itself, and what the graph writes of it.
void expect_agreement(const onnxio::Model& file, std::size_t count) {
  const auto graph = graph::read(file);
  ASSERT_TRUE(graph.ok()) << to_text(graph.errors());
  EXPECT_EQ(differences(file, *graph, count), 0U) << graph->name << " as the zoo writes it";
  EXPECT_EQ(differences(graph::to_onnx(*graph), *graph, count), 0U) << graph->name << " as it is exported";
}

TEST(IntegerEvaluation, AgreesWithTheSimulatorOn200ImagesOfZooNetworks) {
  expect_agreement(
      test::zoo_model("ResNet-8", {.weights = {4}, .activations = {8, 3, 4, 5, 5, 5, 4, 4, 4, 4}}), 200);
  expect_agreement(test::zoo_model("DS-CNN", {.weights = {3}, .activations = {5}}), 200);
  expect_agreement(test::zoo_model({test::small_mobilenet(), {{4, 3, 2, 1, 4, 8}, {8, 4, 4, 3, 2, 8}}}), 200);
  expect_agreement(test::zoo_model({test::small_bypass(), {{4, 4, 4, 4}, {8, 3, 4, 5}}}), 200);
}

TEST(IntegerEvaluationSlow, ResNet8After256StepsAgreesInEveryCodeOf200Images) {
  const auto read = graph::read(
      test::zoo_model("ResNet-8", {.weights = {4}, .activations = {8, 4, 4, 4, 4, 4, 4, 4, 4, 4}}));
  ASSERT_TRUE(read.ok());
  const auto start = graph::place(graph::he_initialised(*read, 1), {.bits = graph::bits_of(*read)});
  const auto images = noise(start.input, 256, 10);
  const auto trained =
      train(start, images, images, {.settings = {.epochs = 16, .batch = 16, .flip = false, .max_shift = 0}});
  ASSERT_TRUE(trained.ok()) << to_text(trained.errors());
  EXPECT_GE(accuracy(*trained, images, 1).value(), 0.5) << "of noise learned by heart";
  const auto file = graph::to_onnx(*trained);
  ASSERT_TRUE(onnxio::write_model(
                  std::filesystem::path(BITMASON_BINARY_DIR) / "qat_trained_networks" / "resnet8.onnx", file)
                  .ok());
  EXPECT_EQ(differences(file, *trained, 200), 0U);
  const auto imported = import::import_onnx(file, {});
  std::size_t layers = 0;
  EXPECT_EQ(activation_differences(imported->network, *trained, images.slice(0, 200), layers), 0U);
  EXPECT_EQ(layers, 13U) << "all quantisers but the image's";
}

TEST(IntegerEvaluationSlow, AgreesWithTheSimulatorOn200ImagesOfVggTiny) {
  expect_agreement(test::zoo_model("VGG-tiny", {.weights = {2}, .activations = {3}}), 200);
}

}  // namespace
}  // namespace bitmason::qat
