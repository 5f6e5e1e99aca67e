#include "export/qcdq.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/graph_writer.hpp"
#include "support/random_network.hpp"

namespace bitmason::exporting {
namespace {

using test::GraphWriter;

std::vector<std::string> operators(const onnxio::Model& model) {
  std::vector<std::string> names;
  for (const auto& node : model.nodes) names.push_back(node.op_type);
  return names;
}

const onnxio::Tensor& initializer(const onnxio::Model& model, const std::string& suffix) {
  for (const auto& tensor : model.initializers) {
    if (tensor.name.ends_with(suffix)) return tensor;
  }
  throw std::runtime_error("no initializer " + suffix);
}

onnxio::Model quantised(int bits, bool is_signed, bool narrow, const std::string& rounding) {
  GraphWriter graph("net");
  const std::string x = graph.input("x", {1, 2, 3, 3});
  const std::string y = graph.quant(x, {}, {0.5}, bits, is_signed, narrow, rounding);
  return std::move(graph).finish(y, {1, 2, 3, 3});
}

TEST(QcdqTest, FourSignedNarrowBitsClipToMinusSevenAndSeven) {
  const auto model = to_qcdq(quantised(4, true, true, "ROUND"));
  ASSERT_TRUE(model);
  EXPECT_EQ(operators(*model), (std::vector<std::string>{"QuantizeLinear", "Clip", "DequantizeLinear"}));
  EXPECT_EQ(initializer(*model, "_lo").integers, (std::vector<std::int64_t>{-7}));
  EXPECT_EQ(initializer(*model, "_hi").integers, (std::vector<std::int64_t>{7}));
  EXPECT_EQ(initializer(*model, "_lo").type, "int8");
  EXPECT_EQ(model->nodes.back().outputs.front(), model->outputs.front().name);
  EXPECT_FALSE(model->opsets.contains("qonnx.custom_op.general"));
}

TEST(QcdqTest, EightUnsignedBitsNeedNoClip) {
  const auto model = to_qcdq(quantised(8, false, false, "HALF_EVEN"));
  ASSERT_TRUE(model);
  EXPECT_EQ(operators(*model), (std::vector<std::string>{"QuantizeLinear", "DequantizeLinear"}));
}

TEST(QcdqTest, OtherRoundingsAndWiderCodesUseElementaryOperators) {
  const auto floor = to_qcdq(quantised(4, true, false, "floor"));
  ASSERT_TRUE(floor);
  EXPECT_EQ(operators(*floor), (std::vector<std::string>{"Div", "Add", "Clip", "Floor", "Sub", "Mul"}));
  const auto half_down = to_qcdq(quantised(4, true, false, "HALF_DOWN"));
  ASSERT_TRUE(half_down);
  EXPECT_EQ(operators(*half_down), (std::vector<std::string>{"Div", "Add", "Clip", "Abs", "Sub", "Sign",
                                                             "Ceil", "Mul", "Sub", "Mul"}));
  const auto wide = to_qcdq(quantised(12, true, false, "ROUND"));
  ASSERT_TRUE(wide);
  EXPECT_EQ(operators(*wide)[3], "Round");
}

TEST(QcdqTest, ConstantsOfOtherQuantisersBecomeTheirCodes) {
  const auto exported = [](const auto& quantise) {
    GraphWriter graph("net");
    const std::string x = graph.input("x", {1, 2});
    const std::string y = graph.node("Add", {x, quantise(graph)});
    return *to_qcdq(std::move(graph).finish(y, {1, 2}));
  };
  // 12 bits, scales 1/2 and 1/4: 1.3 / 0.5 = 2.6 becomes 3, -1.1 / 0.25 = -4.4 becomes -4.
  const auto wide = exported([](GraphWriter& graph) {
    return graph.quant(graph.constant({1, 2}, {1.3, -1.1}), {1, 2}, {0.5, 0.25}, 12, true, false);
  });
  EXPECT_EQ(operators(wide), (std::vector<std::string>{"DequantizeLinear", "Add"}));
  EXPECT_EQ(initializer(wide, "_codes").type, "int32");
  EXPECT_EQ(initializer(wide, "_codes").integers, (std::vector<std::int64_t>{3, -4}));
  EXPECT_EQ(std::get<std::int64_t>(wide.nodes.front().attributes.at("axis")), 1);
  // 4 bits, halves toward zero: 1.25 / 0.5 = 2.5 becomes 2, 100 is clamped to 7.
  const auto down = exported([](GraphWriter& graph) {
    return graph.quant(graph.constant({1, 2}, {1.25, 100}), {}, {0.5}, 4, true, false, "HALF_DOWN");
  });
  EXPECT_EQ(initializer(down, "_codes").integers, (std::vector<std::int64_t>{2, 7}));
  const auto sign = exported([](GraphWriter& graph) {
    return graph.node("BipolarQuant", {graph.constant({1, 2}, {0, -0.1}), graph.constant({}, {0.5})});
  });
  EXPECT_EQ(operators(sign), (std::vector<std::string>{"DequantizeLinear", "Add"}));
  EXPECT_EQ(initializer(sign, "_codes").integers, (std::vector<std::int64_t>{1, -1}));
  // A zero point between two codes has no such form.
  const auto between = exported([](GraphWriter& graph) {
    return graph.node("IntQuant",
                      {graph.constant({1, 2}, {1, 2}), graph.constant({}, {0.5}), graph.constant({}, {0.5}),
                       graph.constant({}, {12})},
                      {{"signed", std::int64_t{1}}, {"narrow", std::int64_t{0}}});
  });
  EXPECT_EQ(operators(between).front(), "Div");
}

TEST(QcdqTest, PerChannelScalesBecomeAnAxis) {
  GraphWriter graph("net");
  const std::string x = graph.input("x", {1, 2, 3, 3});
  const std::string y = graph.quant(x, {1, 2, 1, 1}, {0.5, 0.25}, 4, true, false);
  const auto model = to_qcdq(std::move(graph).finish(y, {1, 2, 3, 3}));
  ASSERT_TRUE(model);
  EXPECT_EQ(std::get<std::int64_t>(model->nodes.front().attributes.at("axis")), 1);
  EXPECT_EQ(initializer(*model, "_scale").shape, (std::vector<std::int64_t>{2}));
}

TEST(QcdqTest, RandomNetworksKeepNoCustomOperator) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto model = to_qcdq(test::random_network({.seed = seed}));
    ASSERT_TRUE(model) << seed << ": " << to_text(model.errors());
    std::set<std::string> made;
    for (const auto& node : model->nodes) {
      EXPECT_EQ(node.domain, "") << node.name;
      for (const auto& output : node.outputs) EXPECT_TRUE(made.insert(output).second) << output;
    }
    EXPECT_TRUE(made.contains(model->outputs.front().name));
  }
}

