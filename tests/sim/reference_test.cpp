#include <gtest/gtest.h>

#include "sim/engine.hpp"

namespace bitmason::sim {
namespace {

/// Output of one operation on the given inputs, by the reference and by every supported instruction set.
Codes run_one(ir::Operation operation, const std::vector<ir::TensorType>& types,
              const std::vector<Codes>& inputs) {
  ir::NetworkBuilder builder("one");
  std::vector<ir::TensorId> ids;
  for (const ir::TensorType& type : types) {
    const std::string name = "in" + std::to_string(ids.size());
    ids.push_back(builder.add_input(name, type, {.name = name}).value());
  }
  const auto id = builder.add("op", std::move(operation), ids);
  EXPECT_TRUE(id) << (id ? "" : to_text(id.errors()));
  EXPECT_TRUE(builder.add_output({.name = "out", .layer = id->index}));
  const ir::Network network = std::move(builder).build().value();
  const Codes codes = run_reference(network, inputs).back();
  for (const Isa isa : {Isa::Portable, Isa::Avx2, Isa::Avx512Vnni}) {
    if (is_supported(isa)) {
      EXPECT_EQ(Engine(network, {.isa = isa, .threads = 1}).run(inputs).back(), codes) << name_of(isa);
    }
  }
  return codes;
}

TEST(ReferenceTest, ConvolutionWithPaddingStrideAndBias) {
  // 1x3 kernel (1, 2, -1), left padding of value 5, stride 2 over 1 2 3 4: 5+2-2 = 5, 2+6-4 = 4; bias 100.
  const ir::Conv conv{.weights = {1, 1, 1, 3, {1, 2, -1}, {-2, 3}},
                      .window = {.kernel_h = 1, .kernel_w = 3, .stride_w = 2, .pad_left = 1},
                      .pad_value = 5,
                      .bias = {100}};
  EXPECT_EQ(run_one(conv, {{{1, 1, 4}, {0, 7}}}, {{1, 2, 3, 4}}), (Codes{105, 104}));
}

TEST(ReferenceTest, GroupsSeeTheirOwnChannelsOnly) {
  // Two groups of one channel, two outputs each: (1 x, 2 x) of channel 0 and (3 y, -4 y) of channel 1.
  const ir::Conv conv{.weights = {4, 1, 1, 1, {1, 2, 3, -4}, {-4, 3}}, .groups = 2};
  EXPECT_EQ(run_one(conv, {{{2, 1, 2}, {-10, 10}}}, {{5, -6, 7, 10}}),
            (Codes{5, -6, 10, -12, 21, 30, -28, -40}));
}

TEST(ReferenceTest, ConvolutionBeyond32BitsIsExact) {
  // 3,000,000,000 x 1,000,000 = 3e15, once positive and once negative.
  const ir::Conv conv{.weights = {2, 1, 1, 1, {1000000, -1000000}, {-1000000, 1000000}}};
  EXPECT_EQ(run_one(conv, {{{1, 1, 1}, {0, 3000000000}}}, {{3000000000}}),
            (Codes{3000000000000000, -3000000000000000}));
}

TEST(ReferenceTest, MaxPoolIgnoresPaddingEvenForNegativeCodes) {
  const ir::MaxPool pool{
      {.kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2, .pad_top = 1, .pad_right = 1}};
  // Rows (-1 -2 -3), (-4 -5 -6), (-7 -8 -9) under a padded row: windows {-1,-2} {-3} and {-4..-8} {-6,-9}.
  EXPECT_EQ(run_one(pool, {{{1, 3, 3}, {-9, -1}}}, {{-1, -2, -3, -4, -5, -6, -7, -8, -9}}),
            (Codes{-1, -3, -4, -6}));
}

TEST(ReferenceTest, SumPoolCountsPaddingWithItsValue) {
  const ir::SumPool pool{{.kernel_h = 1, .kernel_w = 2, .pad_left = 1}, 10};
  EXPECT_EQ(run_one(pool, {{{1, 1, 3}, {0, 3}}}, {{1, 2, 3}}), (Codes{11, 3, 5}));
}

TEST(ReferenceTest, AddWeighsItsInputs) {
  EXPECT_EQ(run_one(ir::Add{{3, -2}, 7}, {{{1, 1, 2}, {0, 9}}, {{1, 1, 2}, {-9, 9}}}, {{1, 9}, {-9, 4}}),
            (Codes{3 + 18 + 7, 27 - 8 + 7}));
}

TEST(ReferenceTest, ConcatKeepsChannelOrderAcrossRanges) {
  EXPECT_EQ(
      run_one(ir::Concat{}, {{{1, 1, 2}, {0, 255}}, {{2, 1, 2}, {-300, 300}}}, {{255, 1}, {-300, 2, 3, 300}}),
      (Codes{255, 1, -300, 2, 3, 300}));
}

TEST(ReferenceTest, SpaceToDepthAndBackInBothOrders) {
  // Two channels of 2x2: ONNX's DCR puts (dy, dx) before the channel, CRD after it.
  const ir::TensorType type{{2, 2, 2}, {0, 7}};
  const Codes codes{0, 1, 2, 3, 4, 5, 6, 7};
  const Codes dcr = run_one(ir::SpaceToDepth{2, ir::BlockOrder::DepthColumnRow}, {type}, {codes});
  EXPECT_EQ(dcr, (Codes{0, 4, 1, 5, 2, 6, 3, 7}));
  const Codes crd = run_one(ir::SpaceToDepth{2, ir::BlockOrder::ColumnRowDepth}, {type}, {codes});
  EXPECT_EQ(crd, codes);
  const ir::TensorType deep{{8, 1, 1}, {0, 7}};
  EXPECT_EQ(run_one(ir::DepthToSpace{2, ir::BlockOrder::DepthColumnRow}, {deep}, {dcr}), codes);
  EXPECT_EQ(run_one(ir::DepthToSpace{2, ir::BlockOrder::ColumnRowDepth}, {deep}, {crd}), codes);
}

TEST(ReferenceTest, UpsampleRepeatsPixels) {
  EXPECT_EQ(run_one(ir::Upsample{2, 3}, {{{1, 1, 2}, {0, 7}}}, {{4, 5}}),
            (Codes{4, 4, 4, 5, 5, 5, 4, 4, 4, 5, 5, 5}));
}

TEST(ReferenceTest, ThresholdsCountUpOrDown) {
  const ir::Thresholds form{{-1, 1}, 2, {0, 10, 0, 10}, {0, 1}};
  EXPECT_EQ(run_one(ir::Requantise{form}, {{{2, 1, 4}, {-50, 50}}}, {{-1, 0, 9, 10, -1, 0, 9, 10}}),
            (Codes{-1, 0, 0, 1, 1, 0, 0, -1}));
}

TEST(ReferenceTest, ScaleShiftFloorsThenClamps) {
  // (3 x + 1) >> 2: -20 -> -59/4 = -14.75 -> -15, clamped to -8; -1 -> -0.5 -> -1; 1 -> 1; 20 -> 15.25,
  // clamped.
  const ir::ScaleShift form{{-8, 7}, {3}, {1}, 2};
  EXPECT_EQ(run_one(ir::Requantise{form}, {{{1, 1, 4}, {-50, 50}}}, {{-20, -1, 1, 20}}),
            (Codes{-8, -1, 1, 7}));
}

TEST(ReferenceTest, ScaleShiftProductsBeyond64BitsAreExact) {
  // 2^61 x 2^61 >> 62 = 2^60, clamped only at 2^61.
  const std::int64_t big = std::int64_t{1} << 61;
  const ir::ScaleShift form{{0, big}, {big}, {0}, 62};
  EXPECT_EQ(run_one(ir::Requantise{form}, {{{1, 1, 2}, {0, big}}}, {{big, 2}}), (Codes{big / 2, 1}));
}

}  // namespace
}  // namespace bitmason::sim
