#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.hpp"
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

/// "(2, 3)", as the header of a file has it.
std::string shape_text(const std::vector<std::int64_t>& shape);

/// "int64", "float32", ...
std::string_view name_of(NpyType type);

struct NpyHeader;

/// An array of a file, read some rows (indices of the first dimension) at a time: any numeric type, C or
/// Fortran order, either byte order. Of a file in Fortran order or without size, such as a pipe, all bytes
/// are held.
class NpyReader {
 public:
  /// Errors: BM-FILE-001, BM-FILE-003, BM-NPY-001..004.
  static Result<NpyReader> open(const std::filesystem::path& path);
  ~NpyReader();
  NpyReader(NpyReader&&) noexcept;
  NpyReader& operator=(NpyReader&&) noexcept;

  [[nodiscard]] const std::vector<std::int64_t>& shape() const;
  /// Length of the first dimension; 1 without dimensions.
  [[nodiscard]] std::int64_t rows() const;
  /// The next rows, at most `count`; the shape is the file's but for the first dimension. Errors: BM-NPY-004
  /// (the file has shrunk), BM-NPY-005.
  Result<NpyArray> read(std::int64_t count);

 private:
  NpyReader();
  [[nodiscard]] Status check_size(std::uintmax_t bytes) const;
  std::string where_;
  std::unique_ptr<NpyHeader> header_;
  std::ifstream stream_;
  std::string content_;  ///< the whole file where the stream is not used
  std::int64_t next_row_ = 0;
};

/// An array that goes to a file part by part, C order, little endian, through FileWriter.
class NpyWriter {
 public:
  /// `shape` is that of all parts together. Errors: BM-FILE-002.
  static Result<NpyWriter> create(const std::filesystem::path& path, std::vector<std::int64_t> shape,
                                  NpyType type);
  /// The next elements; their type is the file's. Values outside of it are a bug of the caller (assertion).
  /// Errors: BM-FILE-002.
  Status append(const NpyArray& part);
  /// Precondition: all elements have come. Errors: BM-FILE-002.
  Status finish();
  [[nodiscard]] const std::vector<std::int64_t>& shape() const { return shape_; }
  [[nodiscard]] NpyType type() const { return type_; }
  [[nodiscard]] const FileWriter& file() const { return file_; }

 private:
  NpyWriter(FileWriter file, std::vector<std::int64_t> shape, NpyType type)
      : file_(std::move(file)), shape_(std::move(shape)), type_(type) {}
  FileWriter file_;
  std::vector<std::int64_t> shape_;
  NpyType type_;
  std::uint64_t elements_ = 0;
};

/// A whole array through an NpyReader. Errors: BM-FILE-001, BM-FILE-003, BM-NPY-001..005.
Result<NpyArray> read_npy(const std::filesystem::path& path);

/// A whole array through an NpyWriter. Errors: BM-FILE-002.
Status write_npy(const std::filesystem::path& path, const NpyArray& array);

}  // namespace bitmason
