#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "data/byte_array.hpp"

namespace bitmason::data {

/// Array of an IDX file of unsigned bytes (the format of MNIST), plain or gzip; 1 to 4
/// dimensions. Reads at most the promised
/// size. Errors: BM-FILE-001, BM-DATA-001..005. Source: the format's description by LeCun, Cortes, Burges.
Result<ByteArray> read_idx(const std::filesystem::path& path);

}  // namespace bitmason::data
