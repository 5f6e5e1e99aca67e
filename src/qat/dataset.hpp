#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "ir/network.hpp"

namespace bitmason::qat {

/// Labelled frames of unsigned 8-bit codes, each (C, H, W).
struct ImageSet {
  ir::Shape shape;
  std::vector<std::uint8_t> pixels;  ///< count * shape.elements()
  std::vector<std::uint8_t> labels;  ///< count

  [[nodiscard]] std::size_t count() const { return labels.size(); }
  [[nodiscard]] std::span<const std::uint8_t> image(std::size_t index) const {
    const auto size = static_cast<std::size_t>(shape.elements());
    return std::span(pixels).subspan(index * size, size);
  }
  /// Images first .. first + length - 1.
  [[nodiscard]] ImageSet slice(std::size_t first, std::size_t length) const;
};

/// What training sees, what choices are made on, and what is looked at once, at the end.
struct DataSplit {
  ImageSet train;
  ImageSet holdout;
  ImageSet test;
};

/// Grey images and labels from two IDX files. Errors: those of read_idx, BM-QAT-006, 007.
Result<ImageSet> read_images(const std::filesystem::path& images, const std::filesystem::path& labels);

/// The four files under their usual names ("train-images-idx3-ubyte.gz", ...) in one folder; the last
/// `holdout` training images are held out, whatever the seed, so that all choices are made on the same ones.
/// Errors: those of read_images, BM-QAT-009.
Result<DataSplit> read_mnist_folder(const std::filesystem::path& folder, int holdout);

}  // namespace bitmason::qat
