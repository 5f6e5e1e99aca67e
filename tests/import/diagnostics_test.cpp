#include "import/diagnostics.hpp"

#include <gtest/gtest.h>

#include "import/import.hpp"
#include "support/graph_writer.hpp"

/// The exact text of every finding.
namespace bitmason::test {
namespace {

using Ints = std::vector<std::int64_t>;
using import::Options;

std::string findings(const onnxio::Model& model, const Options& options = {}) {
  const auto imported = import::import_onnx(model, options);
  return imported ? "(imported)" : to_text(imported.errors());
}

struct Fixture {
  GraphWriter g{"net"};
  std::string x;
  std::string q;

  explicit Fixture(Ints shape) {
    x = g.input("x", std::move(shape));
    q = g.quant(x, {}, {0.25}, 4, true, false);
  }
  std::string finish(const std::string& y) { return findings(std::move(g).finish(y, {1})); }
};

TEST(ImportDiagnostics, OpsetOutsideTheSupportedOnes) {
  Fixture f({1, 2});
  onnxio::Model model = std::move(f.g).finish(f.q, {1});
  model.opsets[""] = 5;
  EXPECT_EQ(findings(model),
            "net: the file uses ONNX opset 5 and 6 to 19 are supported; convert the model to opset 13 "
            "[BM-IMPORT-001]\n");
}

TEST(ImportDiagnostics, ValueThatNothingComputes) {
  Fixture f({1, 2});
  EXPECT_EQ(f.finish(f.g.node("Relu", {"ghost"})),
            "Relu_4: reads value ghost that nothing before it computes; connect it to an earlier value "
            "[BM-IMPORT-002]\n");
}

TEST(ImportDiagnostics, Cycle) {
  Fixture f({1, 2});
  onnxio::Model model = std::move(f.g).finish("b", {1});
  model.nodes.push_back({"one", "Relu", "", {"b"}, {"a"}, {}});
  model.nodes.push_back({"two", "Relu", "", {"a"}, {"b"}, {}});
  EXPECT_EQ(
      findings(model),
      "one: reads value b that nothing before it computes; connect it to an earlier value [BM-IMPORT-002]\n"
      "two: reads value a that nothing before it computes; connect it to an earlier value [BM-IMPORT-002]\n");
}

TEST(ImportDiagnostics, InputWithoutFixedSizes) {
  Fixture f({1, -1, 4});
  EXPECT_EQ(f.finish(f.q),
            "x: has shape [1, -1, 4] and a batch dimension with 1 to 3 known sizes is needed; export with "
            "fixed sizes [BM-IMPORT-003]\n");
}

TEST(ImportDiagnostics, InputWithMoreElementsThanAStreamMayHave) {
  Fixture f({1, 3, 8000, 8000});
  EXPECT_EQ(
      f.finish(f.q),
      "x: a frame of shape [1, 3, 8000, 8000] has more than the 2^24 elements that a stream may have; use "
      "a smaller input [BM-IMPORT-007]\n");
}

TEST(ImportDiagnostics, WindowsBeyondTheLimitNameIt) {
  Fixture f({1, 2, 4, 4});
  const std::string y = f.g.node(
      "MaxPool", {f.q}, {{"kernel_shape", Ints{2, 2}}, {"dilations", Ints{std::int64_t{1} << 33, 1}}});
  EXPECT_EQ(
      f.finish(y),
      "MaxPool_4: attribute dilations is [8589934592, 1] and 2 integers from 1 to 32768 is needed; export "
      "the node again with that [BM-IMPORT-011]\n");
}

TEST(ImportDiagnostics, OptionsOutOfRange) {
  Fixture f({1, 2});
  const onnxio::Model model = std::move(f.g).finish(f.q, {1});
  EXPECT_EQ(findings(model, {.input_type = "float"}),
            "--input-type: --input-type is float and int2..int16 or uint1..uint16 is needed; use for example "
            "uint8 [BM-IMPORT-004]\n");
  EXPECT_EQ(findings(model, {.input_type = "int8", .input_scale = 0}),
            "--input-scale: --input-scale is 0 and more than 0 is needed; give the real value of one code, "
            "for example 1/255 [BM-IMPORT-005]\n");
}

TEST(ImportDiagnostics, ConstantOutput) {
  Fixture f({1, 2});
  EXPECT_EQ(f.finish(f.g.node("Identity", {f.g.constant({2}, {1, 2})})),
            "output Identity_5_out: output does not depend on any input; remove it from the graph's outputs "
            "[BM-IMPORT-006]\n");
}

TEST(ImportDiagnostics, UnsupportedOperatorsAreAllListed) {
  Fixture f({1, 2});
  const std::string a = f.g.node("Selu", {f.q});
  EXPECT_EQ(
      f.finish(f.g.node("Einsum", {a})),
      "Selu_4: operator Selu is not supported; replace the activation by Relu and retrain [BM-IMPORT-010]\n"
      "Einsum_5: operator Einsum is not supported; replace it by supported operators (see docs/import.md) "
      "[BM-IMPORT-010]\n");
}

TEST(ImportDiagnostics, AttributeOfAnotherKindOrValue) {
  Fixture f({1, 2});
  EXPECT_EQ(f.finish(f.g.node("Softmax", {f.q}, {{"axis", 0.5}})),
            "Softmax_4: attribute axis is 0.500000 and an integer is needed; export the node again with that "
            "[BM-IMPORT-011]\n");
  Fixture h({1, 2});
  const std::string y =
      h.g.node("IntQuant", {h.x, h.g.constant({}, {1}), h.g.constant({}, {0}), h.g.constant({}, {4})},
               {{"signed", std::int64_t{1}}});
  EXPECT_EQ(h.finish(y),
            "IntQuant_7: attribute narrow is absent and 0 or 1 is needed; export the node again with that "
            "[BM-IMPORT-011]\n");
}

TEST(ImportDiagnostics, ParameterThatIsComputed) {
  Fixture f({1, 2});
  EXPECT_EQ(f.finish(f.g.node("Reshape", {f.q, f.x})),
            "Reshape_4: input shape must be a constant and is computed from the network's input; fold it or "
            "make it an initializer [BM-IMPORT-012]\n");
}

TEST(ImportDiagnostics, MissingInputs) {
  Fixture f({1, 2});
  EXPECT_EQ(f.finish(f.g.node("Add", {f.q})),
            "Add_4: Add has 1 inputs and 2 are needed; connect them [BM-IMPORT-013]\n");
}

TEST(ImportDiagnostics, ConstantsOutOfRange) {
  Fixture f({1, 2});
  EXPECT_EQ(f.finish(f.g.quant(f.q, {}, {-0.5}, 4, true, false)),
            "IntQuant_7: constant input scale is -1/2 and more than 0 is needed; correct the constant "
            "[BM-IMPORT-014]\n");
  Fixture h({1, 2});
  EXPECT_EQ(h.finish(h.g.node("Div", {h.q, h.g.constant({}, {0})})),
            "Div_5: constant input B is 0 and a divisor other than 0 is needed; correct the constant "
            "[BM-IMPORT-014]\n");
}

TEST(ImportDiagnostics, ConstantThatDiffersBetweenImages) {
  Fixture f({1, 2});
  EXPECT_EQ(f.finish(f.g.node("Add", {f.q, f.g.constant({2, 2}, {1, 2, 3, 4})})),
            "Add_5: constant input constant_4 is of shape [2, 2] and a first dimension of 1, the same for "
            "every image of "
            "a batch, is needed; correct the constant [BM-IMPORT-014]\n");
}

TEST(ImportDiagnostics, ShapesThatDoNotFit) {
  Fixture f({1, 6});
  EXPECT_EQ(f.finish(f.g.node("Reshape", {f.q, f.g.integers({2}, {1, 4})})),
            "Reshape_5: shape [1, 4] does not fit [1, 6]; correct the shapes of the graph [BM-IMPORT-015]\n");
}

TEST(ImportDiagnostics, SumThatBroadcastsComputedValues) {
  Fixture f({1, 2, 3, 3});
  const std::string pooled = f.g.node("GlobalAveragePool", {f.q});
  EXPECT_EQ(f.finish(f.g.node("Add", {f.q, pooled})),
            "Add_5: operator Add that broadcasts computed values of shape [1, 2, 1, 1] with [1, 2, 3, 3] is "
            "not supported; bring both to one shape before it, for example by Resize [BM-IMPORT-010]\n");
}

TEST(ImportDiagnostics, ProductOfTwoStreams) {
  Fixture f({1, 2});
  EXPECT_EQ(f.finish(f.g.node("Mul", {f.q, f.q})),
            "Mul_4: Mul of two computed values is not supported and one constant side is needed; rewrite it "
            "as convolution, Add or Concat [BM-IMPORT-016]\n");
}

TEST(ImportDiagnostics, ConstantsThatGrowWithoutBound) {
  Fixture f({1, 2});
  const std::string big = f.g.node("ConstantOfShape", {f.g.integers({2}, {65536, 65536})});
  EXPECT_EQ(f.finish(f.g.node("Add", {f.q, big})),
            "ConstantOfShape_5: a constant of [65536, 65536] elements exceeds the limit of 16777216; "
            "simplify the subgraph [BM-IMPORT-017]\n");
  Fixture h({1, 2});
  std::string y = h.g.constant({}, {0.1});
  for (int i = 0; i < 20; ++i) y = h.g.node("Mul", {y, y});
  EXPECT_EQ(
      h.finish(h.g.node("Mul", {h.q, y})),
      "Mul_12: a constant of 16639 bits exceeds the limit of 16384; simplify the subgraph [BM-IMPORT-017]\n");
}

TEST(ImportDiagnostics, FloatNetworksNameEveryMissingQuantiser) {
  GraphWriter g("net");
  const std::string x = g.input("x", {1, 2});
  const std::string a = g.node("Relu", {g.node("MatMul", {x, g.constant({2, 1}, {0.1, 0.7})})});
  const std::string y = g.node("MatMul", {a, g.constant({1, 2}, {0.3, 0.9})});
  EXPECT_EQ(findings(std::move(g).finish(y, {1})),
            "MatMul_1: weights of shape [2, 1] are float: no common scale makes them integers of at most 16 "
            "bits; insert a Quant node after them (for example signed, narrow, 4 or 8 bits) [BM-IMPORT-021]\n"
            "MatMul_1: graph input x arrives without a quantiser; insert a Quant node after it, or give "
            "--input-type (for example --input-type uint8 --input-scale 1/255) [BM-IMPORT-020]\n"
            "MatMul_4: its input Relu_2_out follows a nonlinear operator without a quantiser; insert a Quant "
            "node before it [BM-IMPORT-029]\n");
}

TEST(ImportDiagnostics, ActivationsWithoutAnIntegerScale) {
  GraphWriter g("net");
  const std::string x = g.input("x", {1, 2});
  const std::string q = g.quant(x, {}, {1}, 16, true, false);
  const std::string r = g.node("Relu", {q});
  const std::string y = g.node("MatMul", {r, g.constant({2, 1}, {1, 2})});
  EXPECT_EQ(findings(std::move(g).finish(y, {1})),
            "MatMul_6: its input is a real function of accumulators in [-32768, 32767] that no integer scale "
            "holds; insert a Quant node before it (for example after Relu_4_out) [BM-IMPORT-022]\n");
}

TEST(ImportDiagnostics, ChannelsWithUnrelatedScales) {
  Fixture f({1, 2, 2, 2});
  const std::string scaled = f.g.node("Mul", {f.q, f.g.constant({2, 1, 1}, {0.1, 1})});
  EXPECT_EQ(f.finish(f.g.node("Conv", {scaled, f.g.constant({1, 2, 1, 1}, {1, 1})})),
            "Conv_7: input channels have different scales (13421773/536870912 and 1/4) that weights of at "
            "most 16 bits cannot hold; quantise the input with one scale [BM-IMPORT-023]\n");
}

TEST(ImportDiagnostics, SumsOfUnrelatedChannelScales) {
  Fixture f({1, 2});
  const std::string scaled = f.g.node("Mul", {f.q, f.g.constant({2}, {1, 2})});
  EXPECT_EQ(f.finish(f.g.node("Add", {scaled, f.q})),
            "Add_6: the scales 1/4 and 1/4 of its inputs have no ratio of 62-bit integers for all channels; "
            "quantise both inputs with one scale [BM-IMPORT-024]\n");
}

TEST(ImportDiagnostics, PaddingThatIsNoCode) {
  Fixture f({1, 1, 2, 2});
  const std::string moved = f.g.node("Add", {f.q, f.g.constant({}, {0.1})});
  EXPECT_EQ(
      f.finish(f.g.node("Conv", {moved, f.g.constant({1, 1, 1, 1}, {1})}, {{"pads", Ints{0, 1, 0, 0}}})),
      "Conv_7: padding with 0 is no integer code of scale 1/4 and offset 13421773/134217728; choose a zero "
      "point that is an integer [BM-IMPORT-025]\n");
}

TEST(ImportDiagnostics, TwoQuantisersOfOneInput) {
  Fixture f({1, 2});
  const std::string other = f.g.quant(f.x, {}, {0.5}, 4, true, false);
  EXPECT_EQ(f.finish(f.g.node("Add", {f.q, other})),
            "IntQuant_7: quantises graph input x a second time, unlike IntQuant_3; use one quantiser for "
            "both [BM-IMPORT-026]\n");
}

TEST(ImportDiagnostics, TooManyLevels) {
  Fixture f({1, 2});
  const std::string y =
      f.g.node("MatMul", {f.g.quant(f.q, {}, {1e-6}, 30, true, false), f.g.constant({2, 1}, {1, 1})});
  EXPECT_EQ(f.finish(y),
            "IntQuant_7: 3750001 output levels exceed the 4096 of thresholds and no multiplier of 24 bits is "
            "exact; quantise to fewer bits [BM-IMPORT-027]\n");
}

TEST(ImportDiagnostics, PoolingOfMixedDirections) {
  GraphWriter g("net");
  const std::string q = g.quant(g.input("x", {1, 2, 2, 2}), {}, {1}, 16, true, false);
  const std::string mixed = g.node("Mul", {q, g.constant({2, 1, 1}, {1, -1})});
  const std::string y = g.node("MaxPool", {mixed}, {{"kernel_shape", Ints{2, 2}}});
  EXPECT_EQ(findings(std::move(g).finish(y, {1})),
            "output MaxPool_6_out: max pooling follows a function that grows in some channels and falls in "
            "others; put the quantiser before the pooling [BM-IMPORT-028]\n");
}

TEST(ImportDiagnostics, ConstantsThatDifferBetweenPixels) {
  Fixture f({1, 1, 1, 2});
  const std::string c = f.g.constant({1, 2}, {1, 2});
  EXPECT_EQ(f.finish(f.g.node("Add", {f.q, c})),
            "Add_5: constant constant_4 of shape [1, 2] differs between the pixels of one channel of [1, 1, "
            "1, 2]; use one value per channel [BM-IMPORT-030]\n");
}

TEST(ImportDiagnostics, ReorderedFrames) {
  Fixture f({1, 2, 2, 3});
  const std::string turned = f.g.node("Transpose", {f.q}, {{"perm", Ints{0, 1, 3, 2}}});
  EXPECT_EQ(
      f.finish(f.g.node("Conv", {turned, f.g.constant({1, 2, 1, 1}, {1, 1})})),
      "Conv_6: needs channels and pixels in order and the preceding Reshape or Transpose gives [1, 2, 3, 2], "
      "reordered, over frame (2, 2, 3); remove them or move them after the last layer [BM-IMPORT-031]\n");
}

TEST(ImportDiagnostics, PadThatNoWindowTakes) {
  Fixture f({1, 1, 2, 2});
  const std::string padded = f.g.node("Pad", {f.q, f.g.integers({8}, {0, 0, 1, 1, 0, 0, 1, 1})});
  EXPECT_EQ(f.finish(f.g.node("Flatten", {padded})),
            "Flatten_6: follows a Pad node and only convolution, pooling and elementwise operators may; move "
            "the Pad directly before a convolution [BM-IMPORT-032]\n");
}

TEST(ImportDiagnostics, LayersAfterAHostOperator) {
  Fixture f({1, 2});
  const std::string soft = f.g.node("Softmax", {f.q});
  EXPECT_EQ(f.finish(f.g.node("Relu", {soft})),
            "Relu_5: follows softmax axis 1, which runs on the host after the network; remove it or make "
            "Softmax_4_out the output [BM-IMPORT-033]\n");
}

TEST(ImportDiagnostics, WindowsThatAreNotSupported) {
  Fixture f({1, 1, 4, 4});
  EXPECT_EQ(
      f.finish(f.g.node("AveragePool", {f.q}, {{"kernel_shape", Ints{3, 3}}, {"pads", Ints{1, 1, 1, 1}}})),
      "AveragePool_4: AveragePool with padding and count_include_pad 0 is not supported; set "
      "count_include_pad to 1 or the pads to 0 [BM-IMPORT-034]\n");
}

TEST(ImportDiagnostics, ThreeDimensionalAndTransposedConvolutionByName) {
  Fixture f({1, 1, 4, 4});
  EXPECT_EQ(
      f.finish(f.g.node("Conv", {f.q, f.g.constant({1, 1, 1, 1, 1}, {1})})),
      "Conv_5: operator 3-D convolution is not supported; use 1-D or 2-D convolution [BM-IMPORT-010]\n");
  Fixture h({1, 1, 4, 4});
  EXPECT_EQ(h.finish(h.g.node("ConvTranspose", {h.q, h.g.constant({1, 1, 1, 1}, {1})})),
            "ConvTranspose_5: operator ConvTranspose is not supported; transposed convolution: use nearest "
            "Resize followed by Conv [BM-IMPORT-010]\n");
}

}  // namespace
}  // namespace bitmason::test
