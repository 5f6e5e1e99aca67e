#include "import/operator_fixture.hpp"

/// Quantisers, convolutions and matrix products in small graphs, against exact rational execution of the
/// graphs themselves.
namespace bitmason::test {
namespace {

TEST(Operators, QuantOfTheInputDefinesTheStream) {
  Fixture f({1, 2, 3, 3});
  const auto imported = f.check(f.q);
  EXPECT_EQ(imported.network.layers().size(), 1u);
  EXPECT_EQ(imported.network.inputs()[0].scale, Rational(1, 4));
  EXPECT_EQ(imported.network.type({0}).range, (IntRange{-8, 7}));
}

TEST(Operators, QuantRoundsInEveryModeAndByChannel) {
  for (const std::string mode :
       {"ROUND", "CEIL", "FLOOR", "UP", "DOWN", "HALF_UP", "HALF_DOWN", "half_even"}) {
    Fixture f({1, 3, 2, 2}, 8);
    const std::string y = f.g.node("Mul", {f.q, f.g.constant({}, {0.5})});
    f.check(f.g.quant(y, {1, 3, 1, 1}, {0.5, 0.375, 1}, 4, true, true, mode));
  }
}

TEST(Operators, QuantWithZeroPointsWholeAndFractional) {
  for (const double zero : {3.0, -2.0, 0.5}) {
    Fixture f({1, 2, 2, 2}, 8);
    const std::string y = f.g.node(
        "IntQuant", {f.q, f.g.constant({}, {0.5}), f.g.constant({}, {zero}), f.g.constant({}, {4})},
        {{"signed", std::int64_t{0}}, {"narrow", std::int64_t{0}}, {"rounding_mode", std::string("ROUND")}});
    f.check(y);
  }
}

TEST(Operators, AQuantThatChangesNothingIsNoLayer) {
  Fixture f({1, 2, 2, 2}, 4);
  const auto imported = f.check(f.g.quant(f.q, {}, {0.25}, 6, true, false));
  EXPECT_EQ(imported.network.layers().size(), 1u);
}

TEST(Operators, BipolarQuantIsOneBit) {
  Fixture f({1, 3}, 4);
  const std::string w =
      f.g.node("BipolarQuant", {f.g.constant({3, 4}, weights(12)), f.g.constant({}, {0.5})});
  const std::string b = f.g.node("BipolarQuant", {f.q, f.g.constant({1, 3}, {0.5, 1, 2})});
  const auto imported = f.check(f.g.node("MatMul", {b, w}));
  EXPECT_EQ(imported.network.type({1}).range, (IntRange{0, 1}));
}

TEST(Operators, BipolarActivationsMeetZeroPaddingThroughAFinerScale) {
  Fixture f({1, 2, 3, 3}, 4);
  const std::string b = f.g.node("BipolarQuant", {f.q, f.g.constant({}, {1})});
  const auto imported =
      f.check(f.g.node("Conv", {b, f.quantised({2, 2, 3, 3}, 36)}, {{"pads", Ints{1, 1, 1, 1}}}));
  EXPECT_EQ(count_layers(imported, "add"), 1);
}

TEST(Operators, TruncDropsLowBits) {
  Fixture f({1, 2, 2, 2}, 8);
  f.check(f.g.node(
      "Trunc",
      {f.q, f.g.constant({}, {0.25}), f.g.constant({}, {0}), f.g.constant({}, {8}), f.g.constant({}, {6})},
      {{"rounding_mode", std::string("FLOOR")}}));
}

TEST(Operators, MultiThresholdCountsPerChannel) {
  Fixture f({1, 2, 2, 2}, 8);
  const auto imported =
      f.check(f.g.node("MultiThreshold", {f.q, f.g.constant({2, 3}, {-1, 0, 1, -0.25, -0.25, 0.5})},
                       {{"out_scale", 0.5}, {"out_bias", -1.0}}));
  EXPECT_EQ(imported.network.type({1}).range, (IntRange{0, 3}));
}

TEST(Operators, ConvWithEveryWindow) {
  const std::vector<Attributes> cases{{},
                                      {{"pads", Ints{1, 1, 1, 1}}},
                                      {{"pads", Ints{0, 2, 1, 0}}, {"strides", Ints{2, 1}}},
                                      {{"auto_pad", std::string("SAME_UPPER")}, {"strides", Ints{2, 2}}},
                                      {{"auto_pad", std::string("SAME_LOWER")}, {"strides", Ints{2, 2}}},
                                      {{"dilations", Ints{2, 1}}, {"pads", Ints{2, 0, 2, 0}}}};
  for (const Attributes& attributes : cases) {
    Fixture f({1, 2, 5, 6});
    f.check(f.g.node(
        "Conv",
        {f.q, f.quantised({3, 2, 3, 3}, 54, {3, 1, 1, 1}, {0.5, 0.25, 1}), f.g.constant({3}, {0.1, -1, 2})},
        attributes));
  }
}

TEST(Operators, ConvInGroupsAndDepthwise) {
  for (const std::int64_t groups : {2, 4}) {
    Fixture f({1, 4, 4, 4});
    const auto imported = f.check(
        f.g.node("Conv", {f.q, f.quantised({4, 4 / groups, 3, 3}, static_cast<std::size_t>(144 / groups))},
                 {{"group", groups}, {"pads", Ints{1, 1, 1, 1}}}));
    EXPECT_EQ(std::get<ir::Conv>(imported.network.layers()[1].operation).groups, groups);
  }
}

TEST(Operators, ConvInOneDimension) {
  Fixture f({1, 3, 8});
  f.check(f.g.node("Conv", {f.q, f.quantised({2, 3, 3}, 18)}, {{"pads", Ints{1, 1}}, {"strides", Ints{2}}}));
}

TEST(Operators, ConvWhosePaddingReachesItsKernel) {
  Fixture f({1, 1, 2, 2});
  f.check(f.g.node("Conv", {f.q, f.quantised({1, 1, 1, 1}, 1)}, {{"pads", Ints{1, 2, 0, 1}}}));
}

TEST(Operators, ConvTakesFloatWeightsThatAreMultiplesOfOneScale) {
  Fixture f({1, 2, 3, 3});
  std::vector<double> real = weights(36);
  for (double& w : real) w *= 0.125;
  const auto imported = f.check(f.g.node("Conv", {f.q, f.g.constant({2, 2, 3, 3}, real)}));
  EXPECT_EQ(std::get<ir::Conv>(imported.network.layers()[1].operation).weights.range, (IntRange{-7, 7}));
}

TEST(Operators, PadWithAConstantJoinsTheConvolution) {
  Fixture f({1, 2, 3, 3});
  const std::string padded =
      f.g.node("Pad", {f.q, f.g.integers({8}, {0, 0, 1, 0, 0, 0, 1, 2}), f.g.constant({}, {0.75})});
  const auto imported = f.check(f.g.node("Conv", {padded, f.quantised({2, 2, 3, 3}, 36)}));
  EXPECT_EQ(std::get<ir::Conv>(imported.network.layers()[1].operation).pad_value, 3);
}

TEST(Operators, PaddingPassesThroughAQuantiserAndAnOffset) {
  Fixture f({1, 2, 3, 3}, 4);
  const std::string padded =
      f.g.node("Pad", {f.q, f.g.integers({8}, {0, 0, 1, 1, 0, 0, 1, 1}), f.g.constant({}, {0.5})});
  const std::string moved = f.g.node("Add", {padded, f.g.constant({}, {0.5})});
  f.check(f.g.node("Conv", {f.g.quant(moved, {}, {0.5}, 3, true, false), f.quantised({2, 2, 3, 3}, 36)}));
}

TEST(Operators, AsymmetricActivationsPadWithTheirZeroPoint) {
  Fixture f({1, 2, 3, 3}, 4, false);
  const std::string moved = f.g.node("Sub", {f.q, f.g.constant({}, {1})});
  const auto imported =
      f.check(f.g.node("Conv", {moved, f.quantised({2, 2, 3, 3}, 36)}, {{"pads", Ints{1, 1, 1, 1}}}));
  EXPECT_EQ(std::get<ir::Conv>(imported.network.layers()[1].operation).pad_value, 4);
}

TEST(Operators, GemmWithTransposesAndFactors) {
  for (const std::int64_t flag : {0, 1}) {
    Fixture f({1, 6});
    const std::string w = f.quantised(flag == 1 ? Ints{4, 6} : Ints{6, 4}, 24);
    f.check(f.g.node("Gemm", {f.q, w, f.g.constant({4}, {1, 2, 3, 4})},
                     {{"transB", flag}, {"alpha", 0.5}, {"beta", 2.0}}));
  }
}

TEST(Operators, MatMulAfterFlattenReordersTheWeights) {
  Fixture f({1, 2, 2, 3});
  const std::string last = f.g.node("Transpose", {f.q}, {{"perm", Ints{0, 2, 3, 1}}});
  const std::string flat = f.g.node("Flatten", {last});
  f.check(f.g.node("MatMul", {flat, f.quantised({12, 3}, 36)}));
}

TEST(Operators, MatMulOfEveryPixelIsAPointwiseConvolution) {
  Fixture f({1, 5, 3});
  const auto imported = f.check(f.g.node("MatMul", {f.q, f.quantised({3, 4}, 12)}));
  EXPECT_EQ(imported.network.type({1}).shape, (ir::Shape{4, 1, 5}));
}

TEST(Operators, MatMulWithTheConstantOnTheLeft) {
  Fixture f({1, 3, 5});
  f.check(f.g.node("MatMul", {f.quantised({4, 3}, 12), f.q}));
}

TEST(Operators, ScalesOfInputChannelsMoveIntoTheWeights) {
  Fixture f({1, 2, 3, 3});
  const std::string scaled = f.g.node("Mul", {f.q, f.g.constant({2, 1, 1}, {0.5, 2})});
  f.check(f.g.node("Conv", {scaled, f.quantised({2, 2, 3, 3}, 36)}));
}

/// A 1x1 convolution of f.q (scale 1/4) with weights of scale 1/2, so accumulators of scale 1/8, with these
/// real biases.
std::string biased_convolution(Fixture& f, std::vector<double> bias) {
  const auto outputs = static_cast<std::int64_t>(bias.size());
  const std::string w = f.quantised({outputs, 2, 1, 1}, bias.size() * 2);
  return f.g.node("Conv", {f.q, w, f.g.constant({outputs}, std::move(bias))});
}

const ir::Conv& first_convolution(const import::Imported& imported) {
  return std::get<ir::Conv>(imported.network.layers().at(1).operation);
}

TEST(OutputBias, OfWholeAccumulatorStepsEntersTheLastLayer) {
  Fixture f({1, 2, 3, 3});
  const auto imported = f.check(biased_convolution(f, {0.25, -1.5, 0}));
  EXPECT_EQ(first_convolution(imported).bias, (Ints{2, -12, 0}));
  const auto& value = std::get<ir::AffineStep>(imported.network.outputs()[0].dequantise.at(0));
  EXPECT_EQ(value.scale, std::vector{Rational(1, 8)});
  EXPECT_EQ(value.offset, std::vector{Rational(0)});
}

TEST(OutputBias, OfAnAddAndBeforeAReluEntersToo) {
  Fixture f({1, 2, 3, 3});
  const std::string sum = f.g.node("Add", {biased_convolution(f, {1, 1}), f.g.constant({}, {0.125})});
  const auto imported = f.check(f.g.node("Relu", {sum}));
  EXPECT_EQ(first_convolution(imported).bias, (Ints{9, 9}));
  EXPECT_EQ(imported.network.outputs()[0].dequantise.size(), 2u);
}

TEST(OutputBias, OfBrokenStepsOrBeyond32BitsStaysOnTheHost) {
  for (const double bias : {0.0625, 1e9}) {
    Fixture f({1, 2, 3, 3});
    const auto imported = f.check(biased_convolution(f, {0.25, bias}));
    EXPECT_EQ(first_convolution(imported).bias, Ints{}) << bias;
  }
}

TEST(OutputBias, OfAHiddenLayerStaysInItsThresholds) {
  Fixture f({1, 2, 3, 3});
  const auto imported = f.check(f.g.quant(biased_convolution(f, {0.25, 1}), {}, {0.5}, 4, true, false));
  EXPECT_EQ(first_convolution(imported).bias, Ints{});
}

TEST(OutputBias, OfAccumulatorsThatAnotherLayerReadsStaysOnTheHost) {
  Fixture f({1, 2, 3, 3});
  const std::string y = biased_convolution(f, {0.25, 1});
  const std::string z = f.g.quant(y, {}, {0.5}, 4, true, false);
  onnxio::Model model = std::move(f.g).finish(y, {1});
  model.outputs.push_back({z, "float32", {1}});
  const auto imported = expect_exact(model, {});
  EXPECT_EQ(first_convolution(imported).bias, Ints{});
}

TEST(NetworkName, IsTheGraphsUnlessThatSaysNothing) {
  const auto name_of = [](const std::string& graph, const std::string& stem) {
    GraphWriter g(graph);
    const std::string y = g.quant(g.input("x", {1, 2}), {}, {0.25}, 4, true, false);
    const auto imported = import::import_onnx(std::move(g).finish(y, {1, 2}), {.file_stem = stem});
    return imported ? imported->network.name() : to_text(imported.errors());
  };
  EXPECT_EQ(name_of("detector", "file"), "detector");
  EXPECT_EQ(name_of("cafe", "file"), "cafe");
  for (const char* generic : {"", "net", "main_graph", "torch-jit-export", "tf2onnx", "graph",
                              "07bf22c188e44a29be09bcfe0a45ae1b"}) {
    EXPECT_EQ(name_of(generic, "file"), "file") << generic;
  }
  EXPECT_EQ(name_of("", ""), "network");
  EXPECT_EQ(name_of("net", ""), "net");
}

}  // namespace
}  // namespace bitmason::test
