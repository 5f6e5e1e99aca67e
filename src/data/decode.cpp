#include "data/decode.hpp"

#include <fmt/format.h>

#include "data/decode_internal.hpp"
#include "data/diagnostics.hpp"

namespace bitmason::data {

Status check_pixels(std::int64_t height, std::int64_t width, const std::string& where) {
  if (height * width <= kMaxImagePixels) return success();
  return make_diagnostic(diagnostics::kImageHuge, where,
                         {std::to_string(height), std::to_string(width), std::to_string(kMaxImagePixels)});
}

Image planar(std::span<const std::uint8_t> interleaved, const Shape& shape, int stride) {
  Image image{shape, std::vector<std::uint8_t>(static_cast<std::size_t>(shape.elements()))};
  const auto plane = image.pixels.size() / static_cast<std::size_t>(shape.channels);
  const auto step = static_cast<std::size_t>(stride);
  for (std::size_t c = 0; c < static_cast<std::size_t>(shape.channels); ++c) {
    for (std::size_t i = 0; i < plane; ++i) image.pixels[c * plane + i] = interleaved[i * step + c];
  }
  return image;
}

Result<Image> decode_image(std::string_view bytes, const std::string& where) {
  if (bytes.starts_with("\xff\xd8\xff")) return decode_jpeg(bytes, where);
  if (bytes.starts_with("\x89PNG")) return decode_png(bytes, where);
  const std::string_view head = bytes.substr(0, 4);
  return make_diagnostic(
      diagnostics::kImageKind, where,
      {head.empty()
           ? "that are none (it is empty)"
           : fmt::format("{:02x}", fmt::join(std::vector<std::uint8_t>(head.begin(), head.end()), " "))});
}

}  // namespace bitmason::data
