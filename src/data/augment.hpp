#pragma once

#include <cstdint>
#include <span>

#include "data/image_set.hpp"

namespace bitmason::data {

/// What a pixel from outside of the image is.
enum class Padding {
  Zero,  ///< code 0
  Edge   ///< the nearest pixel of the image
};

/// How an image varies from epoch to epoch.
struct Augmentation {
  bool flip = true;   ///< mirror every other image, at random
  int max_shift = 1;  ///< pixels an image moves at most, each way
  Padding padding = Padding::Zero;
  int crop_height = 0;     ///< rows of a part at a random place, before the shift; 0: all
  int crop_width = 0;      ///< the same of columns
  int max_brightness = 0;  ///< codes added or subtracted at most, the same to all pixels; clamped to 0..255
  bool operator==(const Augmentation&) const = default;
};

/// What an Augmentation draws for one image: pixel (y, x) of the result is (y + top, x + left) of the image,
/// or, mirrored, (y + top, width - 1 - (x + left)).
struct Variation {
  bool mirror = false;
  int top = 0;
  int left = 0;
  int brightness = 0;  ///< codes
  bool operator==(const Variation&) const = default;
};

/// Of an augmented image of this shape. Precondition: the crop is not larger than the image.
Shape augmented_shape(const Shape& shape, const Augmentation& how);

/// Which image, in which epoch of which run: what the random numbers depend on, and nothing else.
struct Occasion {
  std::uint64_t seed = 0;
  std::uint32_t epoch = 0;
  std::uint32_t image = 0;  ///< index in its set
};

/// The same for the same arguments, in any order of calls and on any number of threads.
Variation draw_variation(const Augmentation& how, const Shape& shape, const Occasion& occasion);

/// The variation with the least change of place that keeps the centre of the box inside of the result.
Variation keep_in_sight(const Variation& variation, const Box& box, const Shape& shape,
                        const Augmentation& how);

/// Writes the varied image. Precondition: `out` holds as many elements as augmented_shape().
void vary(std::span<const std::uint8_t> image, const Shape& shape, const Augmentation& how,
          const Variation& variation, std::span<std::uint8_t> out);

/// Where a box of the image lies in the varied image, cut off at its edges.
Box vary(const Box& box, const Shape& shape, const Augmentation& how, const Variation& variation);

}  // namespace bitmason::data
