#pragma once

#include <span>

#include "base/random.hpp"
#include "data/image_set.hpp"

namespace bitmason::data {

/// How an image varies from epoch to epoch.
struct Augmentation {
  bool flip = true;
  int max_shift = 1;
};

/// Writes the image, mirrored and moved at random, as floats; pixels that move in are 0. Precondition:
/// `out` holds as many elements as the image.
void augment(std::span<const std::uint8_t> image, const Shape& shape, const Augmentation& how, Random& random,
             std::span<float> out);

}  // namespace bitmason::data
