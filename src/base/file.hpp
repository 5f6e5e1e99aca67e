#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace bitmason {

/// Whole content of a file; of what has no size, such as a pipe or a device, at most 2^28 bytes. Errors:
/// BM-FILE-001 (cannot read), BM-FILE-003 (larger than `limit` bytes).
Result<std::string> read_file(const std::filesystem::path& path,
                              std::uintmax_t limit = std::uintmax_t{1} << 32);

/// Writes through a temporary file in the same folder that is renamed when complete, so that no reader sees
/// half a file. Creates missing folders. Errors: BM-FILE-002.
Status write_file(const std::filesystem::path& path, std::string_view content);

/// SHA-256 of the bytes as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace bitmason
