#include "data/npy_bytes.hpp"

#include <algorithm>

#include "base/diagnostics.hpp"
#include "base/file.hpp"
#include "base/npy_header.hpp"
#include "data/diagnostics.hpp"

namespace bitmason::data {

Result<ByteArray> read_npy_bytes(const std::filesystem::path& path) {
  // Compares what the header promises with the size of the file.
  const auto checked = NpyReader::open(path);
  if (!checked) return checked.errors();
  auto stream = open_file(path);
  if (!stream) return stream.errors();
  std::string head(std::size_t{1} << 16, '\0');
  stream->read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(stream->gcount()));
  const auto header = parse_npy_header(path.string(), head);
  if (!header) return header.errors();
  if (header->type != NpyType::UInt8 || header->fortran_order)
    return make_diagnostic(
        diagnostics::kNpyImages, path.string(),
        {std::string(name_of(header->type)) + (header->fortran_order ? " in Fortran order" : "")});
  std::size_t size = 1;
  for (const auto extent : header->shape) size *= static_cast<std::size_t>(extent);
  ByteArray array{header->shape, std::vector<std::uint8_t>(size)};
  stream->clear();
  stream->seekg(static_cast<std::streamoff>(header->data_offset));
  stream->read(reinterpret_cast<char*>(array.values.data()), static_cast<std::streamsize>(size));
  const auto got = static_cast<std::size_t>(stream->gcount());
  if (got < size)
    return make_diagnostic(bitmason::diagnostics::kNpySize, path.string(),
                           {std::to_string(size), std::to_string(got)});
  return array;
}

}  // namespace bitmason::data
