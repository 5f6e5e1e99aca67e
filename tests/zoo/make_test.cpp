#include "zoo/make.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "import/import.hpp"
#include "ir/scalar_function.hpp"
#include "zoo/demand.hpp"

namespace bitmason::zoo {
namespace {

/// One frame of random codes and one of extremes.
std::vector<sim::Codes> frames_of(const Order& order) {
  const ir::TensorType type = image_type(order);
  Random random(order.seed, 99);
  std::vector<sim::Codes> frames(2);
  for (std::int64_t i = 0; i < type.shape.elements(); ++i) {
    frames[0].push_back(
        static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(type.range.hi) + 1)));
    frames[1].push_back(random.below(2) == 0 ? 0 : type.range.hi);
  }
  return frames;
}

ir::Network import_order(const Order& order) {
  const auto model = make_model(order, frames_of(order), [](std::string_view) {});
  auto imported = import::import_onnx(model, {});
  EXPECT_TRUE(imported) << to_text(imported.errors());
  return std::move(imported->network);
}

Order order_of(const char* name, BitsRequest bits) {
  const Entry entry = *find(name);
  return {entry.topology, *bits_of(entry, bits)};
}

/// The convolutions of the network have the order's bits, layer by layer, and the topology's size.
void expect_bits(const ir::Network& network, const Order& order) {
  std::size_t layer = 0;
  for (const ir::Layer& own : network.layers()) {
    const auto* conv = std::get_if<ir::Conv>(&own.operation);
    if (conv == nullptr) continue;
    ASSERT_LT(layer, order.bits.weights.size());
    const int weights = order.bits.weights[layer];
    const IntRange range = weights == 1 ? IntRange{-1, 1} : IntRange::narrow_bits(weights);
    EXPECT_EQ(conv->weights.range, range) << own.name;
    // The sum of two branches may reach no higher than one code below the top.
    EXPECT_EQ(network.type(own.inputs[0]).range.bits(), order.bits.activations[layer]) << own.name;
    EXPECT_EQ(network.type(own.inputs[0]).range.lo, 0) << own.name;
    ++layer;
  }
  EXPECT_EQ(layer, order.bits.weights.size());
  EXPECT_EQ(network.macs(), order.topology.macs());
}

TEST(ZooMakeTest, EveryLayerHasItsOwnBits) {
  const Order orders[] = {order_of("DS-CNN", {.weights = {2, 3, 4, 5, 6, 7, 8, 1, 2, 3},
                                              .activations = {8, 7, 6, 5, 4, 3, 2, 1, 3, 4}}),
                          order_of("ResNet-8", {.weights = {8, 7, 6, 5, 4, 3, 2, 1, 2, 3},
                                                .activations = {8, 4, 3, 5, 2, 4, 6, 3, 5, 1}}),
                          order_of("CNV", {.configuration = "w1a1"})};
  for (const Order& order : orders) {
    SCOPED_TRACE(order.topology.name);
    expect_bits(import_order(order), order);
  }
}

TEST(ZooMakeTest, QuantisersEqualAMultiplierOfAtMost17BitsAndAShift) {
  const Order order = order_of("DS-CNN", {.weights = {4}, .activations = {8}});
  const ir::Network network = import_order(order);
  int quantisers = 0;
  for (const ir::Layer& layer : network.layers()) {
    const auto* requantise = std::get_if<ir::Requantise>(&layer.operation);
    if (requantise == nullptr) continue;
    const auto& thresholds = std::get<ir::Thresholds>(requantise->form);
    EXPECT_TRUE(ir::to_scale_shift(thresholds, network.type(layer.inputs[0]).range, 18)) << layer.name;
    ++quantisers;
  }
  EXPECT_EQ(quantisers, 10);
}

TEST(ZooMakeTest, ABranchThatIsWantedInTwoWidthsIsQuantisedTwice) {
  const Entry bypass = *find("UltraNet_Bypass");
  // conv4 reads 6 bits of the pooled conv3, conv7 reads 3 bits of conv3 before its pooling.
  const auto bits = bits_of(bypass, {.activations = {8, 4, 4, 4, 6, 4, 4, 3, 4}});
  const auto wanted = demands(bypass.topology, *bits);
  const auto value = [&](const char* name) {
    for (std::size_t i = 0; i < bypass.topology.steps.size(); ++i) {
      if (bypass.topology.steps[i].name == name) return i + 1;
    }
    return std::size_t{0};
  };
  EXPECT_EQ(wanted[value("conv3")], (std::set<int, std::greater<>>{6, 3}));
  EXPECT_EQ(wanted[value("reorder")], (std::set<int, std::greater<>>{3}));
  EXPECT_EQ(wanted[value("pool3")], (std::set<int, std::greater<>>{6}));
  EXPECT_EQ(wanted[value("conv6")], (std::set<int, std::greater<>>{3}));
  EXPECT_EQ(wanted[0], (std::set<int, std::greater<>>{8}));
  EXPECT_TRUE(pooled(bypass.topology)[value("conv3")]);
  EXPECT_FALSE(pooled(bypass.topology)[value("conv4")]);
}

}  // namespace
}  // namespace bitmason::zoo
