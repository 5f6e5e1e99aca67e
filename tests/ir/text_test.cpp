#include "ir/text.hpp"

#include <gtest/gtest.h>

#include <random>

namespace bitmason::ir {
namespace {

template <class T>
T must(Result<T> result) {
  EXPECT_TRUE(result) << (result ? "" : to_text(result.errors()));
  return std::move(result).value();
}

Conv conv_of(int out, int in, int kernel, int groups) {
  Conv conv;
  conv.weights = {out, in, kernel, kernel, {}, {-8, 7}};
  for (int i = 0; i < out * in * kernel * kernel; ++i) conv.weights.values.push_back(i % 16 - 8);
  conv.window = {.kernel_h = kernel, .kernel_w = kernel, .pad_top = kernel / 2, .pad_right = kernel - 1};
  conv.groups = groups;
  conv.pad_value = -3;
  for (int o = 0; o < out; ++o) conv.bias.push_back(o * 1000000000000);
  return conv;
}

/// Every operation, every step of a scalar function and every tail operator once.
Network everything() {
  NetworkBuilder builder("every\"thing");
  const ScalarFunction quantise{
      AffineStep{{Rational(1, 3), Rational(1), Rational(-2, 7), Rational(5)}, {Rational(0)}},
      ClampStep{Rational(-8), Rational(15, 2)}, RoundStep{Rounding::HalfUp}};
  const TensorId a = must(builder.add_input("a", {{4, 6, 8}, {-8, 8}},
                                            {.name = "image",
                                             .layout = {{1, 6, 8, 4}, {}},
                                             .quantise = quantise,
                                             .scale = Rational(1, 255),
                                             .offset = Rational(-1, 2)}));
  const TensorId b = must(builder.add_input(
      "b", {{4, 3, 4}, {0, 3}},
      {.name = "other", .quantise = {ReluStep{}, CountStep{1, {Rational(0), Rational(1, 2), Rational(9)}}}}));
  const TensorId conv = must(builder.add("conv", conv_of(8, 2, 3, 2), {a}));
  Thresholds thresholds{{0, 2}, 8, {}, {}};
  for (int r = 0; r < 8; ++r) {
    thresholds.values.insert(thresholds.values.end(), {r - 100, r * 10});
    thresholds.decreasing.push_back(r % 2 == 0 ? 1 : 0);
  }
  const TensorId codes = must(builder.add("codes", Requantise{thresholds}, {conv}));
  const TensorId pool =
      must(builder.add("pool", MaxPool{{.kernel_h = 2, .kernel_w = 3, .stride_w = 2}}, {codes}));
  const TensorId sum = must(builder.add("sum", SumPool{{.kernel_h = 2, .stride_h = 2}, 7}, {pool}));
  const TensorId scaled = must(builder.add("scaled", Requantise{ScaleShift{{-4, 3}, {5}, {-9}, 3}}, {sum}));
  const TensorId deep = must(builder.add("deep", SpaceToDepth{2, BlockOrder::ColumnRowDepth}, {a}));
  const TensorId flat = must(builder.add("flat", DepthToSpace{2, BlockOrder::DepthColumnRow}, {deep}));
  const TensorId small = must(builder.add("small", SpaceToDepth{2, BlockOrder::DepthColumnRow}, {flat}));
  const TensorId joined = must(builder.add("joined", Concat{}, {small, b}));
  const TensorId up = must(builder.add("up", Upsample{1, 2}, {joined}));
  const TensorId added = must(builder.add("added", Add{{3, -2}, 11}, {up, up}));
  EXPECT_TRUE(builder.add_output(
      {.name = "y",
       .layer = added.index,
       .dequantise = {AffineStep{{Rational(1, 10)}, {Rational(0)}}},
       .tail = {SoftmaxTail{1}, SigmoidTail{}, TopOneTail{2, false, false}, ArgMaxTail{-1, false, true}},
       .tail_shape = {1, 20, 1}}));
  const auto count = builder.type(scaled).shape.elements();
  OutputPort last{.name = "z", .layer = scaled.index, .layout = {{1, count}, {}}};
  for (std::int64_t i = 0; i < count; ++i)
    last.layout.map.push_back(static_cast<std::int32_t>(count - 1 - i));
  EXPECT_TRUE(builder.add_output(last));
  return must(std::move(builder).build());
}

TEST(TextTest, EveryKindOfLayerPortAndTailReadsBack) {
  const Network network = everything();
  const std::string text = to_json(network);
  const Network again = must(parse_network(text));
  EXPECT_EQ(to_json(again), text);
  ASSERT_EQ(again.layers().size(), network.layers().size());
  for (std::size_t i = 0; i < network.layers().size(); ++i) {
    EXPECT_EQ(again.layers()[i].name, network.layers()[i].name);
    EXPECT_EQ(again.layers()[i].inputs, network.layers()[i].inputs);
    EXPECT_EQ(again.layers()[i].operation, network.layers()[i].operation) << i;
    EXPECT_EQ(again.layers()[i].type, network.layers()[i].type);
  }
  EXPECT_EQ(again.name(), "every\"thing");
  EXPECT_EQ(again.inputs()[0].scale, Rational(1, 255));
  EXPECT_EQ(std::get<AffineStep>(again.inputs()[0].quantise[0]).scale[2], Rational(-2, 7));
  EXPECT_EQ(std::get<ArgMaxTail>(again.outputs()[0].tail[3]).keep_dims, false);
  EXPECT_EQ(again.outputs()[1].layout.map, network.outputs()[1].layout.map);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string message_of(const std::string& text) {
  const auto network = parse_network(text);
  return network ? "fine" : network.errors().front().message();
}

TEST(TextTest, MalformedTextNamesThePath) {
  const std::string text = to_json(everything());
  const auto says = [](const std::string& path) {
    return path +
           " is missing or malformed in the network text; write it again with `bitmason import` [BM-IR-020]";
  };
  EXPECT_EQ(message_of(""), says("the whole"));
  EXPECT_EQ(message_of("[1, 2"), says("the whole"));
  EXPECT_EQ(message_of("{}"), says("name"));
  EXPECT_EQ(message_of(replaced(text, "\"version\":1", "\"version\":2")), says("version"));
  EXPECT_EQ(message_of(replaced(text, "\"1/255\"", "\"1/0\"")), says("inputs[0].scale"));
  EXPECT_EQ(message_of(replaced(text, "\"HALF_UP\"", "\"SOMEHOW\"")), says("inputs[0].quantise[2].mode"));
  EXPECT_EQ(message_of(replaced(text, "\"kernel\":[3,3]", "\"kernel\":[3]")),
            says("layers[2].window.kernel[1]"));
  EXPECT_EQ(message_of(replaced(text, "\"kind\":\"concat\"", "\"kind\":\"conca\"")), says("layers[10].kind"));
  EXPECT_EQ(message_of(replaced(text, "\"range\":[0,2]", "\"range\":[0,3]")), says("layers[3].range"));
  EXPECT_EQ(message_of(replaced(text, "\"file_shape\":[1,6,8,4]", "\"file_shape\":[1,6,8,5]")),
            says("inputs[0].layout.file_shape"));
  EXPECT_EQ(message_of(replaced(text, "\"axis\":2", "\"axis\":4")), says("outputs[0].tail[2].axis"));
}

TEST(TextTest, NamesThatOccurTwiceAreRefused) {
  const std::string text = to_json(everything());
  EXPECT_EQ(
      message_of(replaced(text, "\"name\":\"pool\"", "\"name\":\"codes\"")),
      "layers[4].name is missing or malformed in the network text; write it again with `bitmason import` "
      "[BM-IR-020]");
  EXPECT_EQ(message_of(replaced(text, "\"name\":\"other\"", "\"name\":\"image\"")),
            "image: two inputs of the network have this name; give each its own [BM-IR-018]");
  EXPECT_EQ(message_of(replaced(text, "\"name\":\"z\"", "\"name\":\"y\"")),
            "y: two outputs of the network have this name; give each its own [BM-IR-018]");
}

TEST(TextTest, NamesThatAreNotUtf8AreTheSameInTheNetworkAndItsText) {
  NetworkBuilder builder("caf\xe9");
  const TensorId in = must(builder.add_input("in\xff", {{2, 4, 6}, {0, 3}}, {.name = "x\xc3"}));
  const TensorId pool = must(builder.add("pool\xfe", MaxPool{}, {in}));
  EXPECT_TRUE(builder.add_output({.name = "\x80y", .layer = pool.index}));
  const Network network = must(std::move(builder).build());
  EXPECT_EQ(network.name(), "caf\xef\xbf\xbd");
  const Network again = must(parse_network(to_json(network)));
  EXPECT_EQ(again.name(), network.name());
  EXPECT_EQ(again.layers()[1].name, network.layers()[1].name);
  EXPECT_EQ(names_of(again.inputs()), names_of(network.inputs()));
  EXPECT_EQ(names_of(again.outputs()), names_of(network.outputs()));
}

TEST(TextTest, NetworkRulesHoldForTextsToo) {
  const std::string text = to_json(everything());
  EXPECT_EQ(message_of(replaced(text, "\"groups\":2", "\"groups\":3")),
            "conv: 4 input channels in 3 groups need 1 input channels per group and the weights have 2; make "
            "them agree "
            "[BM-IR-007]");
}

TEST(TextTest, DamagedTextsNeverCrash) {
  const std::string whole = to_json(everything());
  std::mt19937 random(5);
  int refused = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string damaged = whole;
    for (int k = 0; k < 2; ++k) damaged[random() % damaged.size()] = "0123456789-[]{},\"e."[random() % 19];
    refused += parse_network(damaged).ok() ? 0 : 1;
  }
  EXPECT_GT(refused, 1000);
}

TEST(TextTest, SummaryHasOneLineALayer) {
  NetworkBuilder builder("net");
  const TensorId in = must(builder.add_input("in", {{2, 4, 6}, {0, 3}}, {.name = "x"}));
  const TensorId conv = must(builder.add("conv", Conv{.weights = {1, 2, 1, 1, {2, -3}, {-4, 3}}}, {in}));
  EXPECT_TRUE(builder.add_output({.name = "y", .layer = conv.index}));
  EXPECT_EQ(summary(must(std::move(builder).build())),
            "layer  kind            shape (C, H, W)   range                       bits  detail\n"
            "in     input           (2, 4, 6)         [0, 3]                         2\n"
            "conv   conv            (1, 4, 6)         [-9, 6]                        5  1x1 stride 1x1, "
            "3-bit weights\n"
            "2 layers, 0.00 M multiply-accumulates a frame\n");
}

}  // namespace
}  // namespace bitmason::ir
