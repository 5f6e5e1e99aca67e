#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "data/source.hpp"

namespace bitmason::data {

/// Grey images and labels from two IDX files. Errors: those of read_idx, BM-DATA-006, 007, 009.
Result<ImageSet> read_images(const std::filesystem::path& images, const std::filesystem::path& labels);

/// The four files under their usual names ("train-images-idx3-ubyte", ..., or these with ".gz") in one
/// folder. Errors: those of read_images.
Result<SourceSets> read_mnist_sets(const std::filesystem::path& folder);

/// The four files under their usual names in one folder; the last
/// `holdout` training images are held out, whatever the seed, so that all choices are made on the same ones.
/// Errors: those of read_images, BM-DATA-008.
Result<DataSplit> read_mnist_folder(const std::filesystem::path& folder, int holdout);

}  // namespace bitmason::data
