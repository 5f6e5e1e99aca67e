#include "qat/fingerprint.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "qat/images.hpp"
#include "qat/network_spec.hpp"

namespace bitmason::qat {
namespace {

TEST(Fingerprint, EveryPartOfNetworkAndImagesChangesIt) {
  const auto made =
      to_graph({"net", {1, 8, 8}, {ConvSpec{.channels = 4}, MaxPoolSpec{}, DenseSpec{.classes = 4}}}, 3);
  const auto images = noise(made.input, 4, 4);
  const auto step = [](graph::Graph & graph, auto kind) -> auto& {
    for (auto& one : graph.steps) {
      if (auto* operation = std::get_if<decltype(kind)>(&one.operation)) return *operation;
    }
    return std::get<decltype(kind)>(graph.steps.front().operation);
  };
  const std::vector<std::function<void(graph::Graph&)>> changes{
      [](auto&) {},
      [](auto& graph) { graph.pixel = 0.25F; },
      [](auto& graph) { graph.steps[1].name += "x"; },
      // Same shapes.
      [&](auto& graph) { step(graph, graph::MaxPool{}).window = {3, 3, 2, 2, 1, 1, 0, 0}; },
      [&](auto& graph) { step(graph, graph::Conv{}).groups = 2; },
      // Bits 1 and narrow 2 have the same range.
      [&](auto& graph) { step(graph, graph::Conv{}).weights.quantiser.bits = 1; },
      [&](auto& graph) { step(graph, graph::Conv{}).weights.quantiser.bits = 2; },
      [&](auto& graph) { step(graph, graph::Conv{}).weights.quantiser.narrow = false; },
      [&](auto& graph) { step(graph, graph::Conv{}).weights.quantiser.per_channel = false; },
      [&](auto& graph) { step(graph, graph::Conv{}).weights.values[5] += 1; },
      [&](auto& graph) { step(graph, graph::BatchNorm{}).variance[1] += 1; },
      [&](auto& graph) { step(graph, graph::Quantise{}).bits = 3; },
  };
  std::set<std::string> found;
  for (const auto& change : changes) {
    auto graph = made;
    change(graph);
    found.insert(fingerprint(graph, {&images}));
  }
  auto other = images;
  other.labels[2] = (other.labels[2] + 1) % 4;
  found.insert(fingerprint(made, {&other}));
  other = images;
  other.pixels[7] ^= 1;
  found.insert(fingerprint(made, {&other}));
  EXPECT_EQ(found.size(), changes.size() + 2);
  EXPECT_EQ(fingerprint(made, {&images}), fingerprint(made, {&images}));
}

}  // namespace
}  // namespace bitmason::qat
