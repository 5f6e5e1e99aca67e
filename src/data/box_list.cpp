#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

#include "base/file.hpp"
#include "data/diagnostics.hpp"
#include "data/source.hpp"

namespace bitmason::data {
namespace {

namespace fs = std::filesystem;

struct Row {
  int line = 0;  ///< of the file, from 1
  fs::path image;
  Box box;
};

std::vector<std::string> fields_of(std::string line) {
  if (line.ends_with('\r')) line.pop_back();
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, ',');) fields.push_back(field);
  return fields;
}

/// The image's file, by its name with or without extension; empty: none.
fs::path find_image(const fs::path& folder, const std::string& name) {
  for (const char* extension : {"", ".jpg", ".jpeg", ".png"}) {
    std::error_code none;
    if (fs::path path = folder / (name + extension); fs::is_regular_file(path, none)) return path;
  }
  return {};
}

/// Reads the lines below the header.
class RowReader {
 public:
  RowReader(std::string where, fs::path folder) : where_(std::move(where)), folder_(std::move(folder)) {}

  /// Errors: BM-DATA-050.
  Status read_header(const std::string& line) {
    const auto names = fields_of(line);
    width_ = names.size();
    for (const char* wanted : {"image", "xmin", "xmax", "ymin", "ymax"}) {
      auto found = std::ranges::find(names, std::string("gt_") + wanted);
      if (found == names.end()) found = std::ranges::find(names, wanted);
      if (found == names.end())
        return make_diagnostic(diagnostics::kListColumn, where_, {std::to_string(names.size()), wanted});
      columns_.push_back(static_cast<std::size_t>(found - names.begin()));
    }
    return success();
  }

  /// Errors: BM-DATA-051, 052, 054.
  Result<Row> read(const std::string& text, int line) const {
    const auto fields = fields_of(text);
    const std::string where = fmt::format("{}:{}", where_, line);
    if (fields.size() != width_)
      return make_diagnostic(diagnostics::kListRow, where,
                             {std::to_string(fields.size()), std::to_string(width_)});
    std::array<double, 4> edges{};
    for (std::size_t i = 0; i < edges.size(); ++i) {
      const auto& field = fields[columns_[i + 1]];
      const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), edges[i]);
      if (error != std::errc() || end != field.data() + field.size())
        return make_diagnostic(diagnostics::kListNumber, where, {field, std::to_string(columns_[i + 1] + 1)});
    }
    const auto& name = fields[columns_[0]];
    auto image = find_image(folder_, name);
    if (image.empty()) return make_diagnostic(diagnostics::kListImage, where, {name, folder_.string()});
    return Row{line, std::move(image), {edges[0], edges[1], edges[2], edges[3]}};
  }

 private:
  std::string where_;
  fs::path folder_;
  std::size_t width_ = 0;
  std::vector<std::size_t> columns_;  ///< of image, x_min, x_max, y_min, y_max
};

Result<std::vector<Row>> read_rows(const fs::path& csv, const fs::path& folder) {
  const auto text = read_file(csv);
  if (!text) return text.errors();
  std::istringstream lines(*text);
  RowReader reader(csv.string(), folder);
  std::string line;
  std::getline(lines, line);
  if (auto known = reader.read_header(line); !known) return known.errors();
  std::vector<Row> rows;
  for (int number = 2; std::getline(lines, line); ++number) {
    if (fields_of(line).empty()) continue;
    auto row = reader.read(line, number);
    if (!row) return row.errors();
    rows.push_back(std::move(*row));
  }
  if (rows.empty()) return make_diagnostic(diagnostics::kListEmpty, csv.string());
  return rows;
}

/// The row's box in the fitted image. Errors: BM-DATA-053.
Result<Box> fitted_box(const Row& row, const FileSize& size, const Frame& frame, const std::string& csv) {
  const auto& box = row.box;
  const bool inside = box.x_min >= 0 && box.x_max <= size.width && box.y_min >= 0 && box.y_max <= size.height;
  const Box fitted = fit_box(box, size.height, size.width, frame);
  // The comparisons are false of a NaN, too.
  if (inside && fitted.area() > 0) return fitted;
  return make_diagnostic(
      diagnostics::kListBox, fmt::format("{}:{}", csv, row.line),
      {fmt::format("{} to {}", box.x_min, box.x_max), fmt::format("{} to {}", box.y_min, box.y_max),
       std::to_string(size.width), std::to_string(size.height)});
}

}  // namespace

Result<ImageSet> read_box_list(const fs::path& csv, const fs::path& folder, const Frame& frame,
                               const ReadOptions& options) {
  const auto rows = read_rows(csv, folder);
  if (!rows) return rows.errors();
  std::vector<fs::path> files;
  for (const auto& row : *rows) files.push_back(row.image);
  auto decoded = read_image_files(files, frame, options);
  if (!decoded) return decoded.errors();
  ImageSet set{decoded->shape, std::move(decoded->pixels), {}, {}};
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const auto box = fitted_box((*rows)[i], decoded->sizes[i], frame, csv.string());
    if (!box) return box.errors();
    set.boxes.push_back(*box);
  }
  return set;
}

}  // namespace bitmason::data
