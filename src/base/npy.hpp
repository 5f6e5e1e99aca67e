#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/result.hpp"

namespace bitmason {

/// Element type of a `.npy` file.
enum class NpyType {
  Bool,
  Int8,
  Int16,
  Int32,
  Int64,
  UInt8,
  UInt16,
  UInt32,
  UInt64,
  Float16,
  Float32,
  Float64
};

/// A dense array in C order, as read from or written to a `.npy` file (format versions 1 to 3).
///
/// Integer types hold their values in `integers` (uint64 values above 2^63 - 1 are refused), floating types
/// in `reals` (float16 and float32 convert exactly); the other vector is empty.
struct NpyArray {
  std::vector<std::int64_t> shape;
  NpyType type = NpyType::Int64;
  std::vector<std::int64_t> integers;
  std::vector<double> reals;

  [[nodiscard]] bool is_integer() const { return type < NpyType::Float16; }
  [[nodiscard]] std::size_t size() const { return is_integer() ? integers.size() : reals.size(); }
  /// Element `index` in C order; integers above 2^53 lose precision.
  [[nodiscard]] double real(std::size_t index) const {
    return is_integer() ? static_cast<double>(integers[index]) : reals[index];
  }
};

/// Reads any numeric array, C or Fortran order, either byte order. Errors: BM-NPY-001..004.
Result<NpyArray> read_npy(const std::filesystem::path& path);

/// Writes C order, little endian, through a temporary file that is renamed when complete. Values outside the
/// element type are a bug of the caller (assertion). Errors: BM-FILE-002.
Status write_npy(const std::filesystem::path& path, const NpyArray& array);

}  // namespace bitmason
