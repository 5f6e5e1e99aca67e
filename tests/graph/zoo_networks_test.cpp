#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "graph/place.hpp"
#include "graph/read.hpp"
#include "graph/write.hpp"
#include "import/import.hpp"
#include "support/zoo_models.hpp"

namespace bitmason::graph {
namespace {

int count(const Graph& graph, std::string_view kind) {
  return static_cast<int>(std::ranges::count_if(
      graph.steps, [&](const Step& step) { return kind_name(step.operation) == kind; }));
}

/// Chooses every scale that is open: 1/8.
Graph with_scales(Graph graph) {
  for (float& scale : graph.scales) scale = scale == 0 ? 0.125F : scale;
  for (Step& step : graph.steps) {
    if (Weights* weights = step.weights(); weights != nullptr && weights->quantiser.scales.empty())
      weights->quantiser.scales = {0.125F};
  }
  return graph;
}

TEST(GraphZoo, EveryFileHasItsTopologysSizeAndItsBits) {
  for (const char* name : {"ResNet-8", "DS-CNN", "CNV"}) {
    SCOPED_TRACE(name);
    const auto order = test::zoo_order(name, {});
    const auto graph = read(test::zoo_model(order));
    ASSERT_TRUE(graph.ok()) << to_text(graph.errors());
    EXPECT_EQ(size_of(*graph).weights, order.topology.weights());
    EXPECT_EQ(size_of(*graph).macs, order.topology.macs());
    EXPECT_EQ(weighted(*graph), order.topology.weighted());
    EXPECT_EQ(bits_of(*graph).weights, order.bits.weights);
    EXPECT_EQ(bits_of(*graph).activations, order.bits.activations);
  }
}

TEST(GraphZoo, AFileWrittenAndReadBackIsTheSameNetwork) {
  for (const char* name : {"ResNet-8", "DS-CNN"}) {
    SCOPED_TRACE(name);
    const auto graph = read(test::zoo_model(name, {.weights = {3}, .activations = {4}}));
    ASSERT_TRUE(graph.ok());
    const auto again = read(to_onnx(*graph));
    ASSERT_TRUE(again.ok()) << to_text(again.errors());
    EXPECT_EQ(*again, rounded(*graph));
  }
}

TEST(GraphZoo, ResNet8InOneWidthHas13ActivationQuantisersAnd3SharedScales) {
  const auto graph = read(test::zoo_model("ResNet-8", {.weights = {4}, .activations = {4}}));
  ASSERT_TRUE(graph.ok());
  const Graph placed = place(*graph, {.bits = bits_of(*graph)});
  // Image, conv0; per stack conv1, conv2 and the sum; two shortcuts; the mean.
  EXPECT_EQ(count(placed, "Quantise"), 2 + 3 * 3 + 2 + 1);
  EXPECT_EQ(placed.scales.size(), 14U - 3U) << "the two branches of each of 3 sums share one scale";
  EXPECT_EQ(placed.scales[0], 16 * placed.pixel) << "of the 8 bits of a pixel, 4 enter";
}

TEST(GraphZoo, AValueWantedInTwoWidthsIsQuantisedTwice) {
  // conv0 enters stack1_conv1 in 3 bits and the sum in the 5 bits of stack2_conv1 and its shortcut.
  const auto graph =
      read(test::zoo_model("ResNet-8", {.weights = {4}, .activations = {8, 3, 4, 5, 5, 5, 4, 4, 4, 4}}));
  ASSERT_TRUE(graph.ok());
  const Graph placed = place(without_quantisers(*graph), {.bits = bits_of(*graph)});
  EXPECT_EQ(bits_of(placed), bits_of(*graph));
  const auto has = [&](const char* name) {
    return std::ranges::any_of(placed.steps, [&](const Step& step) { return step.name == name; });
  };
  EXPECT_TRUE(has("conv0_relu_a3_codes") && has("conv0_relu_a5_codes"));
}

void expect_imported(const onnxio::Model& file, int bits) {
  const auto graph = read(file);
  ASSERT_TRUE(graph.ok()) << to_text(graph.errors());
  const auto wanted = bits_for({.weights = {bits}, .activations = {bits}}, bits_of(*graph));
  const Graph placed = place(without_quantisers(*graph), {.bits = *wanted});
  EXPECT_EQ(bits_of(placed), *wanted);
  const auto imported = import::import_onnx(to_onnx(with_scales(placed)), {});
  EXPECT_TRUE(imported.ok()) << to_text(imported.errors());
}

TEST(GraphZoo, PlacedNetworksOfOneTwoAndEightBitsAreImported) {
  const zoo::BitsRequest four{.weights = {4}, .activations = {4}};
  for (const int bits : {1, 2, 8}) {
    SCOPED_TRACE(bits);
    expect_imported(test::zoo_model("ResNet-8", four), bits);
    expect_imported(test::zoo_model("DS-CNN", four), bits);
    expect_imported(test::zoo_model({test::small_bypass(), {{4, 4, 4, 4}, {4, 3, 4, 5}}}), bits);
  }
}

TEST(GraphZooSlow, SkyNetVggTinyAndUltraNetBypassAreImportedIn4Bits) {
  for (const char* name : {"SkyNet", "VGG-tiny", "UltraNet_Bypass"})
    expect_imported(test::zoo_model(name, {.weights = {4}, .activations = {4}}), 4);
}

TEST(GraphZoo, FullRangeWeightsAreWrittenAsSuch) {
  const auto graph = read(test::zoo_model("DS-CNN", {.weights = {4}, .activations = {4}}));
  const Graph placed = place(*graph, {.bits = bits_of(*graph), .narrow = false, .per_channel = false});
  const auto again = read(to_onnx(with_scales(placed)));
  ASSERT_TRUE(again.ok());
  for (const Step& step : again->steps) {
    const Weights* weights = step.weights();
    EXPECT_TRUE(weights == nullptr || weights->quantiser.range() == (IntRange{-8, 7})) << step.name;
  }
}

}  // namespace
}  // namespace bitmason::graph
