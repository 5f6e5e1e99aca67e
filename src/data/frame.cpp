#include "data/frame.hpp"

#include <algorithm>

#include "data/diagnostics.hpp"

namespace bitmason::data {
namespace {

/// Two neighbours in one direction and the share of the second, in units of 1 / (2 * size).
struct Tap {
  int first = 0;
  int second = 0;
  std::int64_t share = 0;
};

std::vector<Tap> taps_of(int from, int to) {
  std::vector<Tap> taps;
  const std::int64_t whole = std::int64_t{2} * to;
  for (int i = 0; i < to; ++i) {
    const std::int64_t at = (std::int64_t{2} * i + 1) * from - to + whole;
    const int cell = static_cast<int>(at / whole) - 1;
    taps.push_back({std::clamp(cell, 0, from - 1), std::clamp(cell + 1, 0, from - 1), at % whole});
  }
  return taps;
}

/// Pixels in front of the middle part of `size`.
int margin(int from, int size) {
  return (from - size) / 2;
}

Image crop(const Image& image, int height, int width) {
  Image part{{image.shape.channels, height, width}, {}};
  const int top = margin(image.shape.height, height);
  const int left = margin(image.shape.width, width);
  for (int c = 0; c < image.shape.channels; ++c) {
    for (int y = 0; y < height; ++y) {
      const auto row =
          image.pixels.begin() + static_cast<std::ptrdiff_t>(image.shape.index(c, y + top, left));
      part.pixels.insert(part.pixels.end(), row, row + width);
    }
  }
  return part;
}

std::string size_text(const Shape& shape) {
  return std::to_string(shape.height) + " x " + std::to_string(shape.width);
}

}  // namespace

Status check_frame(const Frame& frame, const std::string& where) {
  const auto possible = [](int side) { return side >= 1 && side <= kMaxSide; };
  const bool unset = frame.fit == Fit::Exact && frame.height == 0 && frame.width == 0;
  if (unset || (possible(frame.height) && possible(frame.width))) return success();
  return make_diagnostic(
      diagnostics::kFrameSize, where,
      {std::to_string(frame.height), std::to_string(frame.width), std::to_string(kMaxSide)});
}

Image resize(const Image& image, int height, int width) {
  Image out{{image.shape.channels, height, width}, {}};
  out.pixels.reserve(static_cast<std::size_t>(out.shape.elements()));
  const auto rows = taps_of(image.shape.height, height);
  const auto columns = taps_of(image.shape.width, width);
  const std::int64_t y_whole = std::int64_t{2} * height;
  const std::int64_t x_whole = std::int64_t{2} * width;
  const std::int64_t whole = y_whole * x_whole;
  for (int c = 0; c < image.shape.channels; ++c) {
    for (const Tap& y : rows) {
      const auto* upper = &image.pixels[image.shape.index(c, y.first, 0)];
      const auto* lower = &image.pixels[image.shape.index(c, y.second, 0)];
      for (const Tap& x : columns) {
        const auto row = [&x, x_whole](const std::uint8_t* line) {
          return line[x.first] * (x_whole - x.share) + line[x.second] * x.share;
        };
        const std::int64_t sum = row(upper) * (y_whole - y.share) + row(lower) * y.share;
        out.pixels.push_back(static_cast<std::uint8_t>((2 * sum + whole) / (2 * whole)));
      }
    }
  }
  return out;
}

Result<Image> fit_image(Image image, const Frame& frame, const std::string& where) {
  const Shape shape = image.shape;
  const Shape asked{shape.channels, frame.height, frame.width};
  if (frame.bgr && shape.channels == 3) {
    const auto plane = static_cast<std::ptrdiff_t>(image.pixels.size() / 3);
    std::swap_ranges(image.pixels.begin(), image.pixels.begin() + plane, image.pixels.begin() + 2 * plane);
  }
  if (frame.fit == Fit::Resize) return resize(image, frame.height, frame.width);
  if (frame.fit == Fit::Crop) {
    if (shape.height < frame.height || shape.width < frame.width)
      return make_diagnostic(diagnostics::kImageSmall, where, {size_text(shape), size_text(asked)});
    return crop(image, frame.height, frame.width);
  }
  if (frame.height != 0 && shape != asked)
    return make_diagnostic(diagnostics::kImageSize, where, {size_text(shape), size_text(asked)});
  return image;
}

Box fit_box(const Box& box, int height, int width, const Frame& frame) {
  if (frame.fit == Fit::Exact) return box;
  if (frame.fit == Fit::Resize) {
    const double x = static_cast<double>(frame.width) / width;
    const double y = static_cast<double>(frame.height) / height;
    return {box.x_min * x, box.x_max * x, box.y_min * y, box.y_max * y};
  }
  const int top = margin(height, frame.height);
  const int left = margin(width, frame.width);
  const auto across = [&](double x) { return std::clamp<double>(x - left, 0, frame.width); };
  const auto down = [&](double y) { return std::clamp<double>(y - top, 0, frame.height); };
  return {across(box.x_min), across(box.x_max), down(box.y_min), down(box.y_max)};
}

}  // namespace bitmason::data
