#include <png.h>

#include "data/decode_internal.hpp"
#include "data/diagnostics.hpp"

namespace bitmason::data {
namespace {

/// libpng's simplified reader, which returns errors where the other one jumps.
struct Reader {
  png_image image{};
  Reader() { image.version = PNG_IMAGE_VERSION; }
  ~Reader() { png_image_free(&image); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
};

}  // namespace

Result<Image> decode_png(std::string_view bytes, const std::string& where) {
  Reader reader;
  auto& png = reader.image;
  if (png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()) == 0)
    return make_diagnostic(diagnostics::kImageCorrupt, where, {png.message});
  if ((png.format & PNG_FORMAT_FLAG_LINEAR) != 0)
    return make_diagnostic(diagnostics::kImageColour, where, {"16 bits a channel"});
  if (auto fits = check_pixels(png.height, png.width, where); !fits) return fits.errors();
  const bool colour = (png.format & PNG_FORMAT_FLAG_COLOR) != 0;
  // Read with the transparency, which is dropped by hand: libpng would blend it with a background.
  png.format = colour ? PNG_FORMAT_RGBA : PNG_FORMAT_GA;
  std::vector<std::uint8_t> rows(PNG_IMAGE_SIZE(png));
  if (png_image_finish_read(&png, nullptr, rows.data(), 0, nullptr) == 0)
    return make_diagnostic(diagnostics::kImageCorrupt, where, {png.message});
  const Shape shape{colour ? 3 : 1, static_cast<int>(png.height), static_cast<int>(png.width)};
  return planar(rows, shape, shape.channels + 1);
}

}  // namespace bitmason::data
