#include <gtest/gtest.h>

#include "search/blueprint.hpp"
#include "zoo_networks.hpp"

namespace bitmason::search {
namespace {

using namespace testing;

/// Widths that differ from layer to layer, 2 to 6, behind an image of 8 bits.
Bits mixed(std::size_t layers) {
  Bits bits = uniform(layers, 2, 2, 8);
  for (std::size_t k = 0; k < layers; ++k) {
    bits.weights[k] = 2 + static_cast<int>((2 * k) % 5);
    if (k > 0) bits.activations[k] = 2 + static_cast<int>((3 * k + 1) % 5);
  }
  return bits;
}

/// The planner's answer for the network made from 8 bits against that for the file of these bits.
void expect_same_plan(const std::string& name, const std::vector<Bits>& choices) {
  const Target on = target("xczu3eg");
  const Blueprint blueprint(zoo_network(name, 8));
  for (const Bits& bits : choices) {
    const auto network = blueprint.with_bits(bits);
    ASSERT_TRUE(network) << to_text(network.errors());
    const auto made = plan::solve(*network, on.part, on.primitive, on.budget);
    const auto filed = plan::solve(zoo_network(name, bits), on.part, on.primitive, on.budget);
    ASSERT_TRUE(made && filed) << to_text(bits);
    EXPECT_EQ(made->interval, filed->interval) << name << " " << to_text(bits);
    EXPECT_NEAR(static_cast<double>(made->total.luts.value), static_cast<double>(filed->total.luts.value),
                0.03 * static_cast<double>(filed->total.luts.value))
        << name << " " << to_text(bits);
  }
}

TEST(WithBitsTest, UltraNetPlansAsTheFileOfTheseBits) {
  expect_same_plan("UltraNet", {uniform(9, 2, 2, 2), uniform(9, 4, 4, 4), mixed(9)});
}

TEST(SlowWithBitsTest, ResNet8PlansAsTheFileOfTheseBits) {
  expect_same_plan("ResNet-8", {uniform(10, 2, 2, 2), uniform(10, 4, 4, 4), mixed(10)});
}

TEST(SlowWithBitsTest, VggTinyPlansAsTheFileOfTheseBits) {
  expect_same_plan("VGG-tiny", {uniform(7, 2, 2, 2), uniform(7, 4, 4, 4), mixed(7)});
}

TEST(WithBitsTest, EveryLayerHasTheWidthsOfTheFile) {
  // Two layers read the sum in 3 and in 5 bits: it is quantised twice.
  Bits bits = uniform(10, 4, 4, 8);
  bits.activations[3] = 3;
  bits.activations[5] = 5;
  bits.activations[9] = 1;
  const ir::Network file = zoo_network("ResNet-8", bits);
  const auto made = Blueprint(zoo_network("ResNet-8", 8)).with_bits(bits);
  ASSERT_TRUE(made) << to_text(made.errors());
  ASSERT_EQ(made->layers().size(), file.layers().size());
  for (std::size_t k = 0; k < file.layers().size(); ++k) {
    const ir::Layer& layer = file.layers()[k];
    const ir::Layer& same = made->layers()[k];
    EXPECT_EQ(same.operation.index(), layer.operation.index()) << layer.name;
    EXPECT_EQ(same.inputs, layer.inputs) << layer.name;
    EXPECT_EQ(same.type.shape, layer.type.shape) << layer.name;
    if (holds_codes(file, k)) {
      EXPECT_EQ(same.type.range.bits(), layer.type.range.bits()) << layer.name;
    }
    EXPECT_NEAR(same.type.range.bits(), layer.type.range.bits(), 1) << layer.name;
    if (const auto* conv = std::get_if<ir::Conv>(&layer.operation)) {
      EXPECT_EQ(std::get<ir::Conv>(same.operation).weights.range, conv->weights.range) << layer.name;
    }
    if (const auto* add = std::get_if<ir::Add>(&layer.operation)) {
      EXPECT_EQ(std::get<ir::Add>(same.operation).multipliers, add->multipliers) << layer.name;
    }
  }
}

TEST(WithBitsTest, ANetworkThatIsQuantisedTwiceIsABlueprintToo) {
  Bits bits = uniform(10, 4, 4, 8);
  bits.activations[3] = 3;
  bits.activations[5] = 5;
  const auto once = Blueprint(zoo_network("ResNet-8", bits)).with_bits(uniform(10, 4, 4, 8));
  ASSERT_TRUE(once);
  EXPECT_EQ(once->layers().size(), zoo_network("ResNet-8", 4).layers().size());
}

TEST(ResizeTest, TwoBitsLeaveAboutHalfOfNormalWeightsAtZero) {
  ir::Weights weights{.out_channels = 1, .in_channels = 1000, .values = {}, .range = {-127, 127}};
  bitmason::Random random(3, 0);
  for (int k = 0; k < 1000; ++k)
    weights.values.push_back(static_cast<std::int32_t>(std::clamp(47 * random.normal(), -127.0, 127.0)));
  const ResizedWeights two = resize(weights, 2);
  EXPECT_EQ(two.weights.range, (IntRange{-1, 1}));
  // |x| < 0.65 standard deviations has the probability 0.484.
  EXPECT_NEAR(static_cast<double>(std::ranges::count(two.weights.values, 0)), 484, 50);
  EXPECT_EQ(resize(weights, 1).weights.range, (IntRange{-1, 1}));
  EXPECT_EQ(std::ranges::count(resize(weights, 1).weights.values, 0), 0);
}

TEST(ResizeTest, ThresholdsKeepTheirPlaceInRealValues) {
  // 2 bits: codes change at accumulators 10, 20 and 30, so one code is 10 and code 0.5 lies between 9 and 10.
  const ir::Thresholds form{{0, 3}, 1, {10, 20, 30}, {0}};
  const LinearQuantiser line = fit({form}, {-100, 100});
  ASSERT_EQ(line.slope.size(), 1U);
  EXPECT_DOUBLE_EQ(line.slope[0], 0.1);
  EXPECT_DOUBLE_EQ(line.zero[0], 4.5);
  // Accumulators twice as large, codes of 3 bits: still a code per 10, twice as far from the zero at 9.
  const ir::Requantise wide = resize({.output = {0, 3}, .slope = {0.1}, .zero = {4.5}}, 2, {0, 7});
  EXPECT_EQ(std::get<ir::Thresholds>(wide.form).values,
            (std::vector<std::int64_t>{14, 24, 34, 44, 54, 64, 74}));
}

TEST(BitsTest, AListOfTheWrongLengthIsRefused) {
  const auto checked = check({{4, 4}, {8, 4, 4}}, 2);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.errors().front().message(),
            "activations: the network has 2 layers with weights and 3 numbers are given; give one per layer "
            "[BM-SEARCH-001]");
}

TEST(BitsTest, NineBitsAreRefused) {
  const auto checked = check({{4, 9}, {8, 4}}, 2);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.errors().front().message(),
            "weights: number 2 is 9, outside 1 to 8; give 1 to 8 bits [BM-SEARCH-002]");
}

TEST(BitsTest, OneInputCannotHaveTwoWidths) {
  ir::NetworkBuilder builder("two");
  const auto image = *builder.add_input("image", {{1, 2, 2}, {0, 255}}, {.name = "image"});
  const ir::Conv conv{.weights = {.values = {1}, .range = {-1, 1}}};
  const auto a = *builder.add("a", conv, {image});
  const auto b = *builder.add("b", conv, {image});
  ASSERT_TRUE(builder.add_output({.name = "a", .layer = a.index}));
  ASSERT_TRUE(builder.add_output({.name = "b", .layer = b.index}));
  const auto made = with_bits(*std::move(builder).build(), {{2, 2}, {8, 4}});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.errors().front().message(),
            "image: layers read the input in 8 and in 4 bits; give them one width [BM-SEARCH-003]");
}

TEST(BitsTest, BitOperationsOfTwoLayers) {
  // 10 MACs of 4 x 8 bits and 100 of 2 x 3 bits.
  EXPECT_EQ(bit_operations({10, 100}, {{4, 2}, {8, 3}}), 320 + 600);
}

}  // namespace
}  // namespace bitmason::search
