#include "support/float_files.hpp"

#include <unistd.h>
#include <zlib.h>

#include <stdexcept>

#include "base/file.hpp"

namespace bitmason::test {

namespace {

std::uint64_t little(const std::string& bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value |= std::uint64_t{static_cast<std::uint8_t>(bytes.at(at + i))} << (8 * i);
  return value;
}

/// `window_bits` as in zlib: -15 for bare deflate data, 31 for gzip.
std::string inflated(std::string compressed, std::size_t size, int window_bits) {
  std::string result(size, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, window_bits) != Z_OK) throw std::runtime_error("zlib does not start");
  stream.next_in = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_in = static_cast<uInt>(compressed.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(size);
  inflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  inflateEnd(&stream);
  return result;
}

NpyArray npy_from_bytes(const std::string& bytes) {
  const auto path =
      std::filesystem::temp_directory_path() / ("bitmason_npz_" + std::to_string(::getpid()) + ".npy");
  if (const auto written = write_file(path, bytes); !written)
    throw std::runtime_error(to_text(written.errors()));
  auto array = read_npy(path);
  std::filesystem::remove(path);
  if (!array) throw std::runtime_error(to_text(array.errors()));
  return *std::move(array);
}

/// Entry of a zip's directory, which starts at `at` (fields of the APPNOTE, section 4.3.12).
struct Entry {
  std::uint64_t method, packed_size, size, name_length, local_header;
  std::string name;

  Entry(const std::string& zip, std::size_t at)
      : method(little(zip, at + 10, 2)),
        packed_size(little(zip, at + 20, 4)),
        size(little(zip, at + 24, 4)),
        name_length(little(zip, at + 28, 2)),
        local_header(little(zip, at + 42, 4)),
        name(zip.substr(at + 46, name_length)) {}

  [[nodiscard]] std::string content(const std::string& zip) const {
    const auto data =
        local_header + 30 + little(zip, local_header + 26, 2) + little(zip, local_header + 28, 2);
    std::string packed = zip.substr(data, packed_size);
    std::string result = method == 0 ? packed : inflated(std::move(packed), size, -15);
    if ((method != 0 && method != 8) || result.size() != size)
      throw std::runtime_error(name + " cannot be unpacked");
    return result;
  }
};

std::string content_of(const std::filesystem::path& path) {
  auto bytes = read_file(path);
  if (!bytes) throw std::runtime_error(to_text(bytes.errors()));
  return *std::move(bytes);
}

}  // namespace

std::map<std::string, NpyArray> read_npz(const std::filesystem::path& path) {
  const std::string zip = content_of(path);
  const std::size_t end = zip.rfind("PK\5\6");
  if (end == std::string::npos) throw std::runtime_error(path.string() + " is no zip file");
  const std::uint64_t count = little(zip, end + 10, 2);
  std::size_t at = little(zip, end + 16, 4);
  std::map<std::string, NpyArray> arrays;
  for (std::uint64_t i = 0; i < count; ++i) {
    const Entry entry(zip, at);
    arrays[entry.name.substr(0, entry.name.rfind(".npy"))] = npy_from_bytes(entry.content(zip));
    at += 46 + entry.name_length + little(zip, at + 30, 2) + little(zip, at + 32, 2);
  }
  return arrays;
}

IdxBytes read_idx_gz(const std::filesystem::path& path) {
  const std::string packed = content_of(path);
  // The last four bytes of a gzip file hold the size of what it unpacks to.
  const std::string bytes = inflated(packed, little(packed, packed.size() - 4, 4), 31);
  IdxBytes result;
  const auto rank = little(bytes, 3, 1);
  std::size_t count = 1;
  for (std::size_t d = 0; d < rank; ++d) {
    std::uint64_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size = size << 8 | little(bytes, 4 + 4 * d + i, 1);
    result.shape.push_back(static_cast<std::int64_t>(size));
    count *= size;
  }
  result.values.assign(bytes.begin() + 4 + 4 * static_cast<std::ptrdiff_t>(rank), bytes.end());
  if (result.values.size() != count) throw std::runtime_error(path.string() + " is damaged");
  return result;
}

}  // namespace bitmason::test
