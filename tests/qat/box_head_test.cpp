#include "qat/box_head.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.hpp"
#include "graph/place.hpp"
#include "qat/integer_evaluation.hpp"
#include "qat/network_spec.hpp"
#include "qat/sensitivity.hpp"
#include "qat/torch_loss_internal.hpp"
#include "qat/trainer.hpp"

namespace bitmason::qat {
namespace {

/// Two anchors, 2 x 2 cells of 16 pixels.
constexpr BoxHead kSmall{.anchors = 2, .rows = 2, .columns = 2, .cell_height = 16, .cell_width = 16};

std::vector<double> zeros() {
  return std::vector<double>(std::size_t{2 * BoxHead::kFields * 4}, 0);
}

double& at(std::vector<double>& outputs, int anchor, int field, std::size_t cell) {
  return outputs[static_cast<std::size_t>(anchor * BoxHead::kFields + field) * 4 + cell];
}

graph::Graph network(int outputs) {
  return to_graph({"boxes",
                   {1, 16, 16},
                   {ConvSpec{.channels = 8, .weight_bits = 8, .activation_bits = 8}, MaxPoolSpec{},
                    DenseSpec{.classes = outputs, .weight_bits = 8}}},
                  3);
}

/// A bright rectangle somewhere on black.
data::ImageSet rectangles(std::size_t count) {
  data::ImageSet set{.shape = {1, 16, 16}};
  Random random(5, 5);
  for (std::size_t i = 0; i < count; ++i) {
    const auto side = [&] { return 4 + static_cast<int>(random.below(8)); };
    const int width = side();
    const int height = side();
    const auto left = static_cast<int>(random.below(static_cast<std::uint64_t>(17 - width)));
    const auto top = static_cast<int>(random.below(static_cast<std::uint64_t>(17 - height)));
    set.boxes.push_back({.x_min = static_cast<double>(left),
                         .x_max = static_cast<double>(left + width),
                         .y_min = static_cast<double>(top),
                         .y_max = static_cast<double>(top + height)});
    for (int y = 0; y < 16; ++y) {
      for (int x = 0; x < 16; ++x) {
        const bool inside = x >= left && x < left + width && y >= top && y < top + height;
        set.pixels.push_back(inside ? 255 : 0);
      }
    }
  }
  return set;
}

TEST(BoxHead, TheCellOfMostConfidenceGivesTheMeanBoxOfItsAnchors) {
  auto outputs = zeros();
  // Alone either anchor would choose another cell.
  at(outputs, 0, BoxHead::kConfidence, 0) = 3;
  at(outputs, 1, BoxHead::kConfidence, 3) = 3;
  at(outputs, 0, BoxHead::kConfidence, 2) = 2;
  at(outputs, 1, BoxHead::kConfidence, 2) = 2;
  at(outputs, 0, 0, 2) = std::log(3.0);  // sigmoid 3/4; the other's is 1/2
  at(outputs, 1, 2, 2) = std::log(2.0);
  const data::Box box = kSmall.box_of(outputs);
  // x = (0 + 5/8) 16 = 10, y = (1 + 1/2) 16 = 24, width 1.25 (1 + 2) / 2 16 = 30, height 20.
  EXPECT_NEAR(box.x_min, -5, 1e-9);
  EXPECT_NEAR(box.x_max, 25, 1e-9);
  EXPECT_NEAR(box.y_min, 14, 1e-9);
  EXPECT_NEAR(box.y_max, 34, 1e-9);
}

TEST(BoxHead, OutputsThatAreNoFieldsOfAnchorsAreRefused) {
  const auto head = box_head(network(12));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->anchors, 2);
  EXPECT_EQ(head->cells(), 1U);
  EXPECT_EQ(head->cell_width, 16);
  const auto images = rectangles(4);
  const auto status = check_images(network(10), images);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.errors().front().code, "BM-QAT-051");
}

TEST(BoxHead, TheLossIsTheHandCalculation) {
  const auto outputs = at::zeros({1, 2 * BoxHead::kFields, 2, 2});
  // Of the cell at the upper left the box is (-2, 18) each way.
  const auto same = at::tensor({-2.0F, 18.0F, -2.0F, 18.0F}).view({1, 4});
  EXPECT_NEAR(box_loss(outputs, same, kSmall).item<double>(), std::log(4.0), 1e-5);
  // Inside of it: IoU 256 / 400, nothing around both; sizes are ln 1.25 apart, twice.
  const auto inside = at::tensor({0.0F, 16.0F, 0.0F, 16.0F}).view({1, 4});
  EXPECT_NEAR(box_loss(outputs, inside, kSmall).item<double>(),
              std::log(4.0) + 1 - 0.64 + std::pow(std::log(1.25), 2), 1e-5);
  auto chosen = at::zeros({1, 2 * BoxHead::kFields, 2, 2});
  chosen[0][BoxHead::kConfidence][0][0] = std::log(3.0);
  EXPECT_NEAR(box_loss(chosen, same, kSmall).item<double>(), std::log(2.0), 1e-5);
}

TEST(BoxHead, ATrainedNetworkFindsRectanglesByItsIntegerCodes) {
  const auto images = rectangles(256);
  const auto untrained = accuracy(graph::without_quantisers(network(6)), images, 1);
  ASSERT_TRUE(untrained) << to_text(untrained.errors());
  TrainOptions options{.settings = {.epochs = 30, .batch = 32, .learning_rate = 0.01, .max_shift = 2}};
  const auto trained = train(network(6), images, images, options);
  ASSERT_TRUE(trained) << to_text(trained.errors());
  const auto found = accuracy(*trained, images, 1);
  ASSERT_TRUE(found) << to_text(found.errors());
  EXPECT_LT(*untrained, 0.4);
  EXPECT_GT(*found, 0.7);
  // Fewer bits lose more of the boxes.
  const auto losses = sensitivity(graph::without_quantisers(*trained), images, images,
                                  {.weights = {{2, 8}, {}}, .activations = {{}, {}}});
  ASSERT_TRUE(losses) << to_text(losses.errors());
  EXPECT_GT(losses->weights[0][2], 0.01);
}

TEST(BoxHead, DivergenceCountsTheCellsAndTheBoxes) {
  auto wanted = zeros();
  at(wanted, 0, BoxHead::kConfidence, 0) = std::log(3.0);
  auto found = wanted;
  EXPECT_EQ(box_divergence(wanted, found, kSmall), 0);
  at(found, 0, 2, 0) = at(found, 1, 2, 0) = std::log(2.0);  // twice as wide: IoU 1/2
  EXPECT_NEAR(box_divergence(wanted, found, kSmall), 0.5, 1e-9);
  // (1/2, 1/6, 1/6, 1/6) wanted, (1/4, ...) found: 1/2 ln 2 + 1/2 ln(2/3); the box is the first cell's still.
  EXPECT_NEAR(box_divergence(wanted, zeros(), kSmall), 0.5 * std::log(2.0) + 0.5 * std::log(2.0 / 3), 1e-9);
}

TEST(BoxHead, DistillingBoxesIsRefused) {
  const auto images = rectangles(4);
  TrainOptions options{.settings = {.distillation = {.share = 0.5}},
                       .teacher = std::make_shared<const graph::Graph>(network(6))};
  const auto trained = train(network(6), images, images, options);
  ASSERT_FALSE(trained);
  EXPECT_EQ(trained.errors().front().code, "BM-QAT-052");
}

}  // namespace
}  // namespace bitmason::qat
