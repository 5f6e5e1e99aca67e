#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "data/image_files.hpp"
#include "data/image_set.hpp"

/// One reader per kind of data set.
namespace bitmason::data {

/// The images of a data set as its files divide them.
struct SourceSets {
  ImageSet train;
  ImageSet test;                 ///< no images where the data set has none of its own
  bool ordered_by_class = true;  ///< false: the files' order is random already
};

/// Classes that labels may name at most.
inline constexpr std::int64_t kMaxClasses = 1 << 16;

/// The binary version of CIFAR-10 (data_batch_1.bin to data_batch_5.bin, test_batch.bin) or CIFAR-100
/// (train.bin, test.bin, fine labels), with the names from batches.meta.txt or fine_label_names.txt where
/// these exist. Errors: BM-FILE-001, BM-DATA-010, 011, 013.
Result<SourceSets> read_cifar_folder(const std::filesystem::path& folder);

/// A folder per class with JPEG and PNG files (.jpg, .jpeg, .png in any case; others are passed over), or a
/// folder "train" and one "test" (or "val") of such folders. Classes and files are in the order of their
/// names' bytes. Errors: BM-DATA-030, 031, those of read_image_files.
Result<SourceSets> read_image_folder(const std::filesystem::path& folder, const Frame& frame,
                                     const ReadOptions& options);

/// Images (N, C, H, W), (N, H, W, C) or (N, H, W) of uint8, and N integer labels. 1 or 3 in the second place
/// are channels, else 1 or 3 in the last one. Errors: those of read_npy_bytes and read_npy, BM-DATA-007, 011,
/// 041, 042.
Result<ImageSet> read_npy_pair(const std::filesystem::path& images, const std::filesystem::path& labels);

/// Images with one box each. The first line of the CSV file names its columns: "image" (a file of `folder`,
/// with or without its extension) and "xmin", "xmax", "ymin", "ymax", each perhaps behind "gt_", in pixels
/// of the file; other columns are passed over. Errors: BM-FILE-001, BM-DATA-050..055, those of
/// read_image_files.
Result<ImageSet> read_box_list(const std::filesystem::path& csv, const std::filesystem::path& folder,
                               const Frame& frame, const ReadOptions& options);

}  // namespace bitmason::data
