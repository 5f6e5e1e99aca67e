#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "base/result.hpp"
#include "data/frame.hpp"

/// Many image files decoded once.
namespace bitmason::data {

/// How files are read; changes no result.
struct ReadOptions {
  int threads = 1;
  std::filesystem::path cache;  ///< folder for decoded images; empty: none is kept
  /// Told about once a second and at the end while images are decoded, by the calling thread.
  std::function<void(std::size_t done, std::size_t total)> progress = [](std::size_t, std::size_t) {};
};

struct FileSize {
  int height = 0;  ///< pixels, before fit_image()
  int width = 0;
  bool operator==(const FileSize&) const = default;
};

/// The images of some files, in their order, one after another.
struct DecodedFiles {
  Shape shape;
  std::vector<std::uint8_t> pixels;
  std::vector<FileSize> sizes;  ///< of the files
};

/// Decodes and fits all files; with Fit::Exact the first image gives the size. The number of channels is that
/// of the first image.
///
/// With a cache, "<name>.npy" (pixels), "<name>-sizes.npy" and "<name>.sha256" (of both) are written there,
/// where the name is made of the files' paths, sizes and times of change and of the frame; such a cache is
/// read instead of the files if its contents have these hashes. Errors: of the first file in order that has
/// one: BM-FILE-001, BM-DATA-020..026; BM-FILE-002 (cache). Precondition: at least one file.
Result<DecodedFiles> read_image_files(const std::vector<std::filesystem::path>& files, const Frame& frame,
                                      const ReadOptions& options);

}  // namespace bitmason::data
