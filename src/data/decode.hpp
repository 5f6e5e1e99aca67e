#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "data/image_set.hpp"

/// Image files as pixels.
namespace bitmason::data {

/// (C, H, W) codes: 1 channel of grey or 3 in the order red, green, blue.
struct Image {
  Shape shape;
  std::vector<std::uint8_t> pixels;
};

/// Image of the bytes of a JPEG or PNG file, told apart by their first bytes.
///
/// JPEG: libjpeg's default accurate inverse transform; what it warns about (data that end early, marker
/// bytes astray) is an error here. PNG: 8 bits or fewer; transparency is dropped, a palette becomes colours.
/// Errors: BM-DATA-020..023.
Result<Image> decode_image(std::string_view bytes, const std::string& where);

/// Pixels that an image may have at most.
inline constexpr std::int64_t kMaxImagePixels = std::int64_t{1} << 26;

}  // namespace bitmason::data
