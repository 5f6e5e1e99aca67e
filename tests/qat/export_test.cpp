#include <gtest/gtest.h>

#include <filesystem>

#include "qat/integer_evaluation.hpp"
#include "qat/qonnx.hpp"

namespace bitmason::qat {
namespace {

/// One 1x1 convolution to two channels, pooling, two logits; everything countable by hand.
TrainedNetwork by_hand() {
  const TrainedConv conv{
      .weights = {.shape = {2, 1, 1, 1}, .bits = 3, .codes = {3, -2}, .scales = {0.5F, 0.25F}},
      // variance + 2^-16 = 4, so the norm halves.
      .norm = {{1, 1}, {0, 20}, {0, 0}, {4 - 0x1p-16F, 4 - 0x1p-16F}},
      .activation_bits = 4,
      .activation_scale = 2};
  const TrainedDense dense{
      .weights = {.shape = {2, 2}, .bits = 3, .codes = {1, -1, 2, 3}, .scales = {0.125F}},
      .bias = {5, -7},
      .input_scale = 2};
  return {"by_hand", {1, 2, 2}, {conv, MaxPoolSpec{}, dense}};
}

TEST(IntegerEvaluation, TwoFramesByHand) {
  // Channel 0: x * 3 * 0.5 / 2 / 2 = 3x/8: 0, 1.5 -> 2, 3.375 -> 3, 15 (clamped): maximum 15.
  // Channel 1: (x * -2 * 0.25 / 2 + 20) / 2 = 10 - x/8: 10, 9.5 -> 10, 8.875 -> 9, 0 (clamped): maximum 10.
  // Second frame, four times 12: 4.5 -> 4 (half to even), 8.5 -> 8.
  const data::ImageSet images{{1, 2, 2}, {0, 4, 9, 255, 12, 12, 12, 12}, {0, 1}};
  const auto logits = logit_codes(by_hand(), images, 1);
  EXPECT_EQ(logits, (std::vector<std::int64_t>{15 - 10 + 5, 30 + 30 - 7, 4 - 8 + 5, 8 + 24 - 7}));
  EXPECT_EQ(predicted_classes(logits, 2), (std::vector<int>{1, 1}));
  EXPECT_DOUBLE_EQ(accuracy(by_hand(), images, 1), 0.5);
}

TEST(IntegerEvaluation, EqualLogitsGiveTheFirstClass) {
  EXPECT_EQ(predicted_classes({3, 3, 1, 0, 2, 2}, 3), (std::vector<int>{0, 1}));
}

TEST(Qonnx, TheFileReadBackIsTheNetworkWritten) {
  const auto path = std::filesystem::path(BITMASON_BINARY_DIR) / "qat_export_test" / "net.onnx";
  ASSERT_TRUE(onnxio::write_model(path, to_qonnx(by_hand())).ok());
  const auto model = onnxio::read_model(path);
  ASSERT_TRUE(model.ok());
  const auto network = from_qonnx(*model, "net.onnx");
  ASSERT_TRUE(network.ok()) << network.errors().front().message();
  EXPECT_EQ(*network, by_hand());
}

TEST(Qonnx, NodesFollowBrevitas) {
  const auto model = to_qonnx(by_hand());
  std::vector<std::string> types;
  for (const auto& node : model.nodes) types.push_back(node.op_type);
  EXPECT_EQ(types, (std::vector<std::string>{"Quant", "Quant", "Conv", "BatchNormalization", "Relu", "Quant",
                                             "MaxPool", "Flatten", "Quant", "Quant", "Gemm"}));
  EXPECT_EQ(model.inputs[0].shape, (std::vector<std::int64_t>{1, 1, 2, 2}));
  EXPECT_EQ(model.opsets, (std::map<std::string, std::int64_t>{{"", 13}, {"qonnx.custom_op.general", 1}}));
  const auto& weights = model.nodes[1].attributes;
  EXPECT_EQ(std::get<std::int64_t>(weights.at("signed")), 1);
  EXPECT_EQ(std::get<std::int64_t>(weights.at("narrow")), 1);
  EXPECT_EQ(std::get<std::string>(weights.at("rounding_mode")), "ROUND");
}

TEST(Qonnx, AChangedFileIsNotTheTrainers) {
  auto model = to_qonnx(by_hand());
  model.nodes[2].attributes["group"] = std::int64_t{2};
  const auto changed = from_qonnx(model, "net.onnx");
  ASSERT_FALSE(changed.ok());
  EXPECT_EQ(to_text(changed.errors()),
            "net.onnx: was not written by bitmason-train (it differs at conv1); use `bitmason import` for it "
            "[BM-QAT-050]\n");
  EXPECT_FALSE(from_qonnx({}, "empty").ok());
}

TEST(Qonnx, MissingConstantsAreNamed) {
  auto model = to_qonnx(by_hand());
  std::erase_if(model.initializers, [](const auto& tensor) { return tensor.name == "conv1_gain"; });
  const auto changed = from_qonnx(model, "net.onnx");
  ASSERT_FALSE(changed.ok());
  EXPECT_EQ(changed.errors().front().text,
            "was not written by bitmason-train (it differs at conv1_gain); use `bitmason import` for it");
}

}  // namespace
}  // namespace bitmason::qat
