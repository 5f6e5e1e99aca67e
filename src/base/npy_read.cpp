#include <algorithm>
#include <bit>
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "base/file.hpp"
#include "base/half.hpp"
#include "base/npy.hpp"
#include "base/npy_header.hpp"

namespace bitmason {

namespace {

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

/// Position in the file's data of each element in C order, from a row on.
class FileOrder {
 public:
  FileOrder(const std::vector<std::int64_t>& shape, std::int64_t first_row, bool fortran)
      : shape_(shape), index_(shape.size(), 0), fortran_(fortran) {
    if (fortran_ && !index_.empty()) index_[0] = first_row;
  }

  /// Position of the current element, in C order counted from the first row; moves to the next.
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

/// Bytes of the data, whatever the header says; nothing where they exceed 64 bits.
std::optional<std::uint64_t> promised_bytes(const NpyHeader& header) {
  if (std::ranges::find(header.shape, 0) != header.shape.end()) return 0;
  std::uint64_t product = size_of(header.type);
  for (const std::int64_t size : header.shape) {
    if (__builtin_mul_overflow(product, static_cast<std::uint64_t>(size), &product)) return std::nullopt;
  }
  return product;
}

/// The first bytes of a stream, at most `count`.
std::string first_bytes(std::ifstream& stream, std::uintmax_t count) {
  std::string bytes(static_cast<std::size_t>(count), '\0');
  stream.clear();
  stream.seekg(0);
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  return bytes;
}

}  // namespace

NpyReader::NpyReader() = default;
NpyReader::~NpyReader() = default;
NpyReader::NpyReader(NpyReader&&) noexcept = default;
NpyReader& NpyReader::operator=(NpyReader&&) noexcept = default;

Result<NpyReader> NpyReader::open(const std::filesystem::path& path) {
  NpyReader reader;
  reader.where_ = path.string();
  std::error_code error;
  std::uintmax_t bytes = 0;
  if (std::filesystem::is_regular_file(path, error)) {
    auto stream = open_file(path);
    if (!stream) return stream.errors();
    reader.stream_ = *std::move(stream);
    bytes = std::filesystem::file_size(path, error);
    const std::uintmax_t head = npy_header_bytes(first_bytes(reader.stream_, 12));
    reader.content_ = first_bytes(reader.stream_, std::min(head, bytes));
  } else {
    auto content = read_file(path);
    if (!content) return content.errors();
    reader.content_ = *std::move(content);
    bytes = reader.content_.size();
  }
  auto header = parse_npy_header(reader.where_, reader.content_);
  if (!header) return header.errors();
  reader.header_ = std::make_unique<NpyHeader>(*std::move(header));
  // Checked against what the file holds, so that a hostile shape allocates nothing.
  if (auto right = reader.check_size(bytes - reader.header_->data_offset); !right) return right.errors();
  if (!reader.stream_.is_open()) return reader;
  reader.content_.clear();
  if (!reader.header_->fortran_order) return reader;
  reader.stream_.close();
  auto content = read_file(path);
  if (!content) return content.errors();
  reader.content_ = *std::move(content);
  return reader;
}

Status NpyReader::check_size(std::uintmax_t bytes) const {
  const auto promised = promised_bytes(*header_);
  if (promised && *promised == bytes) return success();
  return make_diagnostic(diagnostics::kNpySize, where_,
                         {promised ? std::to_string(*promised) : "more than 2^64", std::to_string(bytes)});
}

const std::vector<std::int64_t>& NpyReader::shape() const {
  return header_->shape;
}

std::int64_t NpyReader::rows() const {
  return header_->shape.empty() ? 1 : header_->shape.front();
}

Result<NpyArray> NpyReader::read(std::int64_t count) {
  const NpyType type = header_->type;
  count = std::min(count, rows() - next_row_);
  NpyArray array{header_->shape, type, {}, {}};
  if (!array.shape.empty()) array.shape.front() = count;
  const std::size_t size = size_of(type);
  const std::uint64_t all = promised_bytes(*header_).value_or(0) / size;
  const std::uint64_t row = rows() == 0 ? 0 : all / static_cast<std::uint64_t>(rows());
  const std::size_t elements = static_cast<std::size_t>(row) * static_cast<std::size_t>(count);
  const std::uint64_t first = row * static_cast<std::uint64_t>(next_row_);
  std::string bytes;
  std::string_view data = std::string_view(content_).substr(std::min(header_->data_offset, content_.size()));
  if (stream_.is_open()) {
    bytes.resize(elements * size);
    stream_.seekg(static_cast<std::streamoff>(header_->data_offset + first * size));
    stream_.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    const auto got = static_cast<std::size_t>(stream_.gcount());
    if (got < bytes.size()) return check_size(first * size + got).errors();
    data = bytes;
  } else if (!header_->fortran_order) {
    data.remove_prefix(static_cast<std::size_t>(first) * size);
  }
  (array.is_integer() ? array.integers.reserve(elements) : array.reals.reserve(elements));
  FileOrder order(header_->shape, next_row_, header_->fortran_order);
  for (std::size_t i = 0; i < elements; ++i) {
    const std::uint64_t bits = load_bits(data.data() + order.next() * size, size, header_->big_endian);
    if (type == NpyType::UInt64 && bits >> 63 != 0) {
      return make_diagnostic(diagnostics::kNpyValue, where_,
                             {std::to_string(first + i), std::to_string(bits)});
    }
    if (array.is_integer()) {
      array.integers.push_back(to_integer(bits, type));
    } else {
      array.reals.push_back(to_real(bits, type));
    }
  }
  next_row_ += count;
  return array;
}

Result<NpyArray> read_npy(const std::filesystem::path& path) {
  auto reader = NpyReader::open(path);
  if (!reader) return reader.errors();
  return reader->read(reader->rows());
}

}  // namespace bitmason
