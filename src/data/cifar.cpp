#include <fmt/format.h>

#include <sstream>

#include "base/file.hpp"
#include "data/diagnostics.hpp"
#include "data/source.hpp"

namespace bitmason::data {
namespace {

namespace fs = std::filesystem;

/// A record is some label bytes, the last of which counts, and the image.
struct Layout {
  std::size_t label_bytes = 1;
  int classes = 10;
  std::vector<std::string> train;
  std::string test;
  std::string names;
};

constexpr Shape kShape{3, 32, 32};

Layout layout_of(const fs::path& folder) {
  if (fs::exists(folder / "train.bin")) return {2, 100, {"train.bin"}, "test.bin", "fine_label_names.txt"};
  Layout layout{1, 10, {}, "test_batch.bin", "batches.meta.txt"};
  for (int i = 1; i <= 5; ++i) layout.train.push_back(fmt::format("data_batch_{}.bin", i));
  return layout;
}

Status append_batch(const fs::path& path, const Layout& layout, ImageSet& set) {
  const auto bytes = read_file(path);
  if (!bytes) return bytes.errors();
  const auto pixels = static_cast<std::size_t>(kShape.elements());
  const auto record = layout.label_bytes + pixels;
  if (bytes->empty() || bytes->size() % record != 0)
    return make_diagnostic(diagnostics::kCifarSize, path.string(),
                           {std::to_string(bytes->size()), std::to_string(record)});
  for (std::size_t at = 0; at < bytes->size(); at += record) {
    const int label = static_cast<unsigned char>((*bytes)[at + layout.label_bytes - 1]);
    if (label >= layout.classes)
      return make_diagnostic(
          diagnostics::kLabelRange, path.string(),
          {std::to_string(label), std::to_string(at / record), std::to_string(layout.classes)});
    set.labels.push_back(label);
    const auto first = bytes->begin() + static_cast<std::ptrdiff_t>(at + layout.label_bytes);
    set.pixels.insert(set.pixels.end(), first, first + static_cast<std::ptrdiff_t>(pixels));
  }
  return success();
}

/// Names of the file; the numbers where there is no file.
Result<std::vector<std::string>> names_of(const fs::path& path, int classes) {
  std::vector<std::string> names;
  if (!fs::exists(path)) {
    for (int i = 0; i < classes; ++i) names.push_back(std::to_string(i));
    return names;
  }
  const auto text = read_file(path);
  if (!text) return text.errors();
  std::istringstream words(*text);
  for (std::string word; words >> word;) names.push_back(word);
  if (names.size() == static_cast<std::size_t>(classes)) return names;
  return make_diagnostic(diagnostics::kClassNames, path.string(),
                         {std::to_string(names.size()), std::to_string(classes)});
}

}  // namespace

Result<SourceSets> read_cifar_folder(const fs::path& folder) {
  const Layout layout = layout_of(folder);
  auto names = names_of(folder / layout.names, layout.classes);
  if (!names) return names.errors();
  SourceSets sets{{kShape, {}, {}, {}, *names}, {kShape, {}, {}, {}, *names}, false};
  for (const auto& name : layout.train) {
    if (auto done = append_batch(folder / name, layout, sets.train); !done) return done.errors();
  }
  if (auto done = append_batch(folder / layout.test, layout, sets.test); !done) return done.errors();
  return sets;
}

}  // namespace bitmason::data
