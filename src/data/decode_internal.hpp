#pragma once

#include <span>

#include "data/decode.hpp"

namespace bitmason::data {

Result<Image> decode_jpeg(std::string_view bytes, const std::string& where);
Result<Image> decode_png(std::string_view bytes, const std::string& where);

/// Errors: BM-DATA-023.
Status check_pixels(std::int64_t height, std::int64_t width, const std::string& where);

/// (H, W, C) with `stride` bytes a pixel to (C, H, W).
Image planar(std::span<const std::uint8_t> interleaved, const Shape& shape, int stride);

}  // namespace bitmason::data
