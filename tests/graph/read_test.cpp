#include "graph/read.hpp"

#include <gtest/gtest.h>

#include "graph/place.hpp"
#include "graph/write.hpp"
#include "onnxio/qonnx_builder.hpp"

namespace bitmason::graph {
namespace {

using Ints = std::vector<std::int64_t>;

/// A file with one image of 1 x 4 x 4 and whatever the caller adds.
struct File {
  onnxio::QonnxBuilder builder{"net", "test"};
  std::string image = builder.input("image", {1, 1, 4, 4});

  std::string conv(const std::string& name, const std::string& in, Ints shape = {2, 1, 3, 3}) {
    std::int64_t size = 1;
    for (const auto extent : shape) size *= extent;
    std::vector<double> values;
    for (std::int64_t i = 0; i < size; ++i) values.push_back(static_cast<double>(i % 5) - 2);
    const auto weights = builder.constant(name + "_weight", std::move(shape), values);
    return builder.node(name, "Conv", {in, weights}, {{"pads", Ints{1, 1, 1, 1}}});
  }
  Result<Graph> read_with(const std::string& output = "output") {
    builder.output(output, {});
    return read(builder.take());
  }
  std::string message(const std::string& output = "output") {
    const auto graph = read_with(output);
    return graph.ok() ? "fine" : to_text(graph.errors());
  }
};

TEST(GraphRead, AFloatClassifierWithBatchNormAndSoftmax) {
  File file;
  auto x = file.conv("conv", file.image);
  const std::vector<float> two{2, 3};
  x = file.builder.node("norm", "BatchNormalization",
                        {x, file.builder.per_channel("g", two), file.builder.per_channel("b", two),
                         file.builder.per_channel("m", two), file.builder.per_channel("v", two)});
  x = file.builder.node("relu", "Relu", {x});
  x = file.builder.node("mean", "GlobalAveragePool", {x});
  x = file.builder.node("flat", "Reshape", {x, "target"});
  x = file.builder.node("fc", "MatMul", {x, file.builder.constant("w", {2, 3}, {1, 2, 3, 4, 5, 6})});
  x = file.builder.node("fc_bias", "Add", {x, file.builder.constant("fb", {3}, {7, 8, 9})});
  file.builder.node("softmax", "Softmax", {x});
  file.builder.output("output", {1, 3});
  auto model = file.builder.take();
  model.initializers.push_back({"target", {2}, "int64", {1, -1}, {}});
  const auto graph = read(model);
  ASSERT_TRUE(graph.ok()) << to_text(graph.errors());
  std::vector<std::string_view> kinds;
  for (const Step& step : graph->steps) kinds.push_back(kind_name(step.operation));
  EXPECT_EQ(kinds,
            (std::vector<std::string_view>{"Conv", "BatchNorm", "Relu", "AveragePool", "Flatten", "Linear"}));
  const Weights& dense = *graph->steps.back().weights();
  EXPECT_EQ(dense.values, (std::vector<float>{1, 4, 2, 5, 3, 6})) << "output first";
  EXPECT_EQ(dense.bias, (std::vector<float>{7, 8, 9}));
  EXPECT_FLOAT_EQ(graph->pixel, 1.0F / 255);
  EXPECT_EQ(size_of(*graph).macs, 2 * 9 * 16 + 6);
}

TEST(GraphRead, ANormBehindTheLastLayerGoesIntoItsWeights) {
  File file;
  const auto x = file.conv("conv", file.image, {1, 1, 1, 1});
  const auto y = file.builder.node("add", "Add", {x, file.builder.constant("a", {1, 1, 1}, {5})});
  file.builder.node("mul", "Mul", {y, file.builder.constant("f", {1, 1, 1}, {3})});
  const auto graph = file.read_with();
  ASSERT_TRUE(graph.ok()) << to_text(graph.errors());
  ASSERT_EQ(graph->steps.size(), 1U);
  // (-2 x + 5) * 3.
  EXPECT_EQ(graph->steps[0].weights()->values, (std::vector<float>{-6}));
  EXPECT_EQ(graph->steps[0].weights()->bias, (std::vector<float>{15}));
}

TEST(GraphRead, AnUnknownOperatorIsNamed) {
  File file;
  file.conv("conv", file.builder.node("wave", "Sin", {file.image}));
  EXPECT_EQ(
      file.message(),
      "wave: operator Sin cannot be trained; replace it by those that docs/training.md lists, or cut the "
      "network before it [BM-GRAPH-010]\n");
}

TEST(GraphRead, AReluBehindAPoolMovesBeforeItAndNeedsNoSign) {
  File file;
  auto x = file.conv("conv", file.image);
  x = file.builder.node("pool", "MaxPool", {x}, {{"kernel_shape", Ints{2, 2}}, {"strides", Ints{2, 2}}});
  file.conv("last", file.builder.node("relu", "Relu", {x}), {1, 2, 1, 1});
  const auto graph = file.read_with();
  ASSERT_TRUE(graph.ok()) << to_text(graph.errors());
  const Graph placed = place(*graph, {.bits = {{4, 4}, {8, 4}}});
  std::vector<std::string> names;
  for (const Step& step : placed.steps) names.push_back(step.name);
  EXPECT_EQ(names, (std::vector<std::string>{"input_codes", "conv", "relu", "relu_codes", "pool", "last"}));
  EXPECT_FALSE(std::get<Quantise>(placed.steps[3].operation).is_signed);
}

TEST(GraphRead, ATransposedConstantIsTheWeightsOfADenseLayer) {
  File file;
  const auto flat = file.builder.node("flat", "Flatten", {file.image});
  std::vector<double> values(32);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i);
  const auto weights = file.builder.node("t", "Transpose", {file.builder.constant("w", {2, 16}, values)},
                                         {{"perm", Ints{1, 0}}});
  file.builder.node("fc", "MatMul", {flat, weights});
  const auto graph = file.read_with();
  ASSERT_TRUE(graph.ok()) << to_text(graph.errors());
  EXPECT_EQ(graph->steps.back().weights()->values, std::vector<float>(values.begin(), values.end()));
}

TEST(GraphRead, AnOutputThatNothingComputesIsRefused) {
  File file;
  file.conv("conv", file.image);
  file.builder.output("output", {});
  auto model = file.builder.take();
  model.outputs[0].name = "other";
  EXPECT_EQ(to_text(read(model).errors()),
            "net: input other is not computed and a value of the network is needed; export the network again "
            "with its constants folded [BM-GRAPH-012]\n");
}

TEST(GraphRead, DilationTwoIsRefused) {
  File file;
  file.builder.node("conv", "Conv", {file.image, file.builder.constant("w", {1, 1, 1, 1}, {1})},
                    {{"dilations", Ints{2, 2}}});
  EXPECT_TRUE(file.message().starts_with(
      "conv: attribute dilations is [2, 2] and [1, 1] is needed; export the node again with that "
      "[BM-GRAPH-011]\n"));
}

TEST(GraphRead, ThreeFactorsForTwoChannelsAreRefused) {
  File file;
  const auto x = file.conv("conv", file.image);
  file.builder.node("mul", "Mul", {x, file.builder.constant("f", {3, 1, 1}, {1, 2, 3})});
  EXPECT_TRUE(file.message().starts_with(
      "mul: constant f has 3 elements and 2 are needed; use one for all channels or one per channel "
      "[BM-GRAPH-013]\n"));
}

TEST(GraphRead, AQuantiserOfNineBitsIsRefused) {
  File file;
  file.conv("conv", file.builder.quant("q", file.image, 1, {.bits = 9}));
  EXPECT_TRUE(file.message().starts_with(
      "q_quant: the quantiser's width is 9 and 1 to 8 bits is needed; change the quantiser, or remove it "
      "[BM-GRAPH-014]\n"));
}

TEST(GraphRead, ThreeScalesForTwoFiltersAreRefused) {
  File file;
  const auto weights = file.builder.constant("w", {2, 1, 1, 1}, {1, 2});
  const auto scales = file.builder.constant("s", {3, 1, 1, 1}, {1, 1, 1});
  const auto coded = file.builder.quant("q", weights, scales, {.bits = 4, .is_signed = true});
  file.builder.node("conv", "Conv", {file.image, coded});
  EXPECT_EQ(
      file.message(),
      "conv: the quantiser's number of scales is 3 and 1 or one per output is needed; change the quantiser, "
      "or remove it [BM-GRAPH-014]\n");
}

TEST(GraphRead, AFloatNetworkWrittenAndReadBackIsTheSame) {
  File file;
  auto x = file.conv("conv", file.image);
  x = file.builder.node("relu", "Relu", {x});
  x = file.builder.node("pool", "AveragePool", {x}, {{"kernel_shape", Ints{2, 2}}, {"strides", Ints{2, 2}}});
  x = file.builder.node("flat", "Flatten", {x});
  file.builder.node("fc", "Gemm",
                    {x, file.builder.constant("w", {8, 2}, std::vector<double>(16, 0.3F)),
                     file.builder.constant("b", {2}, {0.1F, 0.2F})});
  const auto graph = file.read_with();
  ASSERT_TRUE(graph.ok()) << to_text(graph.errors());
  EXPECT_FALSE(is_quantised(*graph));
  const auto again = read(to_onnx(*graph));
  ASSERT_TRUE(again.ok()) << to_text(again.errors());
  EXPECT_EQ(*again, *graph);
}

TEST(GraphRead, AFloatFileTellsWhatAPixelIsWorthUnlessToldOtherwise) {
  File file;
  file.conv("conv", file.image);
  file.builder.output("output", {});
  const auto graph = read(file.builder.take(), {.pixel = 0.3F});
  ASSERT_TRUE(graph.ok()) << to_text(graph.errors());
  auto model = to_onnx(*graph);
  EXPECT_EQ(read(model).value().pixel, 0.3F);
  EXPECT_EQ(read(model, {.pixel = 2.0F}).value().pixel, 2);
  for (const std::string bad : {"", "0", "-1", "1 ", "nan", "inf", "x"}) {
    model.metadata.at("bitmason.pixel") = bad;
    EXPECT_EQ(
        to_text(read(model).errors()),
        "bitmason.pixel: the file's property is " + bad +
            " and a number above 0 is needed; correct it or say what a pixel is worth [BM-GRAPH-016]\n");
  }
}

TEST(GraphRead, AVectorAsInputIsAnImageOfOnePixel) {
  onnxio::QonnxBuilder builder("mlp", "test");
  const auto x = builder.quant("q", builder.input("x", {1, 3}), 0.5, {.bits = 8});
  builder.node("fc", "MatMul", {x, builder.constant("w", {3, 2}, {1, 2, 3, 4, 5, 6})});
  builder.output("output", {1, 2});
  const auto graph = read(builder.take());
  ASSERT_TRUE(graph.ok()) << to_text(graph.errors());
  EXPECT_EQ(graph->input, (ir::Shape{3, 1, 1}));
  EXPECT_EQ(graph->pixel, 0.5F);
  EXPECT_EQ(bits_of(place(*graph, {.bits = {{4}, {6}}})), (Bits{{4}, {6}}));
}

TEST(GraphRead, ConvolutionOfThreeChannelsOnOneIsRefused) {
  File file;
  file.conv("conv", file.image, {2, 3, 3, 3});
  EXPECT_TRUE(
      file.message().starts_with("conv: Conv of 1 x 4 x 4 does not fit weights of 1 groups of 3 inputs; "
                                 "correct the shapes of the network "
                                 "[BM-GRAPH-001]\n"));
}

TEST(GraphRead, ANetworkThatEndsWithReluIsRefused) {
  File file;
  file.builder.node("relu", "Relu", {file.conv("conv", file.image)});
  EXPECT_EQ(file.message(),
            "net: the network ends with Relu and a convolution or dense layer is needed; cut it there "
            "[BM-GRAPH-002]\n");
}

TEST(GraphRead, ASecondInputIsRefused) {
  File file;
  file.builder.input("other", {1, 1});
  file.conv("conv", file.image);
  EXPECT_EQ(file.message(),
            "net: the file has 2 inputs and 1 of fixed shape (1, C, H, W) is needed; export it for one image "
            "[BM-GRAPH-015]\n");
}

TEST(GraphBits, ThreeNumbersForTwoLayersAndNineBitsAreRefused) {
  const Bits two{{8, 8}, {8, 8}};
  EXPECT_EQ(to_text(bits_for({.weights = {1, 2, 3}}, two).errors()),
            "weights: 2 layers have weights and 3 numbers are given; give one per layer, or one for all "
            "[BM-GRAPH-020]\n");
  EXPECT_EQ(to_text(bits_for({.activations = {4, 9}}, two).errors()),
            "activations: number 2 is 9, outside 1 to 8; give 1 to 8 bits [BM-GRAPH-021]\n");
  EXPECT_EQ(bits_for({.weights = {3}}, two).value(), (Bits{{3, 3}, {8, 8}}));
}

TEST(GraphPlace, ASumBehindWhichANormStandsIsQuantisedOnceBehindIt) {
  // Pre-activation: x -> conv -> sum with conv of x -> norm -> relu -> dense layer.
  File file;
  const auto a = file.conv("a", file.image);
  const auto b = file.conv("b", file.image);
  const auto sum = file.builder.node("sum", "Add", {a, b});
  const auto scaled = file.builder.node("scale", "Mul", {sum, file.builder.constant("f", {}, {3})});
  const auto relu = file.builder.node("relu", "Relu", {scaled});
  const auto flat = file.builder.node("flat", "Flatten", {relu});
  file.builder.node("fc", "MatMul", {flat, file.builder.constant("w", {32, 2}, std::vector<double>(64, 1))});
  const auto graph = file.read_with();
  ASSERT_TRUE(graph.ok()) << to_text(graph.errors());
  const Graph placed = place(*graph, {.bits = {{4, 4, 4}, {8, 8, 3}}});
  std::vector<std::string> names;
  for (const Step& step : placed.steps) {
    const auto* quantise = std::get_if<Quantise>(&step.operation);
    if (quantise != nullptr)
      names.push_back(step.name + (quantise->is_signed ? " s" : " u") + std::to_string(quantise->bits));
  }
  EXPECT_EQ(names, (std::vector<std::string>{"input_codes u8", "a_codes s3", "b_codes s3", "relu_codes u3"}));
  EXPECT_EQ(placed.scales.size(), 3U) << "image, both branches, the ReLU";
}

}  // namespace
}  // namespace bitmason::graph
