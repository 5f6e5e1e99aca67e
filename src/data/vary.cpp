#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/random.hpp"
#include "data/augment.hpp"

namespace bitmason::data {
namespace {

/// Uniform in -most .. most.
int either_way(Random& random, int most) {
  return static_cast<int>(random.below(static_cast<std::uint64_t>(2 * most + 1))) - most;
}

/// Uniform in 0 .. most.
int up_to(Random& random, int most) {
  return static_cast<int>(random.below(static_cast<std::uint64_t>(most + 1)));
}

/// Source of each position of the result in one direction; -1: outside.
std::vector<int> sources(int from, int to, int offset, bool mirror, Padding padding) {
  std::vector<int> result(static_cast<std::size_t>(to));
  for (int i = 0; i < to; ++i) {
    int at = i + offset;
    if (padding == Padding::Edge) at = std::clamp(at, 0, from - 1);
    if (at < 0 || at >= from) {
      at = -1;
    } else if (mirror) {
      at = from - 1 - at;
    }
    result[static_cast<std::size_t>(i)] = at;
  }
  return result;
}

/// The offset nearest to `offset` for which `centre` lies in a result of `to` pixels.
int keep_inside(int offset, double centre, int to) {
  const int pixel = static_cast<int>(std::floor(centre));
  return std::clamp(offset, pixel - to + 1, pixel);
}

}  // namespace

Shape augmented_shape(const Shape& shape, const Augmentation& how) {
  assert(how.crop_height <= shape.height && how.crop_width <= shape.width);
  return {shape.channels, how.crop_height > 0 ? how.crop_height : shape.height,
          how.crop_width > 0 ? how.crop_width : shape.width};
}

Variation draw_variation(const Augmentation& how, const Shape& shape, const Occasion& occasion) {
  // Streams below 2^32 order the images of an epoch.
  Random random(occasion.seed, (std::uint64_t{occasion.epoch} + 1) << 32 | occasion.image);
  const Shape out = augmented_shape(shape, how);
  Variation variation;
  variation.mirror = random.below(2) == 1 && how.flip;
  variation.top = up_to(random, shape.height - out.height) - either_way(random, how.max_shift);
  variation.left = up_to(random, shape.width - out.width) - either_way(random, how.max_shift);
  variation.brightness = either_way(random, how.max_brightness);
  return variation;
}

Variation keep_in_sight(const Variation& variation, const Box& box, const Shape& shape,
                        const Augmentation& how) {
  const Shape out = augmented_shape(shape, how);
  const double across = (box.x_min + box.x_max) / 2;
  // The centre of a box at the right edge of the image lies on the edge of its last pixel.
  const double x = std::min(variation.mirror ? shape.width - across : across, shape.width - 0.5);
  const double y = std::min((box.y_min + box.y_max) / 2, shape.height - 0.5);
  Variation kept = variation;
  kept.top = keep_inside(variation.top, y, out.height);
  kept.left = keep_inside(variation.left, x, out.width);
  return kept;
}

void vary(std::span<const std::uint8_t> image, const Shape& shape, const Augmentation& how,
          const Variation& variation, std::span<std::uint8_t> out) {
  const Shape to = augmented_shape(shape, how);
  assert(out.size() == static_cast<std::size_t>(to.elements()));
  const auto rows = sources(shape.height, to.height, variation.top, false, how.padding);
  const auto columns = sources(shape.width, to.width, variation.left, variation.mirror, how.padding);
  auto next = out.begin();
  for (int c = 0; c < shape.channels; ++c) {
    for (const int y : rows) {
      if (y < 0) {
        next = std::fill_n(next, to.width, std::uint8_t{0});
        continue;
      }
      const auto* line = &image[shape.index(c, y, 0)];
      for (const int x : columns) *next++ = x < 0 ? std::uint8_t{0} : line[x];
    }
  }
  if (variation.brightness == 0) return;
  for (auto& code : out) code = static_cast<std::uint8_t>(std::clamp(code + variation.brightness, 0, 255));
}

Box vary(const Box& box, const Shape& shape, const Augmentation& how, const Variation& variation) {
  const Shape to = augmented_shape(shape, how);
  const double left = variation.mirror ? shape.width - box.x_max : box.x_min;
  const double right = variation.mirror ? shape.width - box.x_min : box.x_max;
  const auto across = [&](double x) { return std::clamp<double>(x - variation.left, 0, to.width); };
  const auto down = [&](double y) { return std::clamp<double>(y - variation.top, 0, to.height); };
  return {across(left), across(right), down(box.y_min), down(box.y_max)};
}

}  // namespace bitmason::data
