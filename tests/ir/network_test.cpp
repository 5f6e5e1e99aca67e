#include "ir/network.hpp"

#include <gtest/gtest.h>

namespace bitmason::ir {
namespace {

constexpr TensorType kImage{{2, 4, 6}, {0, 3}};

Conv small_conv() {
  return {.weights = {.out_channels = 1,
                      .in_channels = 2,
                      .kernel_h = 1,
                      .kernel_w = 1,
                      .values = {2, -3},
                      .range = {-4, 3}},
          .window = {},
          .groups = 1,
          .pad_value = 0,
          .bias = {}};
}

/// A network of one input and one operation; returns the first error's message, or the derived type's text.
std::string message_of(const TensorType& input, Operation operation) {
  NetworkBuilder builder("net");
  const auto in = builder.add_input("in", input, {});
  if (!in) return in.errors().front().message();
  const auto id = builder.add("layer", std::move(operation), {*in});
  return id ? "fine" : id.errors().front().message();
}

TEST(NetworkTest, ConvRangeIsExactFromItsWeights) {
  NetworkBuilder builder("net");
  const auto in = builder.add_input("in", kImage, {});
  const auto id = builder.add("conv", small_conv(), {*in});
  ASSERT_TRUE(id);
  EXPECT_EQ(builder.type(*id).range, (IntRange{-9, 6}));
  EXPECT_EQ(builder.type(*id).shape, (Shape{1, 4, 6}));
}

TEST(NetworkTest, PaddingValueWidensTheRange) {
  NetworkBuilder builder("net");
  const auto in = builder.add_input("in", kImage, {});
  Conv conv = small_conv();
  conv.weights = {1, 2, 1, 2, {1, 1, 1, 1}, {-4, 3}};
  conv.window = {.kernel_h = 1, .kernel_w = 2, .pad_right = 1};
  conv.pad_value = -5;
  const auto id = builder.add("conv", conv, {*in});
  ASSERT_TRUE(id);
  EXPECT_EQ(builder.type(*id).range, (IntRange{-20, 12}));
  EXPECT_EQ(builder.type(*id).shape.width, 6);
}

TEST(NetworkTest, NamesBecomeUniqueAndDeadLayersLeave) {
  NetworkBuilder builder("net");
  const auto in = builder.add_input("in", kImage, {.name = "image"});
  const auto dead = builder.add("conv", small_conv(), {*in});
  const auto kept = builder.add("conv", small_conv(), {*in});
  ASSERT_TRUE(dead && kept);
  ASSERT_TRUE(builder.add_output({.name = "y", .layer = kept->index}));
  const auto network = std::move(builder).build();
  ASSERT_TRUE(network);
  ASSERT_EQ(network->layers().size(), 2u);
  EXPECT_EQ(network->layers()[1].name, "conv_2");
  EXPECT_EQ(network->outputs()[0].layer, 1);
  EXPECT_EQ(network->macs(), 2 * 24);
}

TEST(NetworkTest, EveryMisfitIsNamedWithItsNumbers) {
  Conv conv = small_conv();
  conv.weights.values = {1};
  EXPECT_EQ(message_of(kImage, conv),
            "layer: weights 1x2x1x1 need 2 values and have 1; give all of them [BM-IR-006]");
  conv = small_conv();
  conv.groups = 2;
  EXPECT_EQ(message_of(kImage, conv),
            "layer: 2 input channels in 2 groups need 1 input channels per group and the weights have 2; "
            "make them agree "
            "[BM-IR-007]");
  conv = small_conv();
  conv.weights.values[0] = 9;
  EXPECT_EQ(message_of(kImage, conv),
            "layer: weight 9 is outside the declared range [-4, 3]; widen the range [BM-IR-017]");
  conv = small_conv();
  conv.bias = {1, 2};
  EXPECT_EQ(message_of(kImage, conv),
            "layer: bias has 2 values and 1 are needed; give one for each [BM-IR-009]");
  conv = small_conv();
  conv.weights.out_channels = 3;
  conv.weights.in_channels = 1;
  conv.groups = 2;
  conv.weights.values = {1, 1, 1};
  EXPECT_EQ(message_of(kImage, conv),
            "layer: 3 output channels do not divide into 2 groups; make them a multiple [BM-IR-008]");
  EXPECT_EQ(message_of(kImage, MaxPool{{.kernel_h = 5, .kernel_w = 2}}),
            "layer: window 5x2 stride 1x1 padding 0,0,0,0 does not fit the 4x6 frame; kernel, stride >= 1, "
            "padding >= 0 and "
            "smaller than the kernel are needed [BM-IR-005]");
  EXPECT_EQ(message_of(kImage, SpaceToDepth{4}),
            "layer: block 4 does not divide the frame (2, 4, 6); choose a divisor [BM-IR-012]");
  EXPECT_EQ(message_of(kImage, Add{{1, 1}, 0}),
            "layer: multipliers has 2 values and 1 are needed; give one for each [BM-IR-009]");
  EXPECT_EQ(
      message_of(kImage, Add{{std::int64_t{1} << 62}, 0}),
      "layer: the accumulator may reach 12582912 x 2^40, beyond 2^62; use narrower weights, activations or "
      "multipliers [BM-IR-011]");
  EXPECT_EQ(message_of(kImage, Requantise{Thresholds{{0, 2}, 1, {5, 4}, {0}}}),
            "layer: thresholds of row 0 descend at step 1; sort them [BM-IR-013]");
  EXPECT_EQ(message_of(kImage, Requantise{Thresholds{{0, 5000}, 1, {}, {0}}}),
            "layer: 5001 output levels exceed the 4096 that thresholds may have; use a multiplier and shift "
            "[BM-IR-014]");
  EXPECT_EQ(message_of({{0, 1, 1}, {0, 1}}, MaxPool{}),
            "in: shape (0, 1, 1) has a size below 1 or more than 2^28 elements; give positive, smaller sizes "
            "[BM-IR-003]");
  EXPECT_EQ(message_of({{1, 1, 1}, {2, 1}}, MaxPool{}),
            "in: range [2, 1] is empty or exceeds 2^62; give lo <= hi within that [BM-IR-004]");
}

TEST(NetworkTest, GraphMisfitsAreNamed) {
  NetworkBuilder builder("net");
  EXPECT_EQ(builder.add("a", MaxPool{}, {{3}}).errors().front().message(),
            "a: input 0 names layer 3 and only 0 layers precede it; use an earlier layer [BM-IR-002]");
  const auto in = builder.add_input("in", kImage, {.name = "image"});
  EXPECT_EQ(builder.add("b", MaxPool{}, {*in, *in}).errors().front().message(),
            "b: max_pool takes 1 inputs and has 2; connect exactly that many [BM-IR-001]");
  const auto other = builder.add_input("other", {{1, 2, 2}, {0, 1}}, {.name = "mask"});
  EXPECT_EQ(builder.add("c", Concat{}, {*in, *other}).errors().front().message(),
            "c: input shapes (2, 4, 6) and (1, 2, 2) differ; make them equal [BM-IR-010]");
  ASSERT_TRUE(builder.add_output({.name = "y", .layer = in->index}));
  EXPECT_EQ(std::move(builder).build().errors().front().message(),
            "net: no output depends on input mask; remove it [BM-IR-016]");
  EXPECT_EQ(NetworkBuilder("empty").build().errors().front().message(),
            "empty: the network has no input; declare at least one [BM-IR-015]");
}

}  // namespace
}  // namespace bitmason::ir
