#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "data/byte_array.hpp"

namespace bitmason::data {

/// Array of a `.npy` file of uint8 in C order, at the cost of reading the file; bitmason::read_npy takes
/// every type and eight bytes an element. Errors: BM-FILE-001, BM-NPY-001..004, BM-DATA-040.
Result<ByteArray> read_npy_bytes(const std::filesystem::path& path);

}  // namespace bitmason::data
