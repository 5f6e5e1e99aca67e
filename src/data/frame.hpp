#pragma once

#include "base/result.hpp"
#include "data/decode.hpp"

/// Images of any size brought to the size of a network's input.
namespace bitmason::data {

enum class Fit {
  Exact,   ///< all images have one size, else an error
  Resize,  ///< to the given size, the aspect ratio is not kept
  Crop     ///< the middle part of the given size; of an odd rest, the smaller half is above and left
};

/// What image files become.
struct Frame {
  Fit fit = Fit::Exact;
  int height = 0;  ///< pixels; 0 with Fit::Exact: that of the first image
  int width = 0;
  bool bgr = false;  ///< channels in the order blue, green, red
  bool operator==(const Frame&) const = default;
};

/// Pixels a side that a frame may have at most.
inline constexpr int kMaxSide = 1 << 15;

/// Errors: BM-DATA-062.
Status check_frame(const Frame& frame, const std::string& where);

/// Bilinear interpolation between the four nearest pixels, with half-pixel centres: pixel x of w lies at
/// (x + 1/2) W / w - 1/2 of W, beyond the edge the edge repeats. No low-pass filter, also when shrinking. In
/// integers: exact, and a half is rounded up. Preconditions: height and width of 1 to kMaxSide.
Image resize(const Image& image, int height, int width);

/// The image as `frame` asks. Errors: BM-DATA-024 (Exact, another size), 025 (Crop, too small).
Result<Image> fit_image(Image image, const Frame& frame, const std::string& where);

/// Where a box of an image of `height` x `width` lies after fit_image().
Box fit_box(const Box& box, int height, int width, const Frame& frame);

}  // namespace bitmason::data
