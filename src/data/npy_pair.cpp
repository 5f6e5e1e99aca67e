#include <algorithm>
#include <limits>

#include "base/npy.hpp"
#include "data/diagnostics.hpp"
#include "data/npy_bytes.hpp"
#include "data/source.hpp"

namespace bitmason::data {
namespace {

bool is_channels(std::int64_t extent) {
  return extent == 1 || extent == 3;
}

/// (N, H, W, C) to (N, C, H, W).
std::vector<std::uint8_t> channels_first(const std::vector<std::uint8_t>& from, const Shape& shape) {
  std::vector<std::uint8_t> to(from.size());
  const auto channels = static_cast<std::size_t>(shape.channels);
  const auto size = static_cast<std::size_t>(shape.elements());
  const auto plane = size / channels;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const auto inside = i % size;
    to[i - inside + inside % channels * plane + inside / channels] = from[i];
  }
  return to;
}

/// Errors: BM-DATA-041.
Result<ImageSet> images_of(ByteArray array, const std::string& where) {
  const auto& shape = array.shape;
  const bool sized =
      !shape.empty() && shape[0] > 0 &&
      std::all_of(shape.begin() + 1, shape.end(), [](auto side) { return side >= 1 && side <= kMaxSide; });
  const auto side = [&shape](std::size_t d) { return static_cast<int>(shape[d]); };
  if (sized && shape.size() == 3) return ImageSet{{1, side(1), side(2)}, std::move(array.values), {}, {}};
  if (sized && shape.size() == 4 && is_channels(shape[1]))
    return ImageSet{{side(1), side(2), side(3)}, std::move(array.values), {}, {}};
  if (sized && shape.size() == 4 && is_channels(shape[3])) {
    const Shape one{side(3), side(1), side(2)};
    return ImageSet{one, channels_first(array.values, one), {}, {}};
  }
  return make_diagnostic(diagnostics::kNpyShape, where, {shape_text(shape)});
}

}  // namespace

Result<ImageSet> read_npy_pair(const std::filesystem::path& images, const std::filesystem::path& labels) {
  auto pixels = read_npy_bytes(images);
  if (!pixels) return pixels.errors();
  const auto count = pixels->shape.empty() ? 0 : pixels->shape[0];
  auto set = images_of(std::move(*pixels), images.string());
  if (!set) return set.errors();
  const auto classes = read_npy(labels);
  if (!classes) return classes.errors();
  if (!classes->is_integer() ||
      static_cast<std::size_t>(classes->shape.empty() ? 0 : classes->shape[0]) != classes->size())
    return make_diagnostic(diagnostics::kNpyLabels, labels.string(),
                           {shape_text(classes->shape), std::string(name_of(classes->type))});
  if (classes->shape[0] != count)
    return make_diagnostic(diagnostics::kLabelCount, labels.string(),
                           {std::to_string(classes->shape[0]), std::to_string(count)});
  for (std::size_t i = 0; i < classes->size(); ++i) {
    const auto label = classes->integers[i];
    if (label < 0 || label >= kMaxClasses)
      return make_diagnostic(diagnostics::kLabelRange, labels.string(),
                             {std::to_string(label), std::to_string(i), std::to_string(kMaxClasses)});
    set->labels.push_back(static_cast<int>(label));
  }
  return set;
}

}  // namespace bitmason::data
