#include "data/box.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace bitmason::data {

double Box::area() const {
  return std::max(0.0, x_max - x_min) * std::max(0.0, y_max - y_min);
}

double iou(const Box& a, const Box& b) {
  const double both = Box{std::max(a.x_min, b.x_min), std::min(a.x_max, b.x_max), std::max(a.y_min, b.y_min),
                          std::min(a.y_max, b.y_max)}
                          .area();
  const double either = a.area() + b.area() - both;
  return either > 0 ? both / either : 0;
}

double mean_iou(std::span<const Box> a, std::span<const Box> b) {
  assert(a.size() == b.size() && !a.empty());
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += iou(a[i], b[i]);
  return sum / static_cast<double>(a.size());
}

}  // namespace bitmason::data
