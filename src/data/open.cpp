#include "data/open.hpp"

#include <algorithm>
#include <system_error>

#include "base/diagnostics.hpp"
#include "data/diagnostics.hpp"
#include "data/mnist.hpp"

namespace bitmason::data {
namespace {

namespace fs = std::filesystem;

Result<SourceSets> alone(Result<ImageSet> images) {
  if (!images) return images.errors();
  return SourceSets{std::move(*images), {}, true};
}

Result<SourceSets> read_npy_folder(const fs::path& folder) {
  auto train = read_npy_pair(folder / "train_images.npy", folder / "train_labels.npy");
  if (!train || !fs::exists(folder / "test_images.npy")) return alone(std::move(train));
  auto test = read_npy_pair(folder / "test_images.npy", folder / "test_labels.npy");
  if (!test) return test.errors();
  return SourceSets{std::move(*train), std::move(*test), true};
}

/// Brings images that were not files to the frame. Errors: BM-DATA-024, 025.
Status fit_set(ImageSet& set, const Frame& frame, const std::string& where) {
  if (frame == Frame{}) return success();
  ImageSet fitted{set.shape, {}, std::move(set.labels), {}, std::move(set.classes)};
  for (std::size_t i = 0; i < fitted.count(); ++i) {
    const auto pixels = set.image(i);
    const auto image = fit_image({set.shape, {pixels.begin(), pixels.end()}}, frame, where);
    if (!image) return image.errors();
    fitted.shape = image->shape;
    fitted.pixels.insert(fitted.pixels.end(), image->pixels.begin(), image->pixels.end());
  }
  set = std::move(fitted);
  return success();
}

Result<SourceSets> fitted(Result<SourceSets> sets, const SetSpec& spec) {
  if (!sets) return sets.errors();
  for (auto* set : {&sets->train, &sets->test}) {
    if (auto done = fit_set(*set, spec.frame, spec.path.string()); !done) return done.errors();
  }
  return sets;
}

Result<SourceSets> read_labelled(const SetSpec& spec) {
  if (spec.labels.extension() == ".csv")
    return alone(read_box_list(spec.labels, spec.path, spec.frame, spec.read));
  if (spec.labels.extension() == ".npy") return fitted(alone(read_npy_pair(spec.path, spec.labels)), spec);
  auto sets = alone(read_images(spec.path, spec.labels));
  if (sets) sets->ordered_by_class = false;
  return fitted(std::move(sets), spec);
}

bool has_mnist(const fs::path& folder) {
  return fs::exists(folder / "train-images-idx3-ubyte") || fs::exists(folder / "train-images-idx3-ubyte.gz");
}

Result<SourceSets> read_folder(const SetSpec& spec) {
  const auto& folder = spec.path;
  if (has_mnist(folder)) return fitted(read_mnist_sets(folder), spec);
  if (fs::exists(folder / "data_batch_1.bin") || fs::exists(folder / "train.bin"))
    return fitted(read_cifar_folder(folder), spec);
  if (fs::exists(folder / "train_images.npy")) return fitted(read_npy_folder(folder), spec);
  return read_image_folder(folder, spec.frame, spec.read);
}

bool is_archive(const std::string& name) {
  return std::ranges::any_of(
      std::initializer_list<std::string_view>{".tar", ".tar.gz", ".tgz", ".tar.xz", ".zip"},
      [&name](std::string_view end) { return name.ends_with(end); });
}

Result<SourceSets> read_source(const SetSpec& spec) {
  const std::string where = spec.path.string();
  std::error_code error;
  if (!fs::exists(spec.path, error))
    return make_diagnostic(bitmason::diagnostics::kFileUnreadable, where,
                           {std::generic_category().message(error ? error.value() : ENOENT)});
  if (is_archive(where)) return make_diagnostic(diagnostics::kSetArchive, where);
  if (!spec.labels.empty()) return read_labelled(spec);
  if (fs::is_directory(spec.path)) return read_folder(spec);
  return make_diagnostic(diagnostics::kSetLabels, where);
}

/// Names for classes that have none, and a check of the labels. Errors: BM-DATA-011, 013.
Status name_classes(SourceSets& sets, const SetSpec& spec) {
  const std::string where = (spec.labels.empty() ? spec.path : spec.labels).string();
  auto& names = sets.train.classes;
  if (!names.empty() && spec.classes != 0 && names.size() != static_cast<std::size_t>(spec.classes))
    return make_diagnostic(diagnostics::kClassNames, where,
                           {std::to_string(names.size()), std::to_string(spec.classes)});
  int count = names.empty() ? spec.classes : static_cast<int>(names.size());
  for (const auto* set : {&sets.train, &sets.test}) {
    for (std::size_t i = 0; i < set->labels.size(); ++i) {
      const int label = set->labels[i];
      if (names.empty() && spec.classes == 0) count = std::max(count, label + 1);
      if (label >= count)
        return make_diagnostic(diagnostics::kLabelRange, where,
                               {std::to_string(label), std::to_string(i), std::to_string(count)});
    }
  }
  for (auto i = static_cast<int>(names.size()); i < count; ++i) names.push_back(std::to_string(i));
  sets.test.classes = names;
  return success();
}

}  // namespace

Result<DataSplit> open(const SetSpec& spec) {
  const std::string where = spec.path.string();
  if (auto possible = check_frame(spec.frame, where); !possible) return possible.errors();
  auto sets = read_source(spec);
  if (!sets) return sets.errors();
  if (sets->test.count() != 0 && sets->test.shape != sets->train.shape)
    return make_diagnostic(diagnostics::kTestShape, where,
                           {text_of(sets->test.shape), text_of(sets->train.shape)});
  if (!sets->train.labels.empty()) {
    if (auto named = name_classes(*sets, spec); !named) return named.errors();
  }
  return split(std::move(*sets), spec.split, where);
}

}  // namespace bitmason::data
