#include "base/npy.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "base/file.hpp"
#include "base/half.hpp"
#include "base/npy_header.hpp"

namespace bitmason {

namespace {

/// Bytes of one element, in the order of NpyType.
constexpr std::size_t kSizes[] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8};
constexpr std::string_view kNames[] = {"|b1", "|i1", "<i2", "<i4", "<i8", "|u1",
                                       "<u2", "<u4", "<u8", "<f2", "<f4", "<f8"};

std::size_t size_of(NpyType type) {
  return kSizes[static_cast<std::size_t>(type)];
}

/// Little-endian bits of one element, whatever order the file has.
std::uint64_t load_bits(const char* bytes, std::size_t size, bool big_endian) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t at = big_endian ? i : size - 1 - i;
    bits = bits << 8 | static_cast<unsigned char>(bytes[at]);
  }
  return bits;
}

std::int64_t to_integer(std::uint64_t bits, NpyType type) {
  switch (type) {
    case NpyType::Bool:
      return bits != 0 ? 1 : 0;
    case NpyType::Int8:
      return static_cast<std::int8_t>(bits);
    case NpyType::Int16:
      return static_cast<std::int16_t>(bits);
    case NpyType::Int32:
      return static_cast<std::int32_t>(bits);
    default:
      return static_cast<std::int64_t>(bits);
  }
}

double to_real(std::uint64_t bits, NpyType type) {
  if (type == NpyType::Float16) return half_to_double(static_cast<std::uint16_t>(bits));
  if (type == NpyType::Float32) return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  return std::bit_cast<double>(bits);
}

std::uint64_t real_bits(double value, NpyType type) {
  if (type == NpyType::Float16) return double_to_half(value);
  if (type == NpyType::Float32) return std::bit_cast<std::uint32_t>(static_cast<float>(value));
  return std::bit_cast<std::uint64_t>(value);
}

/// Position in the file's data of each element in C order.
class FileOrder {
 public:
  FileOrder(const std::vector<std::int64_t>& shape, bool fortran)
      : shape_(shape), index_(shape.size(), 0), fortran_(fortran) {}

  /// Position of the current element; moves to the next.
  std::size_t next() {
    const std::size_t position = fortran_ ? fortran_position() : count_;
    ++count_;
    for (std::size_t d = shape_.size(); fortran_ && d-- > 0;) {
      if (++index_[d] < shape_[d]) break;
      index_[d] = 0;
    }
    return position;
  }

 private:
  [[nodiscard]] std::size_t fortran_position() const {
    std::int64_t position = 0;
    for (std::size_t d = shape_.size(); d-- > 0;) position = position * shape_[d] + index_[d];
    return static_cast<std::size_t>(position);
  }

  const std::vector<std::int64_t>& shape_;
  std::vector<std::int64_t> index_;
  bool fortran_;
  std::size_t count_ = 0;
};

Result<NpyArray> read_data(const std::string& where, NpyHeader header, std::string_view data) {
  NpyArray array{std::move(header.shape), header.type, {}, {}};
  const std::size_t size = size_of(array.type);
  const std::size_t count = data.size() / size;
  (array.is_integer() ? array.integers.reserve(count) : array.reals.reserve(count));
  FileOrder order(array.shape, header.fortran_order);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t bits = load_bits(data.data() + order.next() * size, size, header.big_endian);
    if (array.type == NpyType::UInt64 && bits >> 63 != 0) {
      return make_diagnostic(diagnostics::kNpyValue, where, {std::to_string(i), std::to_string(bits)});
    }
    if (array.is_integer()) {
      array.integers.push_back(to_integer(bits, array.type));
    } else {
      array.reals.push_back(to_real(bits, array.type));
    }
  }
  return array;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "(";
  for (const std::int64_t size : shape) text += std::to_string(size) + ", ";
  // One element keeps its comma: "(3,)".
  if (shape.size() == 1) text.pop_back();
  if (shape.size() > 1) text.resize(text.size() - 2);
  return text + ")";
}

[[maybe_unused]] bool fits(std::int64_t value, NpyType type) {
  if (type == NpyType::Bool) return value == 0 || value == 1;
  const std::size_t bits = size_of(type) * 8;
  if (type >= NpyType::UInt8) return value >= 0 && (bits >= 63 || value >> bits == 0);
  return bits == 64 || (value >> (bits - 1) == 0 || value >> (bits - 1) == -1);
}

}  // namespace

Result<NpyArray> read_npy(const std::filesystem::path& path) {
  auto content = read_file(path);
  if (!content) return content.errors();
  const std::string where = path.string();
  auto header = parse_npy_header(where, *content);
  if (!header) return header.errors();
  const std::string_view data = std::string_view(*content).substr(header->data_offset);
  // The product is checked against what the file holds, so a hostile shape allocates nothing.
  std::optional<std::uint64_t> promised = size_of(header->type);
  for (const std::int64_t size : header->shape) {
    std::uint64_t product = 0;
    if (!promised || __builtin_mul_overflow(*promised, static_cast<std::uint64_t>(size), &product)) {
      promised = std::nullopt;
    } else {
      promised = product;
    }
    if (size == 0) {
      promised = 0;
      break;
    }
  }
  if (!promised || *promised != data.size()) {
    return make_diagnostic(
        diagnostics::kNpySize, where,
        {promised ? std::to_string(*promised) : "more than 2^64", std::to_string(data.size())});
  }
  return read_data(where, std::move(*header), data);
}

Status write_npy(const std::filesystem::path& path, const NpyArray& array) {
  std::string content = "\x93NUMPY";
  content += '\x01';
  content += '\x00';
  std::string header = "{'descr': '" + std::string(kNames[static_cast<std::size_t>(array.type)]) +
                       "', 'fortran_order': False, 'shape': " + shape_text(array.shape) + ", }";
  // Data start at a multiple of 64 bytes: 10 bytes precede the header and a newline ends it.
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  content += static_cast<char>(header.size() & 255);
  content += static_cast<char>(header.size() >> 8);
  content += header;
  const std::size_t size = size_of(array.type);
  content.reserve(content.size() + array.size() * size);
  for (std::size_t i = 0; i < array.size(); ++i) {
    assert(!array.is_integer() || fits(array.integers[i], array.type));
    const std::uint64_t bits = array.is_integer() ? static_cast<std::uint64_t>(array.integers[i])
                                                  : real_bits(array.reals[i], array.type);
    for (std::size_t b = 0; b < size; ++b) content += static_cast<char>(bits >> (8 * b) & 255);
  }
  return write_file(path, content);
}

}  // namespace bitmason
