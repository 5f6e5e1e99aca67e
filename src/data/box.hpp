#pragma once

#include <span>

namespace bitmason::data {

/// The place of one object, in pixels: x to the right, y down, from the upper left corner of the image.
struct Box {
  double x_min = 0;
  double x_max = 0;
  double y_min = 0;
  double y_max = 0;

  /// Width times height, in square pixels; 0 where the box is empty.
  [[nodiscard]] double area() const;
  bool operator==(const Box&) const = default;
};

/// Intersection over union, 0..1; 0 where both boxes are empty. The contest DAC-SDC scores by its mean.
double iou(const Box& a, const Box& b);

/// Mean over the pairs. Precondition: as many boxes in both, at least one.
double mean_iou(std::span<const Box> a, std::span<const Box> b);

}  // namespace bitmason::data
