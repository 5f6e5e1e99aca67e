#include "import/operator_fixture.hpp"

/// Elementwise operators, pooling, branches, shapes and ports in small graphs, against exact rational
/// execution of the graphs themselves.
namespace bitmason::test {
namespace {

TEST(ElementwiseAndLayout, BatchNormalizationWithNegativeGain) {
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

TEST(ElementwiseAndLayout, ArithmeticWithConstantsOnEitherSide) {
  Fixture f({1, 3, 2, 2});
  std::string y = f.g.node("Sub", {f.g.constant({3, 1, 1}, {1, 2, 3}), f.q});
  y = f.g.node("Div", {y, f.g.constant({}, {3})});
  y = f.g.node("Neg", {f.g.node("Mul", {f.g.constant({}, {-2}), y})});
  y = f.g.node("Clip", {y, f.g.constant({}, {-1}), f.g.constant({}, {1.5})});
  f.check(f.g.quant(f.g.node("Add", {y, f.g.constant({1, 3, 1, 1}, {0, 1, 0})}), {}, {0.25}, 5, true, false));
}

TEST(ElementwiseAndLayout, ClipWithOneBound) {
  Fixture f({1, 2, 2, 2});
  std::string y = f.g.node("Clip", {f.q, "", f.g.constant({}, {0.5})});
  y = f.g.node("Clip", {y, f.g.constant({}, {-0.5})});
  f.check(f.g.quant(y, {}, {0.25}, 4, true, false));
}

TEST(ElementwiseAndLayout, MaxPoolBeforeTheQuantiserOfAFallingFunctionComesAfterIt) {
  Fixture f({1, 2, 4, 4});
  const std::string conv = f.g.node("Conv", {f.q, f.quantised({2, 2, 1, 1}, 4)});
  const std::string scaled = f.g.node("Mul", {conv, f.g.constant({2, 1, 1}, {-0.5, 0.25})});
  const std::string pooled =
      f.g.node("MaxPool", {scaled}, {{"kernel_shape", Ints{2, 2}}, {"strides", Ints{2, 2}}});
  const auto imported = f.check(f.g.quant(pooled, {}, {0.5}, 4, true, false));
  EXPECT_EQ(ir::kind_name(imported.network.layers()[2].operation), "requantise");
  EXPECT_EQ(ir::kind_name(imported.network.layers()[3].operation), "max_pool");
}

TEST(ElementwiseAndLayout, MaxPoolOfANegatedStreamNegatesTheCodes) {
  Fixture f({1, 2, 4, 4});
  const std::string pooled = f.g.node("MaxPool", {f.g.node("Neg", {f.q})},
                                      {{"kernel_shape", Ints{3, 3}}, {"pads", Ints{1, 1, 1, 1}}});
  EXPECT_EQ(count_layers(f.check(pooled), "add"), 1);
}

TEST(ElementwiseAndLayout, MaxPoolWithCeilModePadsTheEnd) {
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

TEST(ElementwiseAndLayout, AveragePoolsAreExactSums) {
  Fixture f({1, 2, 4, 4});
  f.check(f.g.node(
      "AveragePool", {f.q},
      {{"kernel_shape", Ints{3, 3}}, {"pads", Ints{1, 1, 1, 1}}, {"count_include_pad", std::int64_t{1}}}));
  Fixture h({1, 2, 3, 4});
  h.check(h.g.node("Flatten", {h.g.node("GlobalAveragePool", {h.q})}));
}

TEST(ElementwiseAndLayout, OneDimensionalPoolingByATwoDimensionalOperator) {
  for (const std::string type : {"AveragePool", "MaxPool"}) {
    Fixture f({1, 2, 6});
    const std::string column = f.g.node("Unsqueeze", {f.q, f.g.integers({1}, {3})});
    const std::string pooled =
        f.g.node(type, {column}, {{"kernel_shape", Ints{2, 1}}, {"strides", Ints{2, 1}}});
    f.check(f.g.node("Squeeze", {pooled, f.g.integers({1}, {3})}));
  }
}

TEST(ElementwiseAndLayout, ResidualAddOfDifferentScales) {
  for (const std::string type : {"Add", "Sub"}) {
    Fixture f({1, 2, 3, 3});
    const std::string a = f.g.quant(f.q, {}, {0.5}, 3, true, false);
    const std::string b = f.g.quant(f.q, {}, {0.75}, 3, true, false);
    const auto imported = f.check(f.g.node(type, {a, b}));
    const auto& add = std::get<ir::Add>(imported.network.layers().back().operation);
    EXPECT_EQ(add.multipliers, (std::vector<std::int64_t>{2, type == "Add" ? 3 : -3}));
  }
}

TEST(ElementwiseAndLayout, ConcatKeepsAScalePerChannel) {
  Fixture f({1, 2, 3, 3});
  const std::string a = f.g.quant(f.q, {}, {0.5}, 3, true, false);
  const std::string y = f.g.node("Concat", {a, f.q}, {{"axis", std::int64_t{1}}});
  f.check(f.g.node("Conv", {y, f.quantised({2, 4, 1, 1}, 8)}));
}

TEST(ElementwiseAndLayout, ConcatOfBranchesWhoseScaleIsOne) {
  GraphWriter g("test");
  const std::string x = g.input("x", {1, 2, 3, 3});
  const std::string q = g.quant(x, {}, {1}, 2, true, false);
  const std::string y = g.node("Concat", {q, q}, {{"axis", std::int64_t{1}}});
  const auto imported = expect_exact(std::move(g).finish(y, {1}));
  EXPECT_EQ(imported.network.type({imported.network.outputs()[0].layer}).range, (IntRange{-2, 1}));
}

TEST(ElementwiseAndLayout, ConcatOfReluBranchesBeforeOneQuantiser) {
  Fixture f({1, 2, 3, 3});
  const std::string a = f.g.node("Relu", {f.g.node("Conv", {f.q, f.quantised({2, 2, 1, 1}, 4)})});
  const std::string b = f.g.node("Relu", {f.g.node("Conv", {f.q, f.quantised({3, 2, 1, 1}, 6)})});
  f.check(f.g.quant(f.g.node("Concat", {a, b}, {{"axis", std::int64_t{1}}}), {}, {0.5}, 4, false, false));
}

TEST(ElementwiseAndLayout, ReluAfterAQuantiserBecomesIntegerCodes) {
  Fixture f({1, 2, 3, 3});
  f.check(f.g.node("Conv", {f.g.node("Relu", {f.q}), f.quantised({2, 2, 3, 3}, 36)}));
}

TEST(ElementwiseAndLayout, BlocksMoveBetweenSpaceAndDepth) {
  Fixture f({1, 2, 4, 6});
  const std::string scaled = f.g.node("Mul", {f.q, f.g.constant({2, 1, 1}, {0.5, 2})});
  f.check(f.g.node("SpaceToDepth", {scaled}, {{"blocksize", std::int64_t{2}}}));
  for (const std::string mode : {"DCR", "CRD"}) {
    Fixture h({1, 8, 2, 3});
    h.check(h.g.node("DepthToSpace", {h.q}, {{"blocksize", std::int64_t{2}}, {"mode", mode}}));
  }
}

TEST(ElementwiseAndLayout, ReshapeAndTransposeThatMeanSpaceToDepth) {
  Fixture f({1, 2, 4, 6});
  std::string y = f.g.node("Reshape", {f.q, f.g.integers({6}, {1, 2, 2, 2, 3, 2})});
  y = f.g.node("Transpose", {y}, {{"perm", Ints{0, 1, 3, 5, 2, 4}}});
  y = f.g.node("Reshape", {y, f.g.integers({4}, {0, 8, 2, 3})});
  const auto imported = f.check(f.g.node("Conv", {y, f.quantised({2, 8, 1, 1}, 16)}));
  EXPECT_EQ(count_layers(imported, "space_to_depth"), 1);
}

TEST(ElementwiseAndLayout, NearestResizeRepeatsPixels) {
  Fixture f({1, 2, 2, 3});
  f.check(f.g.node("Resize", {f.q, "", f.g.constant({4}, {1, 1, 2, 3})},
                   {{"mode", std::string("nearest")},
                    {"coordinate_transformation_mode", std::string("asymmetric")},
                    {"nearest_mode", std::string("floor")}}));
}

TEST(ElementwiseAndLayout, ShapesAreBookkeeping) {
  Fixture f({1, 2, 3, 4});
  std::string y = f.g.node("Reshape", {f.q, f.g.integers({3}, {0, -1, 4})});
  y = f.g.node("Transpose", {y}, {{"perm", Ints{0, 2, 1}}});
  y = f.g.node("Unsqueeze", {y, f.g.integers({1}, {1})});
  y = f.g.node("Squeeze", {y, f.g.integers({1}, {1})});
  y = f.g.node("Dropout", {f.g.node("Identity", {y})});
  EXPECT_EQ(f.check(y).network.layers().size(), 1u);
}

TEST(ElementwiseAndLayout, ShapeSubgraphsFold) {
  Fixture f({1, 2, 3, 4});
  const std::string shape = f.g.node("Shape", {f.q});
  const std::string first = f.g.node("Gather", {shape, f.g.integers({}, {0})});
  const std::string listed = f.g.node("Unsqueeze", {first, f.g.integers({1}, {0})});
  const std::string target =
      f.g.node("Concat", {listed, f.g.integers({1}, {-1})}, {{"axis", std::int64_t{0}}});
  f.check(f.g.node("MatMul", {f.g.node("Reshape", {f.q, target}), f.quantised({24, 2}, 48)}));
}

TEST(ElementwiseAndLayout, QuantiseClipDequantisePerTensorAndPerChannel) {
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

TEST(ElementwiseAndLayout, ChannelLastInputsGetChannelFirstFrames) {
  GraphWriter g("keras");
  const std::string x = g.input("x", {1, 3, 4, 2});
  const std::string q = g.quant(x, {}, {0.25}, 4, true, false);
  const std::string first = g.node("Transpose", {q}, {{"perm", Ints{0, 3, 1, 2}}});
  const std::string w = g.quant(g.constant({2, 2, 3, 3}, weights(36)), {}, {0.5}, 4, true, true);
  const auto imported = expect_exact(std::move(g).finish(g.node("Conv", {first, w}), {1}));
  EXPECT_EQ(imported.network.type({0}).shape, (ir::Shape{2, 3, 4}));
}

TEST(ElementwiseAndLayout, InputTypeMakesRawIntegersTheStream) {
  GraphWriter g("raw");
  const std::string x = g.input("x", {1, 2, 3, 3});
  const std::string scaled = g.node("Mul", {g.node("Sub", {x, g.constant({}, {0.5})}), g.constant({}, {2})});
  const std::string q = g.quant(scaled, {}, {0.25}, 3, true, false);
  const auto imported =
      expect_exact(std::move(g).finish(q, {1}), {.input_type = "int9", .input_scale = Rational(1, 64)});
  EXPECT_EQ(imported.network.type({0}).range, (IntRange{-256, 255}));
  EXPECT_EQ(imported.network.type({1}).range, (IntRange{-4, 3}));
}

TEST(ElementwiseAndLayout, TailsRunOnTheHost) {
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

}  // namespace
}  // namespace bitmason::test
