#include "data/augment.hpp"

#include <cassert>

namespace bitmason::data {

void augment(std::span<const std::uint8_t> image, const Shape& shape, const Augmentation& how, Random& random,
             std::span<float> out) {
  assert(image.size() == out.size());
  const bool mirror = how.flip && random.below(2) == 1;
  const auto choices = static_cast<std::uint64_t>(2 * how.max_shift + 1);
  const int down = static_cast<int>(random.below(choices)) - how.max_shift;
  const int right = static_cast<int>(random.below(choices)) - how.max_shift;
  for (int c = 0; c < shape.channels; ++c) {
    for (int y = 0; y < shape.height; ++y) {
      for (int x = 0; x < shape.width; ++x) {
        const int from_y = y - down;
        const int moved = x - right;
        const int from_x = mirror ? shape.width - 1 - moved : moved;
        const bool inside = from_y >= 0 && from_y < shape.height && from_x >= 0 && from_x < shape.width;
        out[shape.index(c, y, x)] = inside ? static_cast<float>(image[shape.index(c, from_y, from_x)]) : 0.0F;
      }
    }
  }
}

}  // namespace bitmason::data
