#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace bitmason::data {

/// Names in a folder in the order of their bytes, without those that begin with a dot. Errors: BM-FILE-001.
Result<std::vector<std::string>> names_in(const std::filesystem::path& folder);

/// Whether the name ends with .jpg, .jpeg or .png, in any case.
bool is_image_name(std::string_view name);

}  // namespace bitmason::data
