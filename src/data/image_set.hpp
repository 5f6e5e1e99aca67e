#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/box.hpp"

/// Data sets: images with labels or boxes, read from files, split, augmented and put into batches.
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

/// "3 x 32 x 32".
std::string text_of(const Shape& shape);

/// Images of unsigned 8-bit codes, each (C, H, W), with a label or a box each; the other vector is empty.
struct ImageSet {
  Shape shape;
  std::vector<std::uint8_t> pixels;    ///< count * shape.elements()
  std::vector<int> labels;             ///< indices into classes
  std::vector<Box> boxes;              ///< in pixels of these images
  std::vector<std::string> classes{};  ///< names; empty for boxes

  [[nodiscard]] std::size_t count() const { return labels.empty() ? boxes.size() : labels.size(); }
  [[nodiscard]] std::span<const std::uint8_t> image(std::size_t index) const {
    const auto size = static_cast<std::size_t>(shape.elements());
    return std::span(pixels).subspan(index * size, size);
  }
  /// Images first .. first + length - 1.
  [[nodiscard]] ImageSet slice(std::size_t first, std::size_t length) const;
  /// The images of these indices, in this order.
  [[nodiscard]] ImageSet select(std::span<const std::size_t> indices) const;
};

/// What training sees, what choices are made on, and what is looked at once, at the end.
struct DataSplit {
  ImageSet train;
  ImageSet holdout;
  ImageSet test;
};

}  // namespace bitmason::data
