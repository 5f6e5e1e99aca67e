#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/decode.hpp"

/// Small files of images, written with the same libraries that read them elsewhere.
namespace bitmason::data::test {

/// Bytes of a JPEG file of quality 100 without subsampling: every code is within 2 of the image's.
std::string jpeg_bytes(const Image& image);
/// The same of 4 components (CMYK), of one grey value.
std::string cmyk_jpeg_bytes(int height, int width);
/// Bytes of a PNG file, exact; `alpha` adds a channel of that transparency.
std::string png_bytes(const Image& image, int alpha = -1);
/// PNG of 16 bits a channel, grey.
std::string png16_bytes(int height, int width);

/// Codes that differ from pixel to pixel by a few: (10 y + 5 x + 40 c + first) mod 256.
Image ramp(const Shape& shape, int first);

/// An emptied folder for the running test.
std::filesystem::path test_folder();

}  // namespace bitmason::data::test
