#include <gtest/gtest.h>

#include "import/evaluate.hpp"
#include "support/graph_writer.hpp"

/// Every supported operator in a small graph, against exact rational execution of the graph itself.
namespace bitmason::test {
namespace {

using Ints = std::vector<std::int64_t>;
using Attributes = std::map<std::string, onnxio::Attribute>;

std::vector<double> weights(std::size_t count, int seed = 1) {
  std::vector<double> result;
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(static_cast<double>((static_cast<int>(i) * 7 + seed * 5) % 15 - 7));
  return result;
}

/// A graph whose input x passes one quantiser, for one operator to follow.
struct Fixture {
  GraphWriter g{"test"};
  std::string x;
  std::string q;

  explicit Fixture(Ints shape, int bits = 4, bool is_signed = true) {
    x = g.input("x", std::move(shape));
    q = g.quant(x, {}, {0.25}, bits, is_signed, false);
  }
  std::string quantised(Ints shape, std::size_t count, Ints scale_shape = {},
                        std::vector<double> scale = {0.5}) {
    return g.quant(g.constant(std::move(shape), weights(count)), std::move(scale_shape), std::move(scale), 4,
                   true, true);
  }
  import::Imported check(const std::string& y){return expect_exact(std::move(g).finish(y, {1}), {});
}
};  // namespace

int count_layers(const import::Imported& imported, std::string_view kind) {
  int count = 0;
  for (const ir::Layer& layer : imported.network.layers())
    count += ir::kind_name(layer.operation) == kind ? 1 : 0;
  return count;
}

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

TEST(Operators, BatchNormalizationWithNegativeGain) {
  Fixture f({1, 2, 3, 3});
  const std::string conv = f.g.node("Conv", {f.q, f.quantised({2, 2, 3, 3}, 36)});
  const std::string bn = f.g.node("BatchNormalization",
                                  {conv, f.g.constant({2}, {-1.5, 0.75}), f.g.constant({2}, {0.5, -0.25}),
                                   f.g.constant({2}, {0.1, 1}), f.g.constant({2}, {4, 9})},
                                  {{"epsilon", 0.0}});
  const auto imported = f.check(f.g.quant(f.g.node("Relu", {bn}), {}, {0.5}, 3, false, false));
  const auto& thresholds =
      std::get<ir::Thresholds>(std::get<ir::Requantise>(imported.network.layers()[2].operation).form);
  EXPECT_EQ(thresholds.decreasing, (std::vector<std::uint8_t>{1, 0}));
}

TEST(Operators, ArithmeticWithConstantsOnEitherSide) {
  Fixture f({1, 3, 2, 2});
  std::string y = f.g.node("Sub", {f.g.constant({3, 1, 1}, {1, 2, 3}), f.q});
  y = f.g.node("Div", {y, f.g.constant({}, {3})});
  y = f.g.node("Neg", {f.g.node("Mul", {f.g.constant({}, {-2}), y})});
  y = f.g.node("Clip", {y, f.g.constant({}, {-1}), f.g.constant({}, {1.5})});
  f.check(f.g.quant(f.g.node("Add", {y, f.g.constant({1, 3, 1, 1}, {0, 1, 0})}), {}, {0.25}, 5, true, false));
}

TEST(Operators, ClipWithOneBound) {
  Fixture f({1, 2, 2, 2});
  std::string y = f.g.node("Clip", {f.q, "", f.g.constant({}, {0.5})});
  y = f.g.node("Clip", {y, f.g.constant({}, {-0.5})});
  f.check(f.g.quant(y, {}, {0.25}, 4, true, false));
}

TEST(Operators, MaxPoolBeforeTheQuantiserOfAFallingFunctionComesAfterIt) {
  Fixture f({1, 2, 4, 4});
  const std::string conv = f.g.node("Conv", {f.q, f.quantised({2, 2, 1, 1}, 4)});
  const std::string scaled = f.g.node("Mul", {conv, f.g.constant({2, 1, 1}, {-0.5, 0.25})});
  const std::string pooled =
      f.g.node("MaxPool", {scaled}, {{"kernel_shape", Ints{2, 2}}, {"strides", Ints{2, 2}}});
  const auto imported = f.check(f.g.quant(pooled, {}, {0.5}, 4, true, false));
  EXPECT_EQ(ir::kind_name(imported.network.layers()[2].operation), "requantise");
  EXPECT_EQ(ir::kind_name(imported.network.layers()[3].operation), "max_pool");
}

TEST(Operators, MaxPoolOfANegatedStreamNegatesTheCodes) {
  Fixture f({1, 2, 4, 4});
  const std::string pooled = f.g.node("MaxPool", {f.g.node("Neg", {f.q})},
                                      {{"kernel_shape", Ints{3, 3}}, {"pads", Ints{1, 1, 1, 1}}});
  EXPECT_EQ(count_layers(f.check(pooled), "add"), 1);
}

TEST(Operators, MaxPoolWithCeilModePadsTheEnd) {
  Fixture f({1, 2, 5, 6});
  const std::string y =
      f.g.node("MaxPool", {f.q},
               {{"kernel_shape", Ints{2, 2}}, {"strides", Ints{2, 2}}, {"ceil_mode", std::int64_t{1}}});
  const auto imported = import::import_onnx(std::move(f.g).finish(y, {1}), {});
  ASSERT_TRUE(imported) << to_text(imported.errors());
  EXPECT_EQ(imported->network.type({1}).shape, (ir::Shape{2, 3, 3}));
  const ir::Window expected{.kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2, .pad_bottom = 1};
  EXPECT_EQ(std::get<ir::MaxPool>(imported->network.layers()[1].operation).window, expected);
}

TEST(Operators, AveragePoolsAreExactSums) {
  Fixture f({1, 2, 4, 4});
  f.check(f.g.node(
      "AveragePool", {f.q},
      {{"kernel_shape", Ints{3, 3}}, {"pads", Ints{1, 1, 1, 1}}, {"count_include_pad", std::int64_t{1}}}));
  Fixture h({1, 2, 3, 4});
  h.check(h.g.node("Flatten", {h.g.node("GlobalAveragePool", {h.q})}));
}

TEST(Operators, OneDimensionalPoolingByATwoDimensionalOperator) {
  for (const std::string type : {"AveragePool", "MaxPool"}) {
    Fixture f({1, 2, 6});
    const std::string column = f.g.node("Unsqueeze", {f.q, f.g.integers({1}, {3})});
    const std::string pooled =
        f.g.node(type, {column}, {{"kernel_shape", Ints{2, 1}}, {"strides", Ints{2, 1}}});
    f.check(f.g.node("Squeeze", {pooled, f.g.integers({1}, {3})}));
  }
}

TEST(Operators, ResidualAddOfDifferentScales) {
  for (const std::string type : {"Add", "Sub"}) {
    Fixture f({1, 2, 3, 3});
    const std::string a = f.g.quant(f.q, {}, {0.5}, 3, true, false);
    const std::string b = f.g.quant(f.q, {}, {0.75}, 3, true, false);
    const auto imported = f.check(f.g.node(type, {a, b}));
    const auto& add = std::get<ir::Add>(imported.network.layers().back().operation);
    EXPECT_EQ(add.multipliers, (std::vector<std::int64_t>{2, type == "Add" ? 3 : -3}));
  }
}

TEST(Operators, ConcatKeepsAScalePerChannel) {
  Fixture f({1, 2, 3, 3});
  const std::string a = f.g.quant(f.q, {}, {0.5}, 3, true, false);
  const std::string y = f.g.node("Concat", {a, f.q}, {{"axis", std::int64_t{1}}});
  f.check(f.g.node("Conv", {y, f.quantised({2, 4, 1, 1}, 8)}));
}

TEST(Operators, ConcatOfBranchesWhoseScaleIsOne) {
  GraphWriter g("test");
  const std::string x = g.input("x", {1, 2, 3, 3});
  const std::string q = g.quant(x, {}, {1}, 2, true, false);
  const std::string y = g.node("Concat", {q, q}, {{"axis", std::int64_t{1}}});
  const auto imported = expect_exact(std::move(g).finish(y, {1}));
  EXPECT_EQ(imported.network.type({imported.network.outputs()[0].layer}).range, (IntRange{-2, 1}));
}

TEST(Operators, ConcatOfReluBranchesBeforeOneQuantiser) {
  Fixture f({1, 2, 3, 3});
  const std::string a = f.g.node("Relu", {f.g.node("Conv", {f.q, f.quantised({2, 2, 1, 1}, 4)})});
  const std::string b = f.g.node("Relu", {f.g.node("Conv", {f.q, f.quantised({3, 2, 1, 1}, 6)})});
  f.check(f.g.quant(f.g.node("Concat", {a, b}, {{"axis", std::int64_t{1}}}), {}, {0.5}, 4, false, false));
}

TEST(Operators, ReluAfterAQuantiserBecomesIntegerCodes) {
  Fixture f({1, 2, 3, 3});
  f.check(f.g.node("Conv", {f.g.node("Relu", {f.q}), f.quantised({2, 2, 3, 3}, 36)}));
}

TEST(Operators, BlocksMoveBetweenSpaceAndDepth) {
  Fixture f({1, 2, 4, 6});
  const std::string scaled = f.g.node("Mul", {f.q, f.g.constant({2, 1, 1}, {0.5, 2})});
  f.check(f.g.node("SpaceToDepth", {scaled}, {{"blocksize", std::int64_t{2}}}));
  for (const std::string mode : {"DCR", "CRD"}) {
    Fixture h({1, 8, 2, 3});
    h.check(h.g.node("DepthToSpace", {h.q}, {{"blocksize", std::int64_t{2}}, {"mode", mode}}));
  }
}

TEST(Operators, ReshapeAndTransposeThatMeanSpaceToDepth) {
  Fixture f({1, 2, 4, 6});
  std::string y = f.g.node("Reshape", {f.q, f.g.integers({6}, {1, 2, 2, 2, 3, 2})});
  y = f.g.node("Transpose", {y}, {{"perm", Ints{0, 1, 3, 5, 2, 4}}});
  y = f.g.node("Reshape", {y, f.g.integers({4}, {0, 8, 2, 3})});
  const auto imported = f.check(f.g.node("Conv", {y, f.quantised({2, 8, 1, 1}, 16)}));
  EXPECT_EQ(count_layers(imported, "space_to_depth"), 1);
}

TEST(Operators, NearestResizeRepeatsPixels) {
  Fixture f({1, 2, 2, 3});
  f.check(f.g.node("Resize", {f.q, "", f.g.constant({4}, {1, 1, 2, 3})},
                   {{"mode", std::string("nearest")},
                    {"coordinate_transformation_mode", std::string("asymmetric")},
                    {"nearest_mode", std::string("floor")}}));
}

TEST(Operators, ShapesAreBookkeeping) {
  Fixture f({1, 2, 3, 4});
  std::string y = f.g.node("Reshape", {f.q, f.g.integers({3}, {0, -1, 4})});
  y = f.g.node("Transpose", {y}, {{"perm", Ints{0, 2, 1}}});
  y = f.g.node("Unsqueeze", {y, f.g.integers({1}, {1})});
  y = f.g.node("Squeeze", {y, f.g.integers({1}, {1})});
  y = f.g.node("Dropout", {f.g.node("Identity", {y})});
  EXPECT_EQ(f.check(y).network.layers().size(), 1u);
}

TEST(Operators, ShapeSubgraphsFold) {
  Fixture f({1, 2, 3, 4});
  const std::string shape = f.g.node("Shape", {f.q});
  const std::string first = f.g.node("Gather", {shape, f.g.integers({}, {0})});
  const std::string listed = f.g.node("Unsqueeze", {first, f.g.integers({1}, {0})});
  const std::string target =
      f.g.node("Concat", {listed, f.g.integers({1}, {-1})}, {{"axis", std::int64_t{0}}});
  f.check(f.g.node("MatMul", {f.g.node("Reshape", {f.q, target}), f.quantised({24, 2}, 48)}));
}

TEST(Operators, QuantiseClipDequantisePerTensorAndPerChannel) {
  GraphWriter g("qcdq");
  const std::string x = g.input("x", {1, 2, 3, 3});
  onnxio::Model model;
  const std::string zero = "zero_u8";
  const std::string q = g.node("QuantizeLinear", {x, g.constant({}, {0.25}), zero});
  const std::string clipped = g.node("Clip", {q, "lo_u8", "hi_u8"});
  const std::string dq = g.node("DequantizeLinear", {clipped, g.constant({}, {0.25}), zero});
  const std::string w = g.node("DequantizeLinear", {"w_i8", g.constant({2}, {0.5, 0.25}), "zero_i8"},
                               {{"axis", std::int64_t{0}}});
  const std::string y = g.node("Conv", {dq, w});
  model = std::move(g).finish(y, {1});
  model.initializers.push_back({"zero_u8", {}, "uint8", {2}, {}});
  model.initializers.push_back({"lo_u8", {}, "uint8", {0}, {}});
  model.initializers.push_back({"hi_u8", {}, "uint8", {7}, {}});
  model.initializers.push_back({"zero_i8", {2}, "int8", {0, 0}, {}});
  model.initializers.push_back({"w_i8", {2, 2, 1, 1}, "int8", {1, -2, 3, 4}, {}});
  const auto imported = expect_exact(model);
  EXPECT_EQ(imported.network.type({0}).range, (IntRange{0, 7}));
  EXPECT_EQ(imported.network.layers().size(), 2u);
}

TEST(Operators, ChannelLastInputsGetChannelFirstFrames) {
  GraphWriter g("keras");
  const std::string x = g.input("x", {1, 3, 4, 2});
  const std::string q = g.quant(x, {}, {0.25}, 4, true, false);
  const std::string first = g.node("Transpose", {q}, {{"perm", Ints{0, 3, 1, 2}}});
  const std::string w = g.quant(g.constant({2, 2, 3, 3}, weights(36)), {}, {0.5}, 4, true, true);
  const auto imported = expect_exact(std::move(g).finish(g.node("Conv", {first, w}), {1}));
  EXPECT_EQ(imported.network.type({0}).shape, (ir::Shape{2, 3, 4}));
}

TEST(Operators, InputTypeMakesRawIntegersTheStream) {
  GraphWriter g("raw");
  const std::string x = g.input("x", {1, 2, 3, 3});
  const std::string scaled = g.node("Mul", {g.node("Sub", {x, g.constant({}, {0.5})}), g.constant({}, {2})});
  const std::string q = g.quant(scaled, {}, {0.25}, 3, true, false);
  const auto imported =
      expect_exact(std::move(g).finish(q, {1}), {.input_type = "uint8", .input_scale = Rational(1, 64)});
  EXPECT_EQ(imported.network.type({0}).range, (IntRange{0, 255}));
  EXPECT_EQ(imported.network.type({1}).range, (IntRange{-4, 3}));
}

TEST(Operators, TailsRunOnTheHost) {
  Fixture f({1, 3});
  const std::string y = f.g.node("Softmax", {f.q});
  const std::string z = f.g.node("ArgMax", {y}, {{"axis", std::int64_t{1}}, {"keepdims", std::int64_t{0}}});
  const auto imported = import::import_onnx(std::move(f.g).finish(z, {1}), {});
  ASSERT_TRUE(imported) << to_text(imported.errors());
  const ir::OutputPort& port = imported->network.outputs()[0];
  ASSERT_EQ(port.tail.size(), 2u);
  EXPECT_EQ(ir::to_text(port.tail[0]), "softmax axis 1");
  EXPECT_EQ(ir::to_text(port.tail[1]), "argmax axis 1");
  EXPECT_EQ(port.tail_shape, (Ints{1}));
  EXPECT_EQ(imported->report.back().fate, import::Fate::HostTail);
}

}  // namespace bitmason::test
}  // namespace bitmason::test
