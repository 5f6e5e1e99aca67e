#include "data/augment.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/random.hpp"

namespace bitmason::data {
namespace {

using Pixels = std::vector<std::uint8_t>;

constexpr Shape kShape{1, 2, 3};
/// 1 2 3
/// 4 5 6
const Pixels kImage{1, 2, 3, 4, 5, 6};

Pixels varied(const Augmentation& how, const Variation& variation) {
  Pixels out(static_cast<std::size_t>(augmented_shape(kShape, how).elements()));
  vary(kImage, kShape, how, variation, out);
  return out;
}

TEST(Vary, MirrorTurnsTheRowsAround) {
  EXPECT_EQ(varied({}, {.mirror = true}), (Pixels{3, 2, 1, 6, 5, 4}));
}

TEST(Vary, AShiftByOneDownAndRightMovesZerosOrTheEdgeIn) {
  const Variation variation{.top = -1, .left = -1};
  EXPECT_EQ(varied({}, variation), (Pixels{0, 0, 0, 0, 1, 2}));
  EXPECT_EQ(varied({.padding = Padding::Edge}, variation), (Pixels{1, 1, 2, 1, 1, 2}));
  EXPECT_EQ(varied({.padding = Padding::Edge}, {.mirror = true, .left = 1}), (Pixels{2, 1, 1, 5, 4, 4}));
}

TEST(Vary, ACropOfOneByTwoTakesTheRowBelow) {
  EXPECT_EQ(varied({.crop_height = 1, .crop_width = 2}, {.top = 1, .left = 1}), (Pixels{5, 6}));
  EXPECT_EQ(varied({.crop_height = 1, .crop_width = 2}, {.mirror = true, .top = 1, .left = 0}),
            (Pixels{6, 5}));
}

TEST(Vary, BrightnessStaysWithin0And255) {
  EXPECT_EQ(varied({}, {.brightness = -4}), (Pixels{0, 0, 0, 0, 1, 2}));
  EXPECT_EQ(varied({}, {.brightness = 252}), (Pixels{253, 254, 255, 255, 255, 255}));
}

/// Box of the pixels that are not 0.
Box box_of(const Pixels& pixels, const Shape& shape) {
  Box box{1e9, 0, 1e9, 0};
  for (int y = 0; y < shape.height; ++y) {
    for (int x = 0; x < shape.width; ++x) {
      if (pixels[shape.index(0, y, x)] == 0) continue;
      box = {std::min<double>(box.x_min, x), std::max<double>(box.x_max, x + 1),
             std::min<double>(box.y_min, y), std::max<double>(box.y_max, y + 1)};
    }
  }
  return box;
}

TEST(Vary, TheBoxIsWhereItsPixelsAreIn500Variations) {
  constexpr Shape shape{1, 12, 16};
  const Augmentation how{.max_shift = 5, .crop_height = 8, .crop_width = 9};
  Random random(3, 0);
  for (std::uint32_t i = 0; i < 500; ++i) {
    const int x = static_cast<int>(random.below(13));
    const int y = static_cast<int>(random.below(10));
    const Box box{double(x), double(x + 3), double(y), double(y + 2)};
    Pixels pixels(static_cast<std::size_t>(shape.elements()), 0);
    for (int row = y; row < y + 2; ++row) {
      for (int column = x; column < x + 3; ++column) pixels[shape.index(0, row, column)] = 9;
    }
    const auto variation = keep_in_sight(draw_variation(how, shape, {1, 0, i}), box, shape, how);
    Pixels out(std::size_t{8} * 9);
    vary(pixels, shape, how, variation, out);
    EXPECT_EQ(vary(box, shape, how, variation), box_of(out, {1, 8, 9})) << i;
  }
}

TEST(DrawVariation, DependsOnSeedEpochAndImageAlone) {
  constexpr Shape shape{3, 32, 32};
  const Augmentation how{.max_shift = 4, .max_brightness = 20};
  const auto first = draw_variation(how, shape, {1, 2, 3});
  EXPECT_EQ(draw_variation(how, shape, {1, 2, 3}), first);
  int same = 0;
  std::set<int> tops;
  int mirrored = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const auto variation = draw_variation(how, shape, {1, 2, 1000 + i});
    same += variation == first ? 1 : 0;
    mirrored += variation.mirror ? 1 : 0;
    tops.insert(variation.top);
  }
  // One of 2 * 9 * 9 * 41 = 6642 variations.
  EXPECT_LE(same, 5);
  EXPECT_EQ(tops.size(), 9u);
  EXPECT_EQ(*tops.begin(), -4);
  // Six standard deviations of a fair coin are 95.
  EXPECT_NEAR(mirrored, 500, 95);
  EXPECT_FALSE(draw_variation(how, shape, {2, 2, 3}) == first &&
               draw_variation(how, shape, {1, 3, 3}) == first);
}

TEST(DrawVariation, NothingIsDrawnWhereNothingVaries) {
  const Augmentation none{.flip = false, .max_shift = 0};
  for (std::uint32_t i = 0; i < 100; ++i) EXPECT_EQ(draw_variation(none, kShape, {1, 1, i}), Variation{});
}

}  // namespace
}  // namespace bitmason::data
