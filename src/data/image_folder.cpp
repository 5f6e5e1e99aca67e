#include <algorithm>

#include "data/diagnostics.hpp"
#include "data/files.hpp"
#include "data/source.hpp"

namespace bitmason::data {
namespace {

namespace fs = std::filesystem;

/// The image files of one set and the class of each.
struct Listing {
  std::vector<std::string> classes;
  std::vector<fs::path> files;
  std::vector<int> labels;
};

/// Errors: BM-FILE-001, BM-DATA-030.
Result<Listing> list_classes(const fs::path& folder) {
  const auto names = names_in(folder);
  if (!names) return names.errors();
  Listing listing;
  for (const auto& name : *names) {
    if (!fs::is_directory(folder / name)) continue;
    const auto inside = names_in(folder / name);
    if (!inside) return inside.errors();
    const auto before = listing.files.size();
    for (const auto& file : *inside) {
      if (is_image_name(file)) listing.files.push_back(folder / name / file);
    }
    if (listing.files.size() == before)
      return make_diagnostic(diagnostics::kClassEmpty, (folder / name).string(),
                             {std::to_string(inside->size())});
    listing.labels.resize(listing.files.size(), static_cast<int>(listing.classes.size()));
    listing.classes.push_back(name);
  }
  if (listing.classes.empty())
    return make_diagnostic(diagnostics::kClassEmpty, folder.string(), {std::to_string(names->size())});
  return listing;
}

Result<ImageSet> read_listing(Listing listing, const Frame& frame, const ReadOptions& options) {
  auto decoded = read_image_files(listing.files, frame, options);
  if (!decoded) return decoded.errors();
  return ImageSet{
      decoded->shape, std::move(decoded->pixels), std::move(listing.labels), {}, std::move(listing.classes)};
}

/// The folder of test images beside "train"; empty: none.
fs::path test_folder(const fs::path& folder) {
  for (const char* name : {"test", "val"}) {
    if (fs::is_directory(folder / name)) return folder / name;
  }
  return {};
}

}  // namespace

Result<SourceSets> read_image_folder(const fs::path& folder, const Frame& frame, const ReadOptions& options) {
  const bool divided = fs::is_directory(folder / "train");
  const fs::path test = divided ? test_folder(folder) : fs::path();
  auto train_list = list_classes(divided ? folder / "train" : folder);
  if (!train_list) return train_list.errors();
  const auto classes = train_list->classes;
  auto train = read_listing(std::move(*train_list), frame, options);
  if (!train) return train.errors();
  SourceSets sets{std::move(*train), {}, true};
  if (test.empty()) return sets;
  auto test_list = list_classes(test);
  if (!test_list) return test_list.errors();
  if (const auto [here, there] = std::ranges::mismatch(test_list->classes, classes);
      here != test_list->classes.end() || there != classes.end())
    return make_diagnostic(diagnostics::kClassesDiffer, test.string(),
                           {std::to_string(test_list->classes.size()), std::to_string(classes.size()),
                            here != test_list->classes.end() ? *here : *there});
  Frame same = frame;
  if (frame.fit == Fit::Exact) {
    same.height = sets.train.shape.height;
    same.width = sets.train.shape.width;
  }
  auto images = read_listing(std::move(*test_list), same, options);
  if (!images) return images.errors();
  sets.test = std::move(*images);
  return sets;
}

}  // namespace bitmason::data