TEST(QcdqTest, EveryRefusalSaysWhyAndWhatToDo) {
  onnxio::Model old = quantised(4, true, true, "ROUND");
  old.opsets[""] = 9;
  EXPECT_EQ(to_qcdq(old).errors().front().message(),
            "net: the file's opset is 9 and this export needs at least 13; convert the file first, for "
            "example with "
            "onnx.version_converter [BM-EXP-001]");
  onnxio::Model dynamic = quantised(4, true, true, "ROUND");
  dynamic.nodes.front().inputs[1] = "x";
  EXPECT_EQ(to_qcdq(dynamic).errors().front().message(),
            "IntQuant_3: the scale of this quantiser is not an initializer; fold it into a constant first "
            "[BM-EXP-002]");
  onnxio::Model vague = quantised(4, true, true, "ROUND");
  vague.nodes.front().attributes.erase("narrow");
  EXPECT_EQ(to_qcdq(vague).errors().front().message(),
            "IntQuant_3: attribute narrow is missing or unknown; write the file again with a current QONNX "
            "exporter "
            "[BM-EXP-003]");
  onnxio::Model odd = quantised(4, true, true, "ROUND");
  odd.nodes.front().op_type = "FloatQuant";
  EXPECT_EQ(to_qcdq(odd).errors().front().message(),
            "IntQuant_3: FloatQuant has no standard form here; replace it by IntQuant, BipolarQuant or "
            "MultiThreshold "
            "[BM-EXP-005]");
  GraphWriter graph("net");
  const std::string y = graph.node("MultiThreshold", {"nowhere", graph.constant({2, 1}, {0, 1})});
  EXPECT_EQ(to_qcdq(std::move(graph).finish(y, {1})).errors().front().message(),
            "MultiThreshold_1: the rank of nowhere cannot be told, which thresholds per channel need; give "
            "the file static "
            "shapes [BM-EXP-004]");
}

}  // namespace
}  // namespace bitmason::exporting
