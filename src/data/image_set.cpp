#include "data/image_set.hpp"

#include <fmt/format.h>

#include <numeric>

namespace bitmason::data {

std::string text_of(const Shape& shape) {
  return fmt::format("{} x {} x {}", shape.channels, shape.height, shape.width);
}

ImageSet ImageSet::slice(std::size_t first, std::size_t length) const {
  std::vector<std::size_t> indices(length);
  std::iota(indices.begin(), indices.end(), first);
  return select(indices);
}

ImageSet ImageSet::select(std::span<const std::size_t> indices) const {
  ImageSet some{shape, {}, {}, {}, classes};
  some.pixels.reserve(indices.size() * static_cast<std::size_t>(shape.elements()));
  for (const auto index : indices) {
    const auto one = image(index);
    some.pixels.insert(some.pixels.end(), one.begin(), one.end());
    if (!labels.empty()) some.labels.push_back(labels[index]);
    if (!boxes.empty()) some.boxes.push_back(boxes[index]);
  }
  return some;
}

}  // namespace bitmason::data
