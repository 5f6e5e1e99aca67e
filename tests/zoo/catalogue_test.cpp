#include "zoo/catalogue.hpp"

#include <gtest/gtest.h>

namespace bitmason::zoo {
namespace {

struct Size {
  const char* name;
  std::size_t layers;
  std::int64_t macs;
  std::int64_t weights;
};

TEST(ZooCatalogueTest, SizesAreThePublishedOnes) {
  // UltraNet 199.53 M and 210,096; with bypass 229.02 M; SkyNet 401.20 M and 357,243; with 5x5 432.33 M;
  // VGG-tiny 152.81 M and 1,185,482 with its 10 biases; MobileNet-v1 569 M and 4.2 M; the others from their
  // definitions by hand.
  const Size sizes[] = {
      {"UltraNet", 9, 199'526'400, 210'096},       {"UltraNet_Bypass", 9, 229'017'600, 357'552},
      {"SkyNet", 13, 401'203'200, 357'243},        {"SkyNetk5", 13, 432'332'800, 377'003},
      {"VGG-tiny", 7, 152'805'376, 1'185'472},     {"ResNet-8", 10, 12'501'632, 77'360},
      {"DS-CNN", 10, 2'656'768, 22'016},           {"CNV", 9, 59'461'376, 1'542'848},
      {"MobileNet-v1", 28, 568'740'352, 4'209'088}};
  ASSERT_EQ(catalogue().size(), std::size(sizes));
  for (std::size_t i = 0; i < std::size(sizes); ++i) {
    const Topology& net = catalogue()[i].topology;
    EXPECT_EQ(net.name, sizes[i].name);
    EXPECT_EQ(net.weighted().size(), sizes[i].layers) << net.name;
    EXPECT_EQ(net.macs(), sizes[i].macs) << net.name;
    EXPECT_EQ(net.weights(), sizes[i].weights) << net.name;
  }
}

TEST(ZooCatalogueTest, OutputsHaveTheirPublishedShapes) {
  const auto last = [](const char* name) { return find(name)->topology.steps.back().shape; };
  EXPECT_EQ(last("UltraNet"), (ir::Shape{36, 10, 20}));
  EXPECT_EQ(last("UltraNet_Bypass"), (ir::Shape{36, 10, 20}));
  EXPECT_EQ(last("SkyNet"), (ir::Shape{36, 20, 40}));
  EXPECT_EQ(last("CNV"), (ir::Shape{10, 1, 1}));
  // 5 x 5 of 49 x 10 coefficients would lose a column: "same" padding gives 25 x 5.
  EXPECT_EQ(find("DS-CNN")->topology.steps.front().shape, (ir::Shape{64, 25, 5}));
}

TEST(ZooCatalogueTest, EveryPublishedConfigurationHasOneNumberPerLayer) {
  for (const Entry& entry : catalogue()) {
    for (const Configuration& known : entry.published) {
      const auto bits = bits_of(entry, {.configuration = known.name});
      ASSERT_TRUE(bits) << entry.topology.name << " " << known.name;
      EXPECT_EQ(*bits, known.bits);
      EXPECT_EQ(bits->weights.size(), entry.topology.weighted().size());
      EXPECT_EQ(bits->activations.size(), entry.topology.weighted().size());
    }
  }
}

TEST(ZooCatalogueTest, BitsComeFromTheUserThenThePublicationThenFour) {
  const Entry ultranet = *find("ultranet");
  EXPECT_EQ(bits_of(ultranet, {})->activations, (std::vector<int>{8, 4, 4, 4, 4, 4, 4, 4, 4}));
  const auto mixed = bits_of(ultranet, {.configuration = "mixq", .weights = {3}, .activations = {}});
  EXPECT_EQ(mixed->weights, std::vector<int>(9, 3));
  EXPECT_EQ(mixed->activations, (std::vector<int>{7, 3, 3, 6, 7, 7, 6, 6, 5}));
  const auto bypass = bits_of(*find("UltraNet_Bypass"), {});
  EXPECT_EQ(bypass->weights, std::vector<int>(9, 4));
  EXPECT_EQ(bypass->activations.front(), 8);
  EXPECT_EQ(bypass->activations.back(), 4);
}

TEST(ZooCatalogueTest, UnknownNamesAndWrongNumbersAreRefused) {
  EXPECT_EQ(to_text(find("LeNet").errors()),
            "LeNet: is no network of the zoo; choose UltraNet, UltraNet_Bypass, SkyNet, SkyNetk5, VGG-tiny, "
            "ResNet-8, DS-CNN, CNV, MobileNet-v1, or see `bitmason zoo list` [BM-ZOO-001]\n");
  const Entry ultranet = *find("UltraNet");
  EXPECT_EQ(to_text(bits_of(ultranet, {.weights = {4, 4, 4}}).errors()),
            "--weights: UltraNet has 9 layers with weights and 3 numbers are given; give 9, or one for all "
            "layers [BM-ZOO-002]\n");
  EXPECT_EQ(to_text(bits_of(ultranet, {.activations = {8, 4, 4, 0, 4, 4, 4, 4, 4}}).errors()),
            "--activations: number 4 is 0, outside 1 to 8; give 1 to 8 bits [BM-ZOO-003]\n");
  EXPECT_EQ(to_text(bits_of(ultranet, {.configuration = "w9"}).errors()),
            "--bits: UltraNet has no published configuration w9; it has w4a4, ismart, mixq; or give "
            "--weights and --activations [BM-ZOO-004]\n");
}

}  // namespace
}  // namespace bitmason::zoo
