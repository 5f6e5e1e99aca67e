#include "data/image_writer.hpp"

#include <gtest/gtest.h>
#include <png.h>

#include <cstdio>
#include <cstdlib>

// After <cstdio>, which it needs and does not include.
#include <jpeglib.h>

namespace bitmason::data::test {
namespace {

std::vector<std::uint8_t> interleaved(const Image& image, int alpha) {
  std::vector<std::uint8_t> rows;
  const auto& shape = image.shape;
  for (int y = 0; y < shape.height; ++y) {
    for (int x = 0; x < shape.width; ++x) {
      for (int c = 0; c < shape.channels; ++c) rows.push_back(image.pixels[shape.index(c, y, x)]);
      if (alpha >= 0) rows.push_back(static_cast<std::uint8_t>(alpha));
    }
  }
  return rows;
}

std::string compress(std::vector<std::uint8_t> rows, int height, int width, int channels,
                     J_COLOR_SPACE space) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &buffer, &size);
  info.image_height = static_cast<JDIMENSION>(height);
  info.image_width = static_cast<JDIMENSION>(width);
  info.input_components = channels;
  info.in_color_space = space;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 100, TRUE);
  for (int c = 0; c < info.num_components; ++c)
    info.comp_info[c].h_samp_factor = info.comp_info[c].v_samp_factor = 1;
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    JSAMPROW line =
        rows.data() + std::size_t{info.next_scanline} * static_cast<std::size_t>(width * channels);
    jpeg_write_scanlines(&info, &line, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::string bytes(reinterpret_cast<char*>(buffer), size);
  std::free(buffer);  // NOLINT: libjpeg allocates it
  return bytes;
}

std::string write_png(const void* rows, int height, int width, png_uint_32 format) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.height = static_cast<png_uint_32>(height);
  png.width = static_cast<png_uint_32>(width);
  png.format = format;
  png_alloc_size_t size = 0;
  EXPECT_NE(png_image_write_to_memory(&png, nullptr, &size, 0, rows, 0, nullptr), 0) << png.message;
  std::string bytes(size, '\0');
  EXPECT_NE(png_image_write_to_memory(&png, bytes.data(), &size, 0, rows, 0, nullptr), 0) << png.message;
  bytes.resize(size);
  return bytes;
}

}  // namespace

std::string jpeg_bytes(const Image& image) {
  const auto& shape = image.shape;
  return compress(interleaved(image, -1), shape.height, shape.width, shape.channels,
                  shape.channels == 1 ? JCS_GRAYSCALE : JCS_RGB);
}

std::string cmyk_jpeg_bytes(int height, int width) {
  return compress(std::vector<std::uint8_t>(static_cast<std::size_t>(4 * height * width), 100), height, width,
                  4, JCS_CMYK);
}

std::string png_bytes(const Image& image, int alpha) {
  const auto rows = interleaved(image, alpha);
  const png_uint_32 format =
      (image.shape.channels == 3 ? PNG_FORMAT_FLAG_COLOR : 0U) | (alpha >= 0 ? PNG_FORMAT_FLAG_ALPHA : 0U);
  return write_png(rows.data(), image.shape.height, image.shape.width, format);
}

std::string png16_bytes(int height, int width) {
  const std::vector<std::uint16_t> rows(static_cast<std::size_t>(height * width), 1000);
  return write_png(rows.data(), height, width, PNG_FORMAT_LINEAR_Y);
}

Image ramp(const Shape& shape, int first) {
  Image image{shape, {}};
  for (int c = 0; c < shape.channels; ++c) {
    for (int y = 0; y < shape.height; ++y) {
      for (int x = 0; x < shape.width; ++x)
        image.pixels.push_back(static_cast<std::uint8_t>((10 * y + 5 * x + 40 * c + first) % 256));
    }
  }
  return image;
}

std::filesystem::path test_folder() {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  const auto folder =
      std::filesystem::path(BITMASON_BINARY_DIR) / "data_tests" / test->test_suite_name() / test->name();
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

}  // namespace bitmason::data::test
