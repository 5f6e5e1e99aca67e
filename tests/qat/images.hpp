#pragma once

#include "base/random.hpp"
#include "data/image_set.hpp"

namespace bitmason::qat {

/// Noise with random labels: only memory helps.
inline data::ImageSet noise(const ir::Shape& shape, std::size_t count, int classes) {
  data::ImageSet set{.shape = {shape.channels, shape.height, shape.width}};
  Random random(7, 7);
  for (std::size_t i = 0; i < count; ++i) {
    set.labels.push_back(static_cast<int>(random.below(static_cast<std::uint64_t>(classes))));
    for (std::int64_t pixel = 0; pixel < shape.elements(); ++pixel)
      set.pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
  }
  return set;
}

}  // namespace bitmason::qat
