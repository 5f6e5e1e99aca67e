#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/npy.hpp"

namespace bitmason {

/// Bytes of one element.
std::size_t size_of(NpyType type);

/// What stands before the data of a `.npy` file.
struct NpyHeader {
  NpyType type = NpyType::Int64;
  bool big_endian = false;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
  std::size_t data_offset = 0;  ///< bytes
};

/// Bytes from which parse_npy_header() reads, data excluded, as the first 12 bytes of the file promise; all
/// that there are where they are no `.npy` prefix.
std::uintmax_t npy_header_bytes(std::string_view prefix);

/// Reads magic, version 1 to 3 and the dictionary; `where` names the file. Errors: BM-NPY-001..003.
Result<NpyHeader> parse_npy_header(const std::string& where, std::string_view file);

}  // namespace bitmason
