#include "data/image_set.hpp"

namespace bitmason::data {

ImageSet ImageSet::slice(std::size_t first, std::size_t length) const {
  const auto size = static_cast<std::size_t>(shape.elements());
  const auto some_pixels = std::span(pixels).subspan(first * size, length * size);
  const auto some_labels = std::span(labels).subspan(first, length);
  return {shape, {some_pixels.begin(), some_pixels.end()}, {some_labels.begin(), some_labels.end()}};
}

}  // namespace bitmason::data
