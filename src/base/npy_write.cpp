#include <bit>
#include <cassert>
#include <string>
#include <string_view>

#include "base/file.hpp"
#include "base/half.hpp"
#include "base/npy.hpp"
#include "base/npy_header.hpp"

namespace bitmason {

namespace {

/// In the order of NpyType.
constexpr std::string_view kDescriptions[] = {"|b1", "|i1", "<i2", "<i4", "<i8", "|u1",
                                              "<u2", "<u4", "<u8", "<f2", "<f4", "<f8"};
constexpr std::string_view kNames[] = {"bool",   "int8",   "int16",  "int32",   "int64",   "uint8",
                                       "uint16", "uint32", "uint64", "float16", "float32", "float64"};

std::uint64_t real_bits(double value, NpyType type) {
  if (type == NpyType::Float16) return double_to_half(value);
  if (type == NpyType::Float32) return std::bit_cast<std::uint32_t>(static_cast<float>(value));
  return std::bit_cast<std::uint64_t>(value);
}

[[maybe_unused]] bool fits(std::int64_t value, NpyType type) {
  if (type == NpyType::Bool) return value == 0 || value == 1;
  const std::size_t bits = size_of(type) * 8;
  if (type >= NpyType::UInt8) return value >= 0 && (bits >= 63 || value >> bits == 0);
  return bits == 64 || (value >> (bits - 1) == 0 || value >> (bits - 1) == -1);
}

/// What stands before the data.
std::string header_of(const std::vector<std::int64_t>& shape, NpyType type) {
  std::string header = "{'descr': '" + std::string(kDescriptions[static_cast<std::size_t>(type)]) +
                       "', 'fortran_order': False, 'shape': " + shape_text(shape) + ", }";
  // Data start at a multiple of 64 bytes: 10 bytes precede the header and a newline ends it.
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  std::string content("\x93NUMPY\x01\x00", 8);
  content += static_cast<char>(header.size() & 255);
  content += static_cast<char>(header.size() >> 8);
  return content + header;
}

}  // namespace

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "(";
  for (const std::int64_t size : shape) text += std::to_string(size) + ", ";
  // One element keeps its comma: "(3,)".
  if (shape.size() == 1) text.pop_back();
  if (shape.size() > 1) text.resize(text.size() - 2);
  return text + ")";
}

std::string_view name_of(NpyType type) {
  return kNames[static_cast<std::size_t>(type)];
}

Result<NpyWriter> NpyWriter::create(const std::filesystem::path& path, std::vector<std::int64_t> shape,
                                    NpyType type) {
  auto file = FileWriter::create(path);
  if (!file) return file.errors();
  if (auto written = file->write(header_of(shape, type)); !written) return written.errors();
  return NpyWriter(*std::move(file), std::move(shape), type);
}

Status NpyWriter::append(const NpyArray& part) {
  assert(part.type == type_);
  const std::size_t size = size_of(type_);
  std::string content;
  content.reserve(part.size() * size);
  for (std::size_t i = 0; i < part.size(); ++i) {
    assert(!part.is_integer() || fits(part.integers[i], type_));
    const std::uint64_t bits =
        part.is_integer() ? static_cast<std::uint64_t>(part.integers[i]) : real_bits(part.reals[i], type_);
    for (std::size_t b = 0; b < size; ++b) content += static_cast<char>(bits >> (8 * b) & 255);
  }
  elements_ += part.size();
  return file_.write(content);
}

Status NpyWriter::finish() {
  [[maybe_unused]] std::uint64_t expected = 1;
  for (const std::int64_t size : shape_) expected *= static_cast<std::uint64_t>(size);
  assert(elements_ == expected);
  return file_.finish();
}

Status write_npy(const std::filesystem::path& path, const NpyArray& array) {
  auto writer = NpyWriter::create(path, array.shape, array.type);
  if (!writer) return writer.errors();
  if (auto written = writer->append(array); !written) return written;
  return writer->finish();
}

}  // namespace bitmason
