#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace bitmason::verify {

/// Digest over everything that a tool's result depends on: contents, options, tool version.
class CacheKey {
 public:
  /// Two keys agree only where labels, contents and their order agree.
  void add(std::string_view label, std::string_view content);
  /// Adds the file's content, not its path. Errors: BM-FILE-001.
  Status add_file(std::string_view label, const std::filesystem::path& file);
  /// 64 hexadecimal digits.
  [[nodiscard]] std::string hex() const;

 private:
  std::string text_;
};

/// Marks of temporary folders in a cache, each followed by the number of the process that fills it.
inline constexpr std::string_view kNewMark = ".new.";
inline constexpr std::string_view kRunMark = "run.";

/// Removes the temporary folders of processes that have ended.
void sweep_cache(const std::filesystem::path& folder);

/// Results of tools by content: one folder per key, complete or absent, so that an interrupted run resumes
/// and two runs at once do not disturb each other.
class Cache {
 public:
  explicit Cache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The folder of `kind` and `key`; where it is absent, `make` fills a temporary folder that is then
  /// renamed. Errors: those of `make`, BM-VERIFY-005.
  Result<std::filesystem::path> obtain(std::string_view kind, const CacheKey& key,
                                       const std::function<Status(const std::filesystem::path&)>& make) const;

  /// True where obtain() would not call `make`.
  [[nodiscard]] bool holds(std::string_view kind, const CacheKey& key) const;

 private:
  [[nodiscard]] std::filesystem::path entry(std::string_view kind, const CacheKey& key) const;
  std::filesystem::path folder_;
};

}  // namespace bitmason::verify
