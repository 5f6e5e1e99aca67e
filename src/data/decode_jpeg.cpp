#include <array>
#include <csetjmp>
#include <cstdio>

// After <cstdio>, which it needs and does not include.
#include <jpeglib.h>

#include "data/decode_internal.hpp"
#include "data/diagnostics.hpp"

namespace bitmason::data {
namespace {

/// libjpeg's error manager; its default one ends the process.
struct ErrorManager {
  jpeg_error_mgr base;  ///< first, so that libjpeg's pointer to it points to the whole
  std::jmp_buf back;
  std::array<char, JMSG_LENGTH_MAX> text;
};

[[noreturn]] void leave(j_common_ptr info) {
  auto* errors = reinterpret_cast<ErrorManager*>(info->err);
  info->err->format_message(info, errors->text.data());
  std::longjmp(errors->back, 1);
}

/// Levels below 0 are warnings of damaged data; the others are traces.
void warn(j_common_ptr info, int level) {
  if (level < 0) leave(info);
}

/// A decompressor whose error manager is its own. Each step returns false after an error and holds no object
/// with a destructor, since longjmp would skip it.
class Decompressor {
 public:
  Decompressor() {
    info_.err = jpeg_std_error(&errors_.base);
    errors_.base.error_exit = leave;
    errors_.base.emit_message = warn;
  }
  ~Decompressor() { jpeg_destroy_decompress(&info_); }
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  bool read_header(std::string_view bytes) {
    if (setjmp(errors_.back) != 0) return false;
    jpeg_create_decompress(&info_);
    jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_read_header(&info_, TRUE);
    return true;
  }

  /// Rows of interleaved pixels. Precondition: room for all of them.
  bool read_rows(std::uint8_t* out) {
    if (setjmp(errors_.back) != 0) return false;
    info_.out_color_space = channels() == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(&info_);
    const std::size_t row =
        std::size_t{info_.output_width} * static_cast<std::size_t>(info_.output_components);
    while (info_.output_scanline < info_.output_height) {
      JSAMPROW line = out + info_.output_scanline * row;
      jpeg_read_scanlines(&info_, &line, 1);
    }
    jpeg_finish_decompress(&info_);
    return true;
  }

  /// 1 or 3; 0 for what is neither grey nor RGB, such as CMYK.
  [[nodiscard]] int channels() const {
    if (info_.jpeg_color_space == JCS_GRAYSCALE) return 1;
    return info_.jpeg_color_space == JCS_YCbCr || info_.jpeg_color_space == JCS_RGB ? 3 : 0;
  }
  [[nodiscard]] int components() const { return info_.num_components; }
  [[nodiscard]] std::int64_t height() const { return info_.image_height; }
  [[nodiscard]] std::int64_t width() const { return info_.image_width; }
  [[nodiscard]] std::string error() const { return errors_.text.data(); }

 private:
  jpeg_decompress_struct info_{};
  ErrorManager errors_{};
};

}  // namespace

Result<Image> decode_jpeg(std::string_view bytes, const std::string& where) {
  Decompressor jpeg;
  if (!jpeg.read_header(bytes)) return make_diagnostic(diagnostics::kImageCorrupt, where, {jpeg.error()});
  if (jpeg.channels() == 0)
    return make_diagnostic(diagnostics::kImageColour, where,
                           {std::to_string(jpeg.components()) + " components that are not RGB"});
  if (auto fits = check_pixels(jpeg.height(), jpeg.width(), where); !fits) return fits.errors();
  const Shape shape{jpeg.channels(), static_cast<int>(jpeg.height()), static_cast<int>(jpeg.width())};
  std::vector<std::uint8_t> rows(static_cast<std::size_t>(shape.elements()));
  if (!jpeg.read_rows(rows.data())) return make_diagnostic(diagnostics::kImageCorrupt, where, {jpeg.error()});
  return planar(rows, shape, shape.channels);
}

}  // namespace bitmason::data
