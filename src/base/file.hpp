#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace bitmason {

/// Whole content of a file; of what has no size, such as a pipe or a device, at most 2^28 bytes. Errors:
/// BM-FILE-001 (cannot read), BM-FILE-003 (larger than `limit` bytes).
Result<std::string> read_file(const std::filesystem::path& path,
                              std::uintmax_t limit = std::uintmax_t{1} << 32);

/// The file opened for reading. Errors: BM-FILE-001.
Result<std::ifstream> open_file(const std::filesystem::path& path);

/// A file that grows in a temporary one of the same folder and appears under its name when complete, so that
/// no reader sees half a file. Missing folders are created; without finish() nothing of all that stays.
class FileWriter {
 public:
  /// Errors: BM-FILE-002.
  static Result<FileWriter> create(const std::filesystem::path& path);
  ~FileWriter();
  FileWriter(FileWriter&&) noexcept;
  FileWriter& operator=(FileWriter&&) = delete;

  /// Errors: BM-FILE-002.
  Status write(std::string_view content);
  /// Renames; nothing can be written afterwards. Errors: BM-FILE-002.
  Status finish();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// The folders that did not exist before, outermost first.
  [[nodiscard]] const std::vector<std::filesystem::path>& new_folders() const { return new_folders_; }

 private:
  explicit FileWriter(std::filesystem::path path) : path_(std::move(path)) {}
  [[nodiscard]] Status fault(const std::string& reason) const;
  std::filesystem::path path_;
  std::filesystem::path temporary_;  ///< empty: nothing to remove
  std::vector<std::filesystem::path> new_folders_;
  std::ofstream stream_;
};

/// Writes a whole file through a FileWriter. Errors: BM-FILE-002.
Status write_file(const std::filesystem::path& path, std::string_view content);

/// SHA-256 of the bytes as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace bitmason
