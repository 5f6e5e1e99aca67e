#include "sim/convolution.hpp"

#include <gtest/gtest.h>

namespace bitmason::sim {
namespace {

using Arithmetic = Convolution::Arithmetic;

Arithmetic chosen(const IntRange& codes, int weight, int channels, int groups, Isa isa, bool narrow = true) {
  ir::Conv conv{.weights = {groups > 1 ? groups : 1, channels / groups, 1, 1, {}, {-32768, 32767}},
                .groups = groups};
  conv.weights.values.assign(static_cast<std::size_t>(channels), weight);
  return Convolution(conv, {{channels, 1, 1}, codes}, narrow, isa).arithmetic();
}

class ConvolutionTest : public testing::TestWithParam<Isa> {
 protected:
  void SetUp() override {
    if (!is_supported(GetParam())) GTEST_SKIP() << "this processor lacks " << name_of(GetParam());
  }
};

TEST_P(ConvolutionTest, ArithmeticIsTheNarrowestThatHolds) {
  const Isa isa = GetParam();
  EXPECT_EQ(chosen({0, 15}, 7, 64, 1, isa), Arithmetic::Bytes);
  EXPECT_EQ(chosen({-8, 7}, -8, 64, 1, isa), Arithmetic::Bytes);
  EXPECT_EQ(chosen({0, 255}, 128, 4, 1, isa), Arithmetic::Words);
  EXPECT_EQ(chosen({0, 256}, 1, 4, 1, isa), Arithmetic::Words);
  EXPECT_EQ(chosen({0, 65536}, 1, 4, 1, isa), Arithmetic::Wide);
  EXPECT_EQ(chosen({0, 15}, 32768, 4, 1, isa), Arithmetic::Wide);
  EXPECT_EQ(chosen({0, 15}, 1, 4, 1, isa, false), Arithmetic::Wide);
  EXPECT_EQ(chosen({0, 255}, 127, 8, 8, isa), Arithmetic::DepthwiseBytes);
  EXPECT_EQ(chosen({0, 1000}, 127, 8, 8, isa), Arithmetic::DepthwiseWords);
}

TEST_P(ConvolutionTest, PairsThatSaturate16BitsLeaveTheByteKernels) {
  // 255 x 127 x 2 = 64,770 saturates pmaddubsw; VNNI and the portable kernel sum in 32 bits instead.
  EXPECT_EQ(chosen({0, 255}, 127, 8, 1, GetParam()),
            GetParam() == Isa::Avx2 ? Arithmetic::Words : Arithmetic::Bytes);
  // 255 x 64 x 2 = 32,640 does not.
  EXPECT_EQ(chosen({0, 255}, 64, 8, 1, GetParam()), Arithmetic::Bytes);
}

INSTANTIATE_TEST_SUITE_P(Isas, ConvolutionTest, testing::Values(Isa::Portable, Isa::Avx2, Isa::Avx512Vnni),
                         [](const auto& parameter) { return std::string(name_of(parameter.param)); });

}  // namespace
}  // namespace bitmason::sim
