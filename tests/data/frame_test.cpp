#include "data/frame.hpp"

#include <gtest/gtest.h>

namespace bitmason::data {
namespace {

using Pixels = std::vector<std::uint8_t>;

TEST(Resize, HalvingTakesTheMeanOfFourAndRoundsAHalfUp) {
  // (0 + 1 + 1 + 0) / 4 = 0.5 -> 1; (10 + 20 + 30 + 40) / 4 = 25.
  const Image image{{1, 2, 4}, {0, 1, 10, 20, 1, 0, 30, 40}};
  EXPECT_EQ(resize(image, 1, 2).pixels, (Pixels{1, 25}));
}

TEST(Resize, DoublingWeighsNeighboursByThreeQuartersAndOneQuarter) {
  // Centres at -1/4, 1/4, 3/4, 5/4: 0, 25, 75, 100.
  EXPECT_EQ(resize({{1, 1, 2}, {0, 100}}, 1, 4).pixels, (Pixels{0, 25, 75, 100}));
}

TEST(Resize, ThreeToTwoTakesTheWeightsByHand) {
  // Centres at 1/4 and 7/4: 3/4 * 0 + 1/4 * 40 = 10; 1/4 * 40 + 3/4 * 81 = 70.75 -> 71.
  EXPECT_EQ(resize({{1, 1, 3}, {0, 40, 81}}, 1, 2).pixels, (Pixels{10, 71}));
}

TEST(Resize, TheSameSizeChangesNothing) {
  const Image image{{3, 1, 2}, {1, 2, 3, 4, 5, 255}};
  EXPECT_EQ(resize(image, 1, 2).pixels, image.pixels);
}

TEST(FitImage, ACropOfTwoOfFiveLeavesOneAboveAndOneLeft) {
  Image image{{1, 5, 5}, {}};
  for (int i = 0; i < 25; ++i) image.pixels.push_back(static_cast<std::uint8_t>(i));
  const auto part = fit_image(image, {Fit::Crop, 2, 2}, "a.png");
  ASSERT_TRUE(part);
  EXPECT_EQ(part->pixels, (Pixels{6, 7, 11, 12}));
}

TEST(FitImage, BgrSwapsTheFirstAndTheLastChannel) {
  const auto image = fit_image({{3, 1, 1}, {1, 2, 3}}, {.bgr = true}, "a.png");
  ASSERT_TRUE(image);
  EXPECT_EQ(image->pixels, (Pixels{3, 2, 1}));
}

TEST(FitImage, AnotherSizeAndATooLargeCropAreRefused) {
  const Image image{{1, 2, 3}, Pixels(6)};
  EXPECT_EQ(fit_image(image, {Fit::Exact, 2, 2}, "a.png").errors().front().message(),
            "a.png: has 2 x 3 pixels and 2 x 2 are needed; give a size to resize or crop all images to "
            "[BM-DATA-024]");
  EXPECT_EQ(fit_image(image, {Fit::Crop, 3, 3}, "a.png").errors().front().message(),
            "a.png: has 2 x 3 pixels and the crop takes 3 x 3; crop less or resize [BM-DATA-025]");
}

TEST(CheckFrame, SizesOf1To32768AreTakenAndNoneIsTakenWithExactAlone) {
  EXPECT_TRUE(check_frame({}, "set"));
  EXPECT_TRUE(check_frame({Fit::Resize, 1, 32768}, "set"));
  EXPECT_FALSE(check_frame({Fit::Crop, 0, 0}, "set"));
  EXPECT_EQ(check_frame({Fit::Resize, 32769, 8}, "set").errors().front().message(),
            "set: 32769 x 8 pixels are asked for and 1 to 32768 a side are possible; correct the size "
            "[BM-DATA-062]");
}

TEST(FitBox, ABoxIsScaledWithItsImageOrMovedAndCutWithTheCrop) {
  const Box box{64, 128, 36, 72};
  EXPECT_EQ(fit_box(box, 360, 640, {Fit::Resize, 160, 320}), (Box{32, 64, 16, 32}));
  EXPECT_EQ(fit_box(box, 360, 640, {Fit::Crop, 300, 480}), (Box{0, 48, 6, 42}));
  EXPECT_EQ(fit_box(box, 360, 640, {}), box);
}

TEST(BoxMetric, IntersectionOverUnionOfHandMadeBoxes) {
  const Box a{0, 10, 0, 10};
  EXPECT_EQ(iou(a, a), 1);
  EXPECT_EQ(iou(a, {5, 15, 0, 10}), 50.0 / 150);
  EXPECT_EQ(iou(a, {10, 20, 0, 10}), 0);
  EXPECT_EQ(iou({3, 3, 1, 1}, {3, 3, 1, 1}), 0);
  EXPECT_EQ(mean_iou(std::vector{a, a}, std::vector{a, Box{5, 15, 0, 10}}), (1 + 50.0 / 150) / 2);
}

}  // namespace
}  // namespace bitmason::data
