#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/file_lock.hpp"
#include "base/result.hpp"

namespace bitmason {

/// Results of long work, a text file each, in a folder that processes of one host or of several may share. A
/// file appears complete or not at all, and whoever is at a result has it locked: what is finished is not
/// done again, and a killed process loses only what it was at.
class SharedResults {
 public:
  explicit SharedResults(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// `key`: a file name without its ending.
  [[nodiscard]] std::filesystem::path path_of(const std::string& key) const {
    return folder_ / (key + ".json");
  }
  /// Nothing where it is not finished. Errors: BM-FILE-001.
  [[nodiscard]] Result<std::optional<std::string>> find(const std::string& key) const;
  /// Errors: BM-FILE-002.
  [[nodiscard]] Status save(const std::string& key, const std::string& text) const;
  /// Nothing where another is at it. Errors: BM-FILE-002.
  [[nodiscard]] Result<std::optional<FileLock>> lock(const std::string& key) const;

  using Work = std::function<Result<std::string>()>;
  /// What is finished, or what `work` gives, which is kept; nothing where another is at it. Errors: those of
  /// find(), save() and `work`, which leaves nothing then.
  [[nodiscard]] Result<std::optional<std::string>> get_unless_taken(const std::string& key,
                                                                    const Work& work) const;
  /// Waits for another that is at it, and takes over should that one end without a result.
  [[nodiscard]] Result<std::string> get(const std::string& key, const Work& work) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace bitmason
