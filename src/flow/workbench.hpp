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
  return std::filesystem::absolute(design).lexically_normal().parent_path() / ".bitmason-cache";
}

}  // namespace bitmason::flow
