#include "qat/supernet.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "graph/place.hpp"
#include "qat/images.hpp"
#include "qat/network_spec.hpp"

namespace bitmason::qat {
namespace {

using Rows = std::vector<std::vector<double>>;
using Sets = std::vector<std::vector<int>>;

/// In float, until it knows most of the images.
graph::Graph trained(const graph::Graph& graph, const data::ImageSet& images) {
  auto network =
      train(graph, images, images,
            {.settings = {.epochs = 20, .batch = 16, .learning_rate = 0.01, .flip = false, .max_shift = 0}});
  EXPECT_TRUE(network) << to_text(network.errors());
  return *std::move(network);
}

graph::Graph chain(const data::ImageSet& images) {
  const NetworkSpec spec{
      "chain",
      {1, 8, 8},
      {ConvSpec{.channels = 8}, MaxPoolSpec{}, ConvSpec{.channels = 8}, DenseSpec{.classes = 4}}};
  return trained(graph::without_quantisers(to_graph(spec, 3)), images);
}

/// Two convolutions read one value; their results are added.
graph::Graph forked(const data::ImageSet& images) {
  graph::Graph graph = graph::without_quantisers(to_graph(
      {"forked", {1, 6, 6}, {ConvSpec{.channels = 8}, ConvSpec{.channels = 8}, DenseSpec{.classes = 4}}}, 3));
  constexpr int kRead = 3;    // behind the first ReLU
  constexpr int kSecond = 6;  // behind the second
  graph::Step side = graph.steps[kRead];
  side.name = "side";
  const graph::Step sum{"sum", graph::Add{}, {kSecond, kSecond + 1}};
  graph.steps.insert(graph.steps.begin() + kSecond, {side, sum});
  for (std::size_t k = kSecond + 2; k < graph.steps.size(); ++k) {
    for (int& input : graph.steps[k].inputs) input += 2;
  }
  return trained(graph, images);
}

std::vector<double> softmax(const std::vector<double>& logits, double temperature) {
  std::vector<double> p;
  for (const double logit : logits) p.push_back(std::exp((logit - logits[0]) / temperature));
  const double sum = std::accumulate(p.begin(), p.end(), 0.0);
  for (double& one : p) one /= sum;
  return p;
}

/// Expected bits of one layer's weights over so many.
WidthCostFunction bits_of_weights(const Sets& weights, const Sets& activations, std::size_t layer,
                                  double most) {
  return [=](const WidthLogits& logits, double temperature) {
    WidthCost cost;
    for (const auto& set : weights) cost.gradient.weights.emplace_back(set.size());
    for (const auto& set : activations) cost.gradient.activations.emplace_back(set.size());
    const auto p = softmax(logits.weights[layer], temperature);
    for (std::size_t k = 0; k < p.size(); ++k) cost.value += p[k] * weights[layer][k] / most;
    for (std::size_t k = 0; k < p.size(); ++k)
      cost.gradient.weights[layer][k] = p[k] * (weights[layer][k] / most - cost.value) / temperature;
    return cost;
  };
}

SupernetOptions options(const Sets& weights, const Sets& activations) {
  return {.settings = {.epochs = 30, .batch = 16, .learning_rate = 0.002, .flip = false, .max_shift = 0},
          .weights = weights,
          .activations = activations,
          .cost = bits_of_weights(weights, activations, 1, 2.4),
          .images = 32};
}

std::size_t likeliest(const std::vector<double>& logits) {
  return static_cast<std::size_t>(std::ranges::max_element(logits) - logits.begin());
}

const Sets kWeights{{2, 4, 8}, {2, 4, 8}, {2, 4, 8}};
const Sets kActivations{{8}, {2, 4}, {2, 4}};

TEST(Supernet, TheLayerThatCostsIsNarrowedToItsBudget) {
  const auto images = noise({1, 8, 8}, 64, 4);
  const auto how = options(kWeights, kActivations);
  double cost = 0;
  auto watched = how;
  watched.progress = [&](const SupernetProgress& progress) { cost = progress.cost; };
  const auto logits = train_supernet(chain(images), images, watched);
  ASSERT_TRUE(logits) << to_text(logits.errors());
  EXPECT_EQ(likeliest(logits->weights[1]), 0U) << "2 bits";
  EXPECT_LT(cost, 1.1);
  EXPECT_GT(softmax(logits->weights[1], how.last_temperature)[0], 0.8) << "annealed to one width";
  // The image has one width, with nothing to choose.
  EXPECT_EQ(logits->activations[0].size(), 1U);
}

TEST(Supernet, WithoutPressureErrorsMakeWidthsGrow) {
  const auto images = noise({1, 8, 8}, 64, 4);
  auto how = options(kWeights, kActivations);
  how.cost = bits_of_weights(kWeights, kActivations, 1, 100);
  const auto logits = train_supernet(chain(images), images, how);
  ASSERT_TRUE(logits) << to_text(logits.errors());
  double wide = 0;
  for (const auto& row : logits->weights) wide += row.back() - row.front();
  EXPECT_GT(wide, 0) << "8 bits before 2";
}

TEST(Supernet, IsTheSameTwiceAndWhenContinued) {
  const auto images = noise({1, 8, 8}, 48, 4);
  const auto folder = std::filesystem::path(BITMASON_BINARY_DIR) / "qat_supernet_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  auto how = options(kWeights, kActivations);
  how.settings.epochs = 4;
  how.cost_name = "one layer";
  const auto once = train_supernet(chain(images), images, how);
  // A copy of the checkpoint as it is in mid-epoch.
  auto kept = how;
  kept.checkpoint = folder / "run.checkpoint";
  kept.checkpoint_every = std::chrono::seconds(0);
  int calls = 0;
  kept.cost = [&, cost = how.cost](const WidthLogits& logits, double temperature) {
    if (++calls == 8) std::filesystem::copy_file(kept.checkpoint, folder / "middle.checkpoint");
    return cost(logits, temperature);
  };
  const auto whole = train_supernet(chain(images), images, kept);
  auto rest = how;
  rest.checkpoint = folder / "middle.checkpoint";
  int left = 0;
  rest.cost = [&, cost = how.cost](const WidthLogits& logits, double temperature) {
    ++left;
    return cost(logits, temperature);
  };
  const auto continued = train_supernet(chain(images), images, rest);
  ASSERT_TRUE(once && whole && continued);
  EXPECT_EQ(once->weights, whole->weights);
  EXPECT_EQ(once->weights, continued->weights);
  EXPECT_EQ(once->activations, continued->activations);
  EXPECT_EQ(left, 12 - 7) << "batches after the checkpoint";
  auto other = rest;
  other.cost_name = "another";
  const auto refused = train_supernet(chain(images), images, other);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.errors().front().code, "BM-QAT-040");
}

TEST(Supernet, LayersThatReadOneValueShareItsWidth) {
  const auto images = noise({1, 6, 6}, 32, 4);
  const Sets weights(4, {2, 4});
  const Sets activations{{8}, {2, 4}, {2, 3, 4}, {2, 4}};
  auto how = options(weights, activations);
  how.settings.epochs = 2;
  const auto logits = train_supernet(forked(images), images, how);
  ASSERT_TRUE(logits) << to_text(logits.errors());
  ASSERT_EQ(logits->activations.size(), 4U);
  EXPECT_EQ(logits->activations[1][0], logits->activations[2][0]);
  EXPECT_EQ(logits->activations[1][1], logits->activations[2][2]);
  EXPECT_LT(logits->activations[2][1], -100) << "3 bits are not allowed in both";
  EXPECT_NE(logits->activations[3], logits->activations[1]);
}

TEST(Supernet, SetsOfOneBitOrNothingInCommonAreRefused) {
  const auto images = noise({1, 6, 6}, 32, 4);
  const auto one_bit = train_supernet(forked(images), images, options(Sets(4, {1, 2}), {{8}, {4}, {4}, {4}}));
  ASSERT_FALSE(one_bit);
  EXPECT_EQ(one_bit.errors().front().code, "BM-QAT-047");
  const auto apart = train_supernet(forked(images), images, options(Sets(4, {2}), {{8}, {2}, {4}, {4}}));
  ASSERT_FALSE(apart);
  EXPECT_EQ(apart.errors().front().code, "BM-QAT-047");
  EXPECT_TRUE(to_text(apart.errors()).starts_with("side: "));
}

}  // namespace
}  // namespace bitmason::qat
