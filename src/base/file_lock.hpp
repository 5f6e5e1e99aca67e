#pragma once

#include <filesystem>
#include <optional>

#include "base/result.hpp"

namespace bitmason {

/// Work that one process or thread at a time may do, whoever shares the folder. The system gives the lock
/// back when its holder ends, however it ends; the empty file stays.
class FileLock {
 public:
  /// Nothing where another holds it. Missing folders are created. Errors: BM-FILE-002.
  static Result<std::optional<FileLock>> try_to_take(const std::filesystem::path& file);
  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace bitmason
