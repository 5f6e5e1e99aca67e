#pragma once

#include <string>
#include <string_view>

#include "base/npy.hpp"

namespace bitmason {

/// What stands before the data of a `.npy` file.
struct NpyHeader {
  NpyType type = NpyType::Int64;
  bool big_endian = false;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
  std::size_t data_offset = 0;  ///< bytes
};

/// Reads magic, version 1 to 3 and the dictionary; `where` names the file. Errors: BM-NPY-001..003.
Result<NpyHeader> parse_npy_header(const std::string& where, std::string_view file);

}  // namespace bitmason
