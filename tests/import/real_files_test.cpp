#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "import/import.hpp"

/// Networks that others trained and exported.
namespace bitmason::import {
namespace {

std::filesystem::path shared(const std::string& name) {
  return std::filesystem::path(BITMASON_SHARED_DIR) / "models" / name;
}

#define NEEDS(name) \
  if (!std::filesystem::exists(shared(name))) GTEST_SKIP() << name << " is missing"

Result<Imported> import_file(const std::string& name, const Options& options = {}) {
  const auto model = onnxio::read_model(shared(name));
  if (!model) return model.errors();
  return import_onnx(*model, options);
}

std::vector<std::string> codes_of(const Result<Imported>& result) {
  std::vector<std::string> codes;
  if (!result) {
    for (const Diagnostic& finding : result.errors()) codes.push_back(finding.where + " " + finding.code);
  }
  return codes;
}

TEST(RealFiles, UltraNetIsTwentyTwoLayersInUnderThreeSeconds) {
  NEEDS("ultranet_w4a4.onnx");
  const auto start = std::chrono::steady_clock::now();
  const auto imported = import_file("ultranet_w4a4.onnx");
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  ASSERT_TRUE(imported) << to_text(imported.errors());
  // Input, 9 convolutions, 8 quantisers, 4 poolings.
  EXPECT_EQ(imported->network.layers().size(), 22u);
  // Table of the benchmark networks: 199.53 M multiply-accumulates.
  EXPECT_EQ(imported->network.macs(), 199526400);
  EXPECT_EQ(imported->network.type({0}).range, (IntRange{0, 255}));
  EXPECT_LT(seconds, 3.0);
}

TEST(RealFiles, MnistPerceptrons) {
  NEEDS("TFC_2W2A.onnx");
  const auto brevitas = import_file("TFC_2W2A.onnx");
  ASSERT_TRUE(brevitas) << to_text(brevitas.errors());
  EXPECT_EQ(brevitas->network.macs(), 784 * 64 + 64 * 64 * 2 + 64 * 10);
  const auto finn = import_file("finn_tfc/model.onnx");
  ASSERT_TRUE(finn) << to_text(finn.errors());
  EXPECT_EQ(finn->network.macs(), brevitas->network.macs());
  EXPECT_EQ(finn->network.type({0}).range, (IntRange{0, 1}));
  EXPECT_EQ(ir::to_text(finn->network.outputs()[0].tail.at(0)), "largest index axis 1");
  EXPECT_TRUE(import_file("bnn_model_fc_1layer.onnx"));
}

TEST(RealFiles, JetTaggingNeedsAnInputType) {
  NEEDS("qkeras_jettagging.onnx");
  EXPECT_EQ(codes_of(import_file("qkeras_jettagging.onnx")),
            (std::vector<std::string>{"MatMul_0 BM-IMPORT-020"}));
  const auto imported =
      import_file("qkeras_jettagging.onnx", {.input_type = "int8", .input_scale = Rational(1, 16)});
  ASSERT_TRUE(imported) << to_text(imported.errors());
  EXPECT_EQ(imported->network.macs(), 16 * 64 + 64 * 32 + 32 * 32 + 32 * 5);
}

TEST(RealFiles, FloatNetworksAreRefusedWithEveryReason) {
  NEEDS("mnist-conv/model.onnx");
  EXPECT_EQ(codes_of(import_file("mnist-conv/model.onnx")),
            (std::vector<std::string>{"Convolution28 BM-IMPORT-021", "Convolution28 BM-IMPORT-020",
                                      "Convolution110 BM-IMPORT-029", "Convolution110 BM-IMPORT-021",
                                      "Times212 BM-IMPORT-029", "Times212 BM-IMPORT-021"}));
  EXPECT_EQ(codes_of(import_file("conv1d_small_keras.onnx")).size(), 10u);
  EXPECT_EQ(codes_of(import_file("conv2d_small_keras.onnx")).size(), 4u);
  EXPECT_EQ(codes_of(import_file("three_layer_keras.onnx")).size(), 8u);
  const auto selu = codes_of(import_file("conv2d_small_mp_keras.onnx"));
  EXPECT_EQ(std::ranges::count(selu, "Selu BM-IMPORT-010"), 1);
}

}  // namespace
}  // namespace bitmason::import
