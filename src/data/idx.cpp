#include "data/idx.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <memory>
#include <span>
#include <system_error>

#include "base/diagnostics.hpp"
#include "data/diagnostics.hpp"

namespace bitmason::data {
namespace {

constexpr std::int64_t kLimit = std::int64_t{1} << 31;

/// Bytes of a plain or gzip file, read in order.
class ByteSource {
 public:
  explicit ByteSource(const std::filesystem::path& path)
      : where_(path.string()), file_(gzopen(path.c_str(), "rb"), &gzclose) {}

  [[nodiscard]] bool opened() const { return file_ != nullptr; }
  [[nodiscard]] const std::string& where() const { return where_; }

  /// Fills `out` as far as the file reaches and returns the bytes read. Errors: BM-DATA-004.
  Result<std::size_t> read(std::span<std::uint8_t> out) {
    std::size_t done = 0;
    while (done < out.size()) {
      const auto wanted = static_cast<unsigned>(std::min<std::size_t>(out.size() - done, 1U << 24));
      const int got = gzread(file_.get(), out.data() + done, wanted);
      int code = Z_OK;
      const char* text = gzerror(file_.get(), &code);
      // zlib reports a gzip stream that ends early as Z_BUF_ERROR, which callers see as a short read.
      if (got < 0 || (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR))
        return make_diagnostic(diagnostics::kIdxCorrupt, where_, {reason(text), std::to_string(done)});
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

 private:
  /// zlib puts "path: " before its reason.
  [[nodiscard]] std::string reason(std::string_view text) const {
    if (text.starts_with(where_ + ": ")) text.remove_prefix(where_.size() + 2);
    return std::string(text);
  }

  std::string where_;
  std::unique_ptr<gzFile_s, int (*)(gzFile)> file_;
};

std::string hexadecimal(std::span<const std::uint8_t> bytes) {
  return fmt::format("{:02x}", fmt::join(bytes, " "));
}

/// Dimensions from the header; each is a big-endian 32-bit count.
Result<std::vector<std::int64_t>> read_shape(ByteSource& source) {
  std::array<std::uint8_t, 4> magic{};
  const auto got = source.read(magic);
  if (!got) return got.errors();
  if (*got < magic.size() || magic[0] != 0 || magic[1] != 0 || magic[2] != 8 || magic[3] < 1 || magic[3] > 4)
    return make_diagnostic(diagnostics::kIdxMagic, source.where(),
                           {hexadecimal(std::span(magic).first(*got))});
  std::vector<std::uint8_t> bytes(std::size_t{4} * magic[3]);
  const auto more = source.read(bytes);
  if (!more) return more.errors();
  if (*more < bytes.size())
    return make_diagnostic(diagnostics::kIdxShort, source.where(),
                           {std::to_string(4 + *more), std::to_string(4 + bytes.size())});
  std::vector<std::int64_t> shape;
  for (std::size_t i = 0; i < bytes.size(); i += 4)
    shape.push_back((std::int64_t{bytes[i]} << 24) | (bytes[i + 1] << 16) | (bytes[i + 2] << 8) |
                    bytes[i + 3]);
  return shape;
}

}  // namespace

Result<ByteArray> read_idx(const std::filesystem::path& path) {
  ByteSource source(path);
  if (!source.opened())
    return make_diagnostic(bitmason::diagnostics::kFileUnreadable, path.string(),
                           {std::generic_category().message(errno)});
  auto shape = read_shape(source);
  if (!shape) return shape.errors();
  std::int64_t size = 1;
  for (const auto extent : *shape) {
    if (extent > 0 && size > kLimit / extent)
      return make_diagnostic(diagnostics::kIdxHuge, path.string(),
                             {fmt::format("{}", fmt::join(*shape, " x ")), std::to_string(kLimit)});
    size *= extent;
  }
  // Grows with the file, so that a small file with a large promise costs little memory.
  ByteArray array{std::move(*shape), {}};
  constexpr std::size_t kChunk = std::size_t{1} << 24;
  const auto promised = static_cast<std::size_t>(size);
  while (array.values.size() < promised) {
    const auto before = array.values.size();
    array.values.resize(std::min(promised, before + kChunk));
    const auto got = source.read(std::span(array.values).subspan(before));
    if (!got) return got.errors();
    if (before + *got < array.values.size())
      return make_diagnostic(diagnostics::kIdxShort, path.string(),
                             {std::to_string(before + *got), std::to_string(promised)});
  }
  std::array<std::uint8_t, 1> extra{};
  const auto rest = source.read(extra);
  if (!rest) return rest.errors();
  if (*rest > 0) return make_diagnostic(diagnostics::kIdxLong, path.string(), {std::to_string(promised)});
  return array;
}

}  // namespace bitmason::data
