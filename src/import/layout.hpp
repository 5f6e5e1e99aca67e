#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ir/host.hpp"
#include "ir/network.hpp"

namespace bitmason::import {

/// Shape of a value in the file and the place of each of its elements in the (C, H, W) frame.
struct Layout {
  std::vector<std::int64_t> dims;  ///< file shape, batch dimension included as 1
  std::vector<std::int32_t> map;   ///< file element -> frame element; empty means identity

  [[nodiscard]] std::size_t elements() const;
  [[nodiscard]] std::size_t at(std::size_t element) const {
    return map.empty() ? element : static_cast<std::size_t>(map[element]);
  }
  bool operator==(const Layout&) const = default;
};

/// [1, C, H, W], or [1, C, W] and [1, C] where the rank is 3 and 2.
Layout canonical_layout(const ir::Shape& frame, std::size_t rank);
/// True where file elements are the frame's, in order, as [1, C, H, W], [1, C, W] (H = 1) or [1, C].
bool is_canonical(const Layout& layout, const ir::Shape& frame);

Layout transposed(const Layout& layout, const std::vector<std::int64_t>& perm);

/// For every channel of the frame the element of a constant of `shape` that broadcasts onto it, or nothing
/// where two elements of one channel meet different ones (`same` decides) or the shape does not broadcast.
template <class Same>
std::optional<std::vector<std::size_t>> channel_elements(const Layout& layout, const ir::Shape& frame,
                                                         const std::vector<std::int64_t>& shape, Same same);

ir::FileLayout file_layout(const Layout& layout);

std::string to_text(const ir::Shape& shape);

}  // namespace bitmason::import

#include "import/constant.hpp"

namespace bitmason::import {

/// The common case of channel_elements: a value per channel against a canonical layout.
std::optional<std::vector<std::size_t>> channel_axis_elements(const Layout& layout, const ir::Shape& frame,
                                                              const std::vector<std::int64_t>& shape);

template <class Same>
std::optional<std::vector<std::size_t>> channel_elements(const Layout& layout, const ir::Shape& frame,
                                                         const std::vector<std::int64_t>& shape, Same same) {
  if (broadcast_shape(layout.dims, shape) != layout.dims || shape.size() > layout.dims.size())
    return std::nullopt;
  if (auto direct = channel_axis_elements(layout, frame, shape)) return direct;
  if (layout.elements() > static_cast<std::size_t>(kMaxFoldedElements)) return std::nullopt;
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  const auto pixels = static_cast<std::size_t>(frame.height) * static_cast<std::size_t>(frame.width);
  const auto index = broadcast_index(shape, layout.dims);
  std::vector<std::size_t> result(static_cast<std::size_t>(frame.channels), kNone);
  for (std::size_t i = 0; i < index.size(); ++i) {
    std::size_t& chosen = result[layout.at(i) / pixels];
    if (chosen == kNone) chosen = index[i];
    if (chosen != index[i] && !same(chosen, index[i])) return std::nullopt;
  }
  return result;
}

}  // namespace bitmason::import
