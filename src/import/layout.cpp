#include "import/layout.hpp"

#include <numeric>

namespace bitmason::import {

std::size_t Layout::elements() const {
  return static_cast<std::size_t>(
      std::accumulate(dims.begin(), dims.end(), std::int64_t{1}, std::multiplies<>()));
}

Layout canonical_layout(const ir::Shape& frame, std::size_t rank) {
  if (rank == 2) return {{1, frame.elements()}, {}};
  if (rank == 3) return {{1, frame.channels, std::int64_t{frame.height} * frame.width}, {}};
  return {{1, frame.channels, frame.height, frame.width}, {}};
}

bool is_canonical(const Layout& layout, const ir::Shape& frame) {
  if (!layout.map.empty() || layout.dims.size() < 2 || layout.dims.size() > 4) return false;
  if (layout.dims.size() == 3 && frame.height != 1) return false;
  if (layout.dims.size() == 2 && std::int64_t{frame.height} * frame.width != 1) return false;
  return layout.dims == canonical_layout(frame, layout.dims.size()).dims;
}

std::optional<std::vector<std::size_t>> channel_axis_elements(const Layout& layout, const ir::Shape& frame,
                                                              const std::vector<std::int64_t>& shape) {
  if (!is_canonical(layout, frame)) return std::nullopt;
  const std::size_t lead = layout.dims.size() - shape.size();
  bool scalar = true;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] != 1 && lead + d != 1) return std::nullopt;
    scalar = scalar && shape[d] == 1;
  }
  std::vector<std::size_t> result(static_cast<std::size_t>(frame.channels), 0);
  if (!scalar) std::iota(result.begin(), result.end(), std::size_t{0});
  return result;
}

Layout transposed(const Layout& layout, const std::vector<std::int64_t>& perm) {
  Layout result;
  for (const std::int64_t axis : perm) result.dims.push_back(layout.dims[static_cast<std::size_t>(axis)]);
  const auto index = transpose_index(layout.dims, perm);
  bool identity = true;
  result.map.reserve(index.size());
  for (std::size_t i = 0; i < index.size(); ++i) {
    const std::size_t element = layout.at(index[i]);
    identity = identity && element == i;
    result.map.push_back(static_cast<std::int32_t>(element));
  }
  if (identity) result.map.clear();
  return result;
}

ir::FileLayout file_layout(const Layout& layout) {
  ir::FileLayout result{.file_shape = layout.dims, .map = layout.map};
  if (result.file_shape.empty() || result.file_shape.front() != 1)
    result.file_shape.insert(result.file_shape.begin(), 1);
  return result;
}

std::string to_text(const ir::Shape& shape) {
  return "(" + std::to_string(shape.channels) + ", " + std::to_string(shape.height) + ", " +
         std::to_string(shape.width) + ")";
}

}  // namespace bitmason::import
