#include <gtest/gtest.h>

#include "hw/design.hpp"
#include "hw/lower_layers.hpp"
#include "hw/simple_plan.hpp"
#include "hw/word.hpp"

namespace bitmason::hw {
namespace {

using plan::testing::plain_primitive;
using plan::testing::simple_plan;

/// A network of one input of this type and one operation.
ir::Network network_of(const ir::TensorType& input, const ir::Operation& operation) {
  ir::NetworkBuilder builder("net");
  const auto in = builder.add_input("in", input, {.name = "x"});
  const auto id = builder.add("layer", operation, {*in});
  EXPECT_TRUE(id) << to_text(id.errors());
  EXPECT_TRUE(builder.add_output({.name = "y", .layer = id->index}));
  return *std::move(builder).build();
}

Design lowered(const ir::Network& network, const plan::Plan& plan) {
  auto design = lower(network, plan, {.name = "part"}, plain_primitive());
  EXPECT_TRUE(design) << to_text(design.errors());
  const Status status = verify(*design);
  EXPECT_TRUE(status.ok()) << to_text(status.errors());
  return *std::move(design);
}

const Instance& instance_of(const Design& design, std::string_view module) {
  for (const Instance& instance : design.instances) {
    if (instance.module == module) return instance;
  }
  throw std::runtime_error("no instance of " + std::string(module));
}

ParameterValue value_of(const Instance& instance, std::string_view name) {
  for (const auto& [key, value] : instance.parameters) {
    if (key == name) return value;
  }
  throw std::runtime_error("no parameter " + std::string(name));
}

std::int64_t number_of(const Instance& instance, std::string_view name) {
  return std::get<std::int64_t>(value_of(instance, name));
}

int count_of(const Design& design, std::string_view module) {
  return static_cast<int>(std::count_if(design.instances.begin(), design.instances.end(),
                                        [&](const Instance& instance) { return instance.module == module; }));
}

/// 2 outputs, 2 inputs, 1x1, weights 1 2 / -3 4 on a 2x2 frame.
ir::Conv two_by_two() {
  return {.weights = {.out_channels = 2, .in_channels = 2, .values = {1, 2, -3, 4}, .range = {-8, 7}}};
}

TEST(BiasMemoryTest, HoldsWhatCentredCodesLackForEachClassOfColumns) {
  // One channel, 3x3, weights 1 to 9 row by row, a column of padding at both ends, codes less 8.
  const ir::Conv conv{.weights = {.out_channels = 1,
                                  .in_channels = 1,
                                  .kernel_h = 3,
                                  .kernel_w = 3,
                                  .values = {1, 2, 3, 4, 5, 6, 7, 8, 9},
                                  .range = {0, 9}},
                      .window = {3, 3, 1, 1, 1, 1, 1, 1},
                      .bias = {100}};
  plan::ConvGeometry geometry{.window = conv.window, .in = {1, 4, 5}, .out = {1, 4, 5}};
  plan::ConvPlan plan;
  plan.packing.family = pack::Family::Convolution;
  plan.centre = 8;
  using Words = std::vector<std::vector<std::uint64_t>>;
  // The first column lacks 8 * (45 - 12), those between 8 * 45, the last 8 * (45 - 18).
  EXPECT_EQ(bias_memory(conv, geometry, plan, 12).words, (Words{{364}, {460}, {316}}));
  plan.packing.family = pack::Family::OuterProduct;
  plan.packing.weight_offsets = {0};
  EXPECT_EQ(bias_memory(conv, geometry, plan, 12).words, (Words{{460}}));
  plan.centre = 0;
  EXPECT_EQ(bias_memory(conv, geometry, plan, 12).words, (Words{{100}}));
}

TEST(WordTest, ConcatenatesFromTheLowestBit) {
  Word word;
  word.append(-1, 3);
  word.append(2, 4);
  EXPECT_EQ(word.bits(), 7);
  EXPECT_EQ(word.limbs(), (std::vector<std::uint64_t>{0b0010'111}));
}

TEST(WordTest, SignExtendsAbove64Bits) {
  Word word;
  word.append(-2, 70);
  EXPECT_EQ(word.limbs(), (std::vector<std::uint64_t>{~std::uint64_t{1}, 0x3f}));
}

TEST(LowerTest, WeightWordsOfA2x2PointwiseLayerAreOnePerOutputAndInput) {
  const ir::Network network = network_of({{2, 2, 2}, {0, 15}}, two_by_two());
  const Design design = lowered(network, simple_plan(network));
  // Range [-3, 4] needs 4 bits; group = output, step = input.
  ASSERT_EQ(design.memories.size(), 1u);
  EXPECT_EQ(design.memories[0].name, "layer_weights.hex");
  EXPECT_EQ(design.memories[0].width, 4);
  EXPECT_EQ(design.memories[0].words, (std::vector<std::vector<std::uint64_t>>{{1}, {2}, {0xd}, {4}}));
}

TEST(LowerTest, LanesLieBelowColumnsOfTheNextLane) {
  const ir::Network network = network_of({{2, 2, 2}, {0, 15}}, two_by_two());
  plan::Plan plan = simple_plan(network, 2);
  plan.layers[1].conv->columns = 2;
  const Design design = lowered(network, plan);
  // Lane 0: inputs 0 of outputs 0 and 1 (1, -3); lane 1: inputs 1 (2, 4).
  EXPECT_EQ(design.memories[0].words, (std::vector<std::vector<std::uint64_t>>{{0x42d1}}));
  EXPECT_EQ(number_of(instance_of(design, "bm_conv"), "SIMD"), 2);
}

TEST(LowerTest, ConvolutionFamilyStoresTheLastTapFirst) {
  ir::Conv conv{
      .weights = {.out_channels = 1, .in_channels = 1, .kernel_w = 3, .values = {1, 2, 3}, .range = {-4, 3}},
      .window = {.kernel_w = 3, .pad_left = 1, .pad_right = 1}};
  const ir::Network network = network_of({{1, 1, 4}, {0, 1}}, conv);
  plan::Plan plan = simple_plan(network);
  auto& packing = plan.layers[1].conv->packing;
  packing.family = pack::Family::Convolution;
  packing.weight_offsets = {0, 6, 12};
  packing.fields = {{0, {{0, 0}}, 6}, {6, {{1, 0}}, 6}, {12, {{2, 0}}, 36}};
  const Design design = lowered(network, plan);
  // 0..3 in 3 bits two's complement: taps 3, 2, 1 from the lowest bit.
  EXPECT_EQ(design.memories[0].words, (std::vector<std::vector<std::uint64_t>>{{0b001'010'011}}));
  const auto offsets = std::get<WideConstant>(value_of(instance_of(design, "bm_conv"), "WOFF"));
  EXPECT_EQ(offsets.bits, 48);
  EXPECT_EQ(offsets.words, (std::vector<std::uint64_t>{0x000c'0006'0000}));
}

TEST(LowerTest, GroupedConvolutionBecomesDenseWithZeros) {
  ir::Conv conv{
      .weights = {.out_channels = 4, .in_channels = 2, .values = {1, 2, 3, 4, 5, 6, 7, -8}, .range = {-8, 7}},
      .groups = 2};
  const ir::Network network = network_of({{4, 1, 1}, {0, 1}}, conv);
  const Design design = lowered(network, simple_plan(network));
  const std::vector<std::uint64_t> expected{1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 5, 6, 0, 0, 7, 8};
  ASSERT_EQ(design.memories[0].words.size(), 16u);
  for (std::size_t k = 0; k < 16; ++k) EXPECT_EQ(design.memories[0].words[k][0], expected[k]) << k;
}

TEST(LowerTest, DepthwiseKeepsOneWeightPerChannel) {
  ir::Conv conv{.weights = {.out_channels = 2,
                            .in_channels = 1,
                            .kernel_w = 2,
                            .values = {1, 2, 3, -4},
                            .range = {-8, 7}},
                .window = {.kernel_w = 2},
                .groups = 2};
  const ir::Network network = network_of({{2, 1, 4}, {0, 1}}, conv);
  const Design design = lowered(network, simple_plan(network, 2));
  // Steps are the two taps; a word holds channel 0 then channel 1 (3 bits, range -4..3).
  EXPECT_EQ(design.memories[0].words, (std::vector<std::vector<std::uint64_t>>{{0b011'001}, {0b100'010}}));
}

TEST(LowerTest, PaddingOutsideTheCodesWidensTheStream) {
  ir::Conv conv{
      .weights = {.out_channels = 1, .in_channels = 1, .kernel_w = 2, .values = {1, 1}, .range = {-1, 1}},
      .window = {.kernel_w = 2, .pad_left = 1},
      .pad_value = -5};
  const ir::Network network = network_of({{1, 1, 4}, {0, 3}}, conv);
  const Design design = lowered(network, simple_plan(network));
  const Instance& widen = instance_of(design, "bm_add");
  EXPECT_EQ(number_of(widen, "BITS_A"), 2);
  EXPECT_EQ(number_of(widen, "SIGNED_A"), 0);
  EXPECT_EQ(number_of(widen, "OUT_BITS"), 4);
  EXPECT_EQ(number_of(instance_of(design, "bm_conv"), "ASIGNED"), 1);
  EXPECT_EQ(number_of(instance_of(design, "bm_conv"), "ABITS"), 4);
  EXPECT_EQ(number_of(instance_of(design, "bm_conv"), "PAD_VALUE"), -5);
}

TEST(LowerTest, ConcatOfUnsigned3AndSigned2BitsRunsAtSigned4) {
  ir::NetworkBuilder builder("net");
  const auto a = builder.add_input("a", {{2, 1, 1}, {0, 7}}, {.name = "a"});
  const auto b = builder.add_input("b", {{4, 1, 1}, {-2, 1}}, {.name = "b"});
  const auto both = builder.add("both", ir::Concat{}, {*a, *b});
  ASSERT_TRUE(builder.add_output({.name = "y", .layer = both->index}));
  const ir::Network network = *std::move(builder).build();
  const Design design = lowered(network, simple_plan(network, 2));
  EXPECT_EQ(count_of(design, "bm_add"), 2);
  const Instance& concat = instance_of(design, "bm_concat");
  EXPECT_EQ(number_of(concat, "BITS"), 4);
  EXPECT_EQ(std::get<WideConstant>(value_of(concat, "GROUPS")).words,
            (std::vector<std::uint64_t>{0x2'0000'0001}));
  EXPECT_EQ(design.inputs[1].name, "s_axis_2");
}

TEST(LowerTest, SixToFourChannelsPassThroughTheirDivisorTwo) {
  Design design;
  Builder builder(design);
  const StreamId from =
      builder.add_stream({.name = "a", .shape = {12, 1, 1}, .channels_per_beat = 6, .bits = 1, .layer = "a"});
  const StreamId to = builder.repacked(from, 4);
  EXPECT_EQ(builder.stream(to).channels_per_beat, 4);
  ASSERT_EQ(design.instances.size(), 2u);
  EXPECT_EQ(number_of(design.instances[0], "CH_OUT"), 2);
  EXPECT_EQ(number_of(design.instances[1], "CH_IN"), 2);
}

TEST(LowerTest, ATensorWithTwoUsersIsForked) {
  ir::NetworkBuilder builder("net");
  const auto x = builder.add_input("x", {{1, 2, 2}, {0, 3}}, {.name = "x"});
  const auto sum = builder.add("sum", ir::Add{.multipliers = {1, 2}, .constant = -3}, {*x, *x});
  ASSERT_TRUE(builder.add_output({.name = "y", .layer = sum->index}));
  const ir::Network network = *std::move(builder).build();
  plan::Plan plan = simple_plan(network);
  plan.fifos.push_back({.producer = "x", .consumer = "sum", .input = 1, .depth = 9});
  const Design design = lowered(network, plan);
  EXPECT_EQ(number_of(instance_of(design, "bm_fork"), "COUNT"), 2);
  EXPECT_EQ(number_of(instance_of(design, "bm_fifo"), "DEPTH"), 9);
  // x + 2x - 3 over 0..3 is -3..6.
  EXPECT_EQ(number_of(instance_of(design, "bm_add"), "OUT_BITS"), 4);
}

TEST(LowerTest, SumOfThreeInputsTakesTwoStages) {
  ir::NetworkBuilder builder("net");
  const auto x = builder.add_input("x", {{1, 2, 2}, {0, 3}}, {.name = "x"});
  const auto sum = builder.add("sum", ir::Add{.multipliers = {1, 1, -4}, .constant = 0}, {*x, *x, *x});
  ASSERT_TRUE(builder.add_output({.name = "y", .layer = sum->index}));
  const ir::Network network = *std::move(builder).build();
  const Design design = lowered(network, simple_plan(network));
  EXPECT_EQ(count_of(design, "bm_add"), 2);
  EXPECT_EQ(design.stream(design.planned.layers[1].stream).bits, 5);  // -12..6
}

TEST(LowerTest, MaxPoolPadsSignedCodesWithTheLowestCode) {
  const ir::Network network =
      network_of({{2, 4, 4}, {-8, 7}}, ir::MaxPool{.window = {3, 3, 2, 2, 1, 1, 1, 1}});
  const Design design = lowered(network, simple_plan(network));
  EXPECT_EQ(number_of(instance_of(design, "bm_pool"), "PAD_VALUE"), -8);
  EXPECT_EQ(number_of(instance_of(design, "bm_pool"), "IN_SIGNED"), 1);
}

TEST(LowerTest, GivesASumItsMultipliersAndConstantIn64Bits) {
  const std::int64_t big = std::int64_t{1} << 40;
  const ir::Network network =
      network_of({{1, 1, 1}, {0, 1}}, ir::Add{.multipliers = {-big}, .constant = big});
  const Design design = lowered(network, simple_plan(network));
  const Instance& add = instance_of(design, "bm_add");
  const auto multiplier = std::get<WideConstant>(value_of(add, "MUL_A"));
  EXPECT_EQ(multiplier.bits, 64);
  EXPECT_EQ(multiplier.words, std::vector<std::uint64_t>{0xffffff0000000000});
  EXPECT_EQ(std::get<WideConstant>(value_of(add, "CONST")).words, std::vector<std::uint64_t>{0x10000000000});
  EXPECT_EQ(number_of(add, "OUT_BITS"), 41);  // 0..2^40
}

TEST(LowerTest, RefusesACodeBeyond32Bits) {
  const std::int64_t code = std::int64_t{1} << 40;
  const ir::Thresholds form{.output = {code, code + 1}, .rows = 1, .values = {1}, .decreasing = {0}};
  const ir::Network network = network_of({{1, 1, 1}, {0, 1}}, ir::Requantise{.form = form});
  const auto design = lower(network, simple_plan(network), {.name = "part"}, plain_primitive());
  ASSERT_FALSE(design);
  EXPECT_EQ(design.errors().front().message(),
            "layer: OUT_LO is 1099511627776 and a module parameter holds 32 bits; scale the network's "
            "integers down "
            "[BM-HW-001]");
}

TEST(LowerTest, RefusesAPrimitiveWithoutRtl) {
  const ir::Network network = network_of({{1, 1, 1}, {0, 1}}, ir::Add{.multipliers = {1}});
  device::Primitive primitive = plain_primitive();
  primitive.rtl_module = "bm_dsp_other";
  const auto design = lower(network, simple_plan(network), {.name = "part"}, primitive);
  ASSERT_FALSE(design);
  EXPECT_EQ(design.errors().front().message(),
            "part: module bm_dsp_other of primitive plain is none of the 5 that the convolution engine "
            "instantiates; add "
            "it to rtl/dsp and to the table in lower_conv.cpp [BM-HW-002]");
}

TEST(LowerTest, RefusesThePlanOfAnotherNetwork) {
  const ir::Network network = network_of({{1, 1, 1}, {0, 1}}, ir::Add{.multipliers = {1}});
  plan::Plan plan = simple_plan(network);
  plan.layers[1].layer = "other";
  EXPECT_EQ(
      lower(network, plan, {.name = "part"}, plain_primitive()).errors().front().message(),
      "net: layer 1 of the plan is other and of the network layer; plan this network again [BM-HW-004]");
  plan.layers.pop_back();
  EXPECT_EQ(lower(network, plan, {.name = "part"}, plain_primitive()).errors().front().message(),
            "net: the plan has 1 layers and the network 2; plan this network again [BM-HW-003]");
}

}  // namespace
}  // namespace bitmason::hw
