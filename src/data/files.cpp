#include "data/files.hpp"

#include <algorithm>
#include <cctype>

#include "base/diagnostics.hpp"

namespace bitmason::data {

Result<std::vector<std::string>> names_in(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::string> names;
  std::filesystem::directory_iterator entries(folder, error);
  for (const auto end = std::filesystem::directory_iterator(); !error && entries != end;
       entries.increment(error)) {
    auto name = entries->path().filename().string();
    if (!name.starts_with('.')) names.push_back(std::move(name));
  }
  if (error)
    return make_diagnostic(bitmason::diagnostics::kFileUnreadable, folder.string(), {error.message()});
  std::ranges::sort(names);
  return names;
}

bool is_image_name(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower.ends_with(".jpg") || lower.ends_with(".jpeg") || lower.ends_with(".png");
}

}  // namespace bitmason::data
