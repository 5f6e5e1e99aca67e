#pragma once

#include "base/result.hpp"
#include "data/split.hpp"

namespace bitmason::data {

/// A data set, and what is made of it.
struct SetSpec {
  /// A folder in the layout of MNIST, of CIFAR's binary version, of train_images.npy, train_labels.npy and
  /// test_*.npy, or of class folders; with `labels`, the images that these belong to.
  std::filesystem::path path;
  /// A `.npy` or IDX file of labels where `path` is such a file of images; a CSV file of boxes where it is
  /// the folder of the images.
  std::filesystem::path labels{};
  int classes = 0;  ///< 0: as many as there are names, else the largest label and one
  Frame frame{};
  SplitSpec split{};
  ReadOptions read{};
};

/// The data set at a path, of the kind that the path shows. Errors: BM-FILE-001, BM-DATA-011, 013, 014,
/// 060..062, those of the readers in source.hpp and mnist.hpp and of split().
Result<DataSplit> open(const SetSpec& spec);

}  // namespace bitmason::data
