#include "data/mnist.hpp"

#include <algorithm>
#include <string>

#include "data/diagnostics.hpp"
#include "data/idx.hpp"
#include "data/split.hpp"

namespace bitmason::data {
namespace {

Result<ByteArray> read_ranked(const std::filesystem::path& path, std::size_t rank, const char* what) {
  auto array = read_idx(path);
  if (array && array->shape.size() != rank)
    return make_diagnostic(diagnostics::kIdxRank, path.string(),
                           {std::to_string(array->shape.size()), what, std::to_string(rank)});
  return array;
}

/// The file of this name, or with ".gz" where there is no other.
std::filesystem::path file_of(const std::filesystem::path& folder, const std::string& name) {
  return std::filesystem::exists(folder / name) ? folder / name : folder / (name + ".gz");
}

}  // namespace

Result<ImageSet> read_images(const std::filesystem::path& images, const std::filesystem::path& labels) {
  auto pixels = read_ranked(images, 3, "an image file");
  if (!pixels) return pixels.errors();
  auto classes = read_ranked(labels, 1, "a label file");
  if (!classes) return classes.errors();
  if (classes->shape[0] != pixels->shape[0])
    return make_diagnostic(diagnostics::kLabelCount, labels.string(),
                           {std::to_string(classes->shape[0]), std::to_string(pixels->shape[0])});
  const bool empty = pixels->shape[0] == 0 || pixels->values.empty();
  if (empty || std::max(pixels->shape[1], pixels->shape[2]) > std::int64_t{kMaxSide})
    return make_diagnostic(diagnostics::kIdxImages, images.string(),
                           {std::to_string(pixels->shape[0]), std::to_string(pixels->shape[1]),
                            std::to_string(pixels->shape[2]), std::to_string(kMaxSide)});
  const Shape shape{1, static_cast<int>(pixels->shape[1]), static_cast<int>(pixels->shape[2])};
  return ImageSet{shape, std::move(pixels->values), {classes->values.begin(), classes->values.end()}, {}};
}

Result<SourceSets> read_mnist_sets(const std::filesystem::path& folder) {
  auto train =
      read_images(file_of(folder, "train-images-idx3-ubyte"), file_of(folder, "train-labels-idx1-ubyte"));
  if (!train) return train.errors();
  auto test =
      read_images(file_of(folder, "t10k-images-idx3-ubyte"), file_of(folder, "t10k-labels-idx1-ubyte"));
  if (!test) return test.errors();
  return SourceSets{std::move(*train), std::move(*test), false};
}

Result<DataSplit> read_mnist_folder(const std::filesystem::path& folder, int holdout) {
  auto sets = read_mnist_sets(folder);
  if (!sets) return sets.errors();
  return split(std::move(*sets), {.holdout = holdout}, folder.string());
}

}  // namespace bitmason::data
