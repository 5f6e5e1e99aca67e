#pragma once

#include <optional>
#include <string>

#include "data/image_files.hpp"

/// Decoded images kept in files.
namespace bitmason::data {

/// 16 hexadecimal digits from the files' absolute paths, sizes, times of change, and the frame.
std::string cache_name(const std::vector<std::filesystem::path>& files, const Frame& frame);

/// What write_cache() wrote under this name; nothing where a file is missing, damaged, or of another number
/// of images.
std::optional<DecodedFiles> read_cache(const std::filesystem::path& name, std::size_t images);

/// Writes the hash last, so that a cache with a hash is complete. Errors: BM-FILE-002.
Status write_cache(const std::filesystem::path& name, const DecodedFiles& decoded);

}  // namespace bitmason::data
