#include "qat/recipe.hpp"

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "graph/place.hpp"

namespace bitmason::qat {
namespace {

std::string recipe_with(const std::string& layers, const std::string& training = "{}") {
  return R"({"network": {"name": "n", "input": {"channels": 1, "height": 6, "width": 6}, "layers": [)" +
         layers + R"(]}, "training": )" + training + "}";
}

/// All messages of parsing, or "fine".
std::string messages(const std::string& json) {
  const auto recipe = parse_recipe(json, "r.json");
  if (recipe) return "fine";
  const auto text = to_text(recipe.errors());
  return text.substr(0, text.size() - 1);
}

const std::string kDense = R"({"dense": {"classes": 3, "weight_bits": 4}})";

TEST(Recipe, TheCommittedOneHas38864WeightsAnd1934912Macs) {
  const auto text = read_file(BITMASON_SOURCE_DIR "/examples/fashion_mnist/recipe.json");
  ASSERT_TRUE(text.ok());
  const auto recipe = parse_recipe(*text, "recipe.json");
  ASSERT_TRUE(recipe.ok());
  // 9*16 + 9*16*32 + 2*9*32*32 + 32*49*10; 144*784 + 4608*196 + 2*9216*49 + 15680.
  const auto graph = to_graph(recipe->network, 1);
  EXPECT_EQ(graph::size_of(graph).weights, 38864);
  EXPECT_EQ(graph::size_of(graph).macs, 1934912);
  EXPECT_EQ(graph::bits_of(graph), (graph::Bits{{6, 4, 4, 4, 8}, {8, 5, 5, 5, 8}}));
  EXPECT_EQ(*parse_recipe(to_json(*recipe), "again"), *recipe);
}

TEST(Recipe, DefaultsHoldWhereTrainingIsSilent) {
  const auto recipe =
      parse_recipe(recipe_with(kDense, R"({"epochs": 3, "seed": 18446744073709551615})"), "r");
  ASSERT_TRUE(recipe.ok());
  EXPECT_EQ(recipe->training.epochs, 3);
  EXPECT_EQ(recipe->training.seed, 18446744073709551615U);
  EXPECT_EQ(recipe->training.batch, TrainSettings{}.batch);
}

TEST(Recipe, SyntaxErrorsNameTheByte) {
  EXPECT_EQ(messages("{\"network\": }"), "r.json: is not JSON (byte 13); correct it there [BM-QAT-030]");
}

TEST(Recipe, MissingAndUnknownMembersAreListedTogether) {
  EXPECT_EQ(
      messages(R"({"network": {"name": "n", "layers": []}, "training": {"epoch": 3, "batch": "x"}})"),
      "network: the recipe has no network.input; add it [BM-QAT-031]\n"
      "training.batch: is \"x\" and an integer is needed; correct it [BM-QAT-033]\n"
      "training: training.epoch is not a setting that training knows; remove it or correct its spelling "
      "[BM-QAT-032]");
}

TEST(Recipe, WidthsOutsideTheRangeAreRefused) {
  EXPECT_EQ(
      messages(recipe_with(R"({"conv": {"weight_bits": 9, "kernel": 4}},)" + kDense)),
      "layers[0]: weight_bits is 9 and 2 to 8 are supported; change it [BM-QAT-020]\n"
      "layers[0]: the kernel is 4 wide and an odd width is needed to keep the frame; take 5 [BM-QAT-021]");
}

TEST(Recipe, PoolingThreeByThreeFramesIsRefused) {
  EXPECT_EQ(messages(recipe_with(R"({"max_pool": {}}, {"max_pool": {}},)" + kDense)),
            "layers[1]: the frame is 3 x 3 and 2x2 pooling needs even sides; pool earlier or remove the pool "
            "[BM-QAT-022]");
}

TEST(Recipe, TheDenseLayerComesLast) {
  EXPECT_EQ(messages(recipe_with(kDense + R"(, {"conv": {}})")),
            "layers[0]: is a dense layer and a network ends with its one dense layer; reorder the layers "
            "[BM-QAT-023]\n"
            "layers[1]: is a conv layer and a network ends with its one dense layer; reorder the layers "
            "[BM-QAT-023]");
}

TEST(Recipe, SettingsAloneAreARecipeForNetworksFromFiles) {
  const auto recipe = parse_recipe(R"({"training": {"epochs": 4}})", "r");
  ASSERT_TRUE(recipe.ok());
  EXPECT_EQ(recipe->training.epochs, 4);
  EXPECT_EQ(*parse_recipe(to_json(*recipe), "again"), *recipe);
  EXPECT_EQ(to_text(output_shapes(recipe->network).errors()),
            "layers: number of layers is 0 and 1 to 1000 are supported; change it [BM-QAT-020]\n");
}

TEST(Recipe, GradientDescentWithMomentum) {
  const auto recipe = parse_recipe(recipe_with(kDense, R"({"optimiser": "sgd", "momentum": 0.8})"), "r");
  ASSERT_TRUE(recipe.ok());
  EXPECT_EQ(recipe->training.optimiser, (OptimiserSettings{Method::Sgd, 0.8, 0}));
  EXPECT_EQ(*parse_recipe(to_json(*recipe), "again"), *recipe);
  EXPECT_EQ(messages(recipe_with(kDense, R"({"optimiser": "lamb"})")),
            "training.optimiser: is \"lamb\" and adam or sgd is needed; correct it [BM-QAT-033]");
}

TEST(Recipe, ALearningRateOfTwoIsRefused) {
  EXPECT_EQ(messages(recipe_with(kDense, R"({"learning_rate": 2})")),
            "training: learning_rate is 2 and 1e-9 to 1 are supported; change it [BM-QAT-020]");
}

}  // namespace
}  // namespace bitmason::qat
