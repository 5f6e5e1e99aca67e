#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/result.hpp"

namespace bitmason::data {

/// A dense array of unsigned bytes in C order.
struct IdxArray {
  std::vector<std::int64_t> shape;  ///< 1 to 4 dimensions
  std::vector<std::uint8_t> values;
};

/// Array of an IDX file of unsigned bytes (the format of MNIST), plain or gzip. Reads at most the promised
/// size. Errors: BM-FILE-001, BM-DATA-001..005. Source: the format's description by LeCun, Cortes, Burges.
Result<IdxArray> read_idx(const std::filesystem::path& path);

}  // namespace bitmason::data
