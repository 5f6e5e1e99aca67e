#pragma once

#include <filesystem>

#include "flow/request.hpp"
#include "verify/simulator.hpp"

namespace bitmason::flow {

/// The verify room's files in the data folder, and the cache of tool results.
inline verify::Workbench workbench_of(const DataFolders& data, const std::filesystem::path& cache) {
  return {.support = data.root / "src" / "verify", .cache = cache};
}

/// The cache that serves all designs of a folder, unless the user names another.
inline std::filesystem::path cache_of(const std::optional<std::filesystem::path>& asked,
                                      const std::filesystem::path& design) {
  if (asked) return *asked;
  std::error_code error;
  std::filesystem::path whole = std::filesystem::absolute(design, error);
  if (error) whole = design;
  whole = whole.lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();
  return whole.parent_path() / ".bitmason-cache";
}

}  // namespace bitmason::flow
