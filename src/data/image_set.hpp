#pragma once

#include <cstdint>
#include <span>
#include <vector>

/// Labelled images as training and evaluation see them.
namespace bitmason::data {

/// Of one image.
struct Shape {
  int channels = 1;
  int height = 1;
  int width = 1;

  [[nodiscard]] std::int64_t elements() const { return std::int64_t{channels} * height * width; }
  /// Index of (c, y, x) in row-major (C, H, W) order.
  [[nodiscard]] std::size_t index(int c, int y, int x) const {
    return (static_cast<std::size_t>(c) * static_cast<std::size_t>(height) + static_cast<std::size_t>(y)) *
               static_cast<std::size_t>(width) +
           static_cast<std::size_t>(x);
  }
  bool operator==(const Shape&) const = default;
};

/// Labelled frames of unsigned 8-bit codes, each (C, H, W).
struct ImageSet {
  Shape shape;
  std::vector<std::uint8_t> pixels;  ///< count * shape.elements()
  std::vector<int> labels;           ///< count; class indices from 0

  [[nodiscard]] std::size_t count() const { return labels.size(); }
  [[nodiscard]] std::span<const std::uint8_t> image(std::size_t index) const {
    const auto size = static_cast<std::size_t>(shape.elements());
    return std::span(pixels).subspan(index * size, size);
  }
  /// Images first .. first + length - 1.
  [[nodiscard]] ImageSet slice(std::size_t first, std::size_t length) const;
};

/// What training sees, what choices are made on, and what is looked at once, at the end.
struct DataSplit {
  ImageSet train;
  ImageSet holdout;
  ImageSet test;
};

}  // namespace bitmason::data
