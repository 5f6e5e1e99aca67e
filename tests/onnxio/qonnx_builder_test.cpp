#include "onnxio/qonnx_builder.hpp"

#include <gtest/gtest.h>

namespace bitmason::onnxio {
namespace {

TEST(QonnxBuilderTest, CodedConstantsHoldCodeTimesScalePerOutput) {
  QonnxBuilder graph("net", "test");
  const std::vector<std::int32_t> codes{1, -3, 2, 0};
  const std::vector<float> scales{0.5F, 0.25F};
  EXPECT_EQ(graph.coded("w", {.shape = {2, 2}, .bits = 3, .codes = codes, .scales = scales}), "w_quantised");
  const Model model = graph.take();
  ASSERT_EQ(model.initializers.size(), 4u);
  EXPECT_EQ(model.initializers[0].reals, (std::vector<double>{0.5, -1.5, 0.5, 0}));
  EXPECT_EQ(model.initializers[1].shape, (std::vector<std::int64_t>{2, 1}));
  ASSERT_EQ(model.nodes.size(), 1u);
  EXPECT_EQ(model.nodes[0].op_type, "Quant");
  EXPECT_EQ(model.nodes[0].domain, "qonnx.custom_op.general");
  EXPECT_EQ(model.nodes[0].inputs, (std::vector<std::string>{"w", "w_scale", "w_zero", "w_bits"}));
  EXPECT_EQ(std::get<std::int64_t>(model.nodes[0].attributes.at("narrow")), 1);
}

TEST(QonnxBuilderTest, OneBitIsABipolarQuantiser) {
  QonnxBuilder graph("net", "test");
  const std::vector<std::int32_t> codes{1, -1};
  const float scale = 0.5F;
  graph.coded("w", {.shape = {2, 1}, .bits = 1, .codes = codes, .scales = {&scale, 1}});
  const Model model = graph.take();
  EXPECT_EQ(model.nodes[0].op_type, "BipolarQuant");
  EXPECT_EQ(model.nodes[0].inputs, (std::vector<std::string>{"w", "w_scale"}));
  EXPECT_EQ(model.initializers[0].reals, (std::vector<double>{0.5, -0.5}));
}

TEST(QonnxBuilderTest, TheOutputIsTheLastNodes) {
  QonnxBuilder graph("net", "test");
  const auto x = graph.input("image", {1, 1, 2, 2});
  graph.quant("q", graph.node("relu", "Relu", {x}), 2, {.bits = 4});
  graph.output("y", {1, 1, 2, 2});
  const Model model = graph.take();
  EXPECT_EQ(model.graph_name, "net");
  EXPECT_EQ(model.opsets.at(""), 13);
  EXPECT_EQ(model.nodes[1].inputs[0], "relu_out");
  EXPECT_EQ(model.nodes[1].outputs, std::vector<std::string>{"y"});
  EXPECT_EQ(model.outputs[0].name, "y");
}

}  // namespace
}  // namespace bitmason::onnxio
