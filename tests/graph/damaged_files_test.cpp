#include <gtest/gtest.h>

#include <algorithm>

#include "graph/place.hpp"
#include "graph/read.hpp"
#include "graph/write.hpp"
#include "support/zoo_models.hpp"

namespace bitmason::graph {
namespace {

onnxio::Model bypass() {
  return test::zoo_model({test::small_bypass(), {{4, 1, 4, 4}, {8, 3, 4, 5}}});
}

/// A damaged file is refused with findings, or is another network that can be placed and written.
void expect_handled(const onnxio::Model& model, int& refused) {
  const auto graph = read(model);
  if (!graph.ok()) {
    ++refused;
    EXPECT_FALSE(graph.errors().front().text.empty());
    return;
  }
  EXPECT_TRUE(shapes(*graph).ok());
  const Graph placed = place(*graph, {.bits = bits_of(*graph)});
  EXPECT_TRUE(shapes(placed).ok());
}

TEST(GraphDamaged, EveryInputOfEveryNodeTakenAwayOrExchanged) {
  const auto model = bypass();
  int refused = 0;
  int files = 0;
  for (std::size_t n = 0; n < model.nodes.size(); ++n) {
    for (std::size_t i = 0; i < model.nodes[n].inputs.size(); ++i) {
      for (const std::string& other : {std::string(), std::string("nowhere"), model.initializers[0].name,
                                       model.initializers.back().name, model.inputs[0].name}) {
        auto damaged = model;
        damaged.nodes[n].inputs[i] = other;
        expect_handled(damaged, refused);
        ++files;
      }
      auto shorter = model;
      shorter.nodes[n].inputs.resize(i);
      expect_handled(shorter, refused);
      ++files;
    }
  }
  EXPECT_GT(refused, files / 2);
}

TEST(GraphDamaged, EveryNodeTakenAway) {
  const auto model = bypass();
  int refused = 0;
  for (std::size_t n = 0; n < model.nodes.size(); ++n) {
    auto damaged = model;
    damaged.nodes.erase(damaged.nodes.begin() + static_cast<std::ptrdiff_t>(n));
    expect_handled(damaged, refused);
  }
  EXPECT_EQ(refused, static_cast<int>(model.nodes.size())) << "its result is missing";
}

TEST(GraphDamaged, EveryAttributeAndEveryShapeOutOfRange) {
  const auto model = bypass();
  int refused = 0;
  for (std::size_t n = 0; n < model.nodes.size(); ++n) {
    for (const auto& [name, value] : model.nodes[n].attributes) {
      for (const std::int64_t number :
           {std::int64_t{-1}, std::int64_t{0}, std::int64_t{3}, std::int64_t{1} << 40}) {
        auto damaged = model;
        auto& attribute = damaged.nodes[n].attributes.at(name);
        if (auto* list = std::get_if<std::vector<std::int64_t>>(&attribute)) std::ranges::fill(*list, number);
        if (auto* one = std::get_if<std::int64_t>(&attribute)) *one = number;
        expect_handled(damaged, refused);
      }
    }
  }
  for (std::size_t i = 0; i < model.initializers.size(); ++i) {
    auto damaged = model;
    std::ranges::reverse(damaged.initializers[i].shape);
    expect_handled(damaged, refused);
    damaged.initializers[i].shape = {0};
    damaged.initializers[i].reals.clear();
    expect_handled(damaged, refused);
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace bitmason::graph
