#include "data/mnist.hpp"

#include <string>

#include "data/diagnostics.hpp"
#include "data/idx.hpp"

namespace bitmason::data {
namespace {

Result<IdxArray> read_ranked(const std::filesystem::path& path, std::size_t rank, const char* what) {
  auto array = read_idx(path);
  if (array && array->shape.size() != rank)
    return make_diagnostic(diagnostics::kIdxRank, path.string(),
                           {std::to_string(array->shape.size()), what, std::to_string(rank)});
  return array;
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
  const Shape shape{1, static_cast<int>(pixels->shape[1]), static_cast<int>(pixels->shape[2])};
  return ImageSet{shape, std::move(pixels->values), {classes->values.begin(), classes->values.end()}};
}

Result<DataSplit> read_mnist_folder(const std::filesystem::path& folder, int holdout) {
  const auto all = read_images(folder / "train-images-idx3-ubyte.gz", folder / "train-labels-idx1-ubyte.gz");
  if (!all) return all.errors();
  auto test = read_images(folder / "t10k-images-idx3-ubyte.gz", folder / "t10k-labels-idx1-ubyte.gz");
  if (!test) return test.errors();
  const auto held = static_cast<std::size_t>(holdout);
  if (holdout < 0 || held >= all->count())
    return make_diagnostic(diagnostics::kHoldout, folder.string(),
                           {std::to_string(holdout), std::to_string(all->count())});
  const auto kept = all->count() - held;
  return DataSplit{all->slice(0, kept), all->slice(kept, held), std::move(*test)};
}

}  // namespace bitmason::data
