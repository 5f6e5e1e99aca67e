#include "data/cache.hpp"

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/npy.hpp"
#include "data/npy_bytes.hpp"

namespace bitmason::data {
namespace {

/// Changes when the meaning of the decoded bytes does.
constexpr int kVersion = 1;

std::filesystem::path with_suffix(const std::filesystem::path& name, const char* suffix) {
  return name.string() + suffix;
}

std::string hash_of(std::span<const std::uint8_t> pixels, const NpyArray& sizes) {
  std::string text = sha256_hex({reinterpret_cast<const char*>(pixels.data()), pixels.size()});
  for (const auto value : sizes.integers) text += fmt::format(" {}", value);
  return sha256_hex(text) + "\n";
}

NpyArray array_of(const std::vector<FileSize>& sizes) {
  NpyArray array{{static_cast<std::int64_t>(sizes.size()), 2}, NpyType::Int32, {}, {}};
  for (const auto& size : sizes) {
    array.integers.push_back(size.height);
    array.integers.push_back(size.width);
  }
  return array;
}

}  // namespace

std::string cache_name(const std::vector<std::filesystem::path>& files, const Frame& frame) {
  std::string text = fmt::format("{} {} {} {} {}\n", kVersion, static_cast<int>(frame.fit), frame.height,
                                 frame.width, frame.bgr);
  std::error_code none;
  for (const auto& file : files) {
    // A file that is not there has a size of its own too; reading it is what reports it.
    text += fmt::format("{} {} {}\n", std::filesystem::absolute(file, none).string(),
                        std::filesystem::file_size(file, none),
                        std::filesystem::last_write_time(file, none).time_since_epoch().count());
  }
  return sha256_hex(text).substr(0, 16);
}

std::optional<DecodedFiles> read_cache(const std::filesystem::path& name, std::size_t images) {
  const auto hash = read_file(with_suffix(name, ".sha256"));
  if (!hash) return std::nullopt;
  auto pixels = read_npy_bytes(with_suffix(name, ".npy"));
  if (!pixels || pixels->shape.size() != 4) return std::nullopt;
  const auto sizes = read_npy(with_suffix(name, "-sizes.npy"));
  if (!sizes || sizes->integers.size() != 2 * images) return std::nullopt;
  if (hash_of(pixels->values, *sizes) != *hash) return std::nullopt;
  const auto side = [&pixels](std::size_t d) { return static_cast<int>(pixels->shape[d]); };
  DecodedFiles decoded{{side(1), side(2), side(3)}, std::move(pixels->values), {}};
  for (std::size_t i = 0; i < images; ++i)
    decoded.sizes.push_back(
        {static_cast<int>(sizes->integers[2 * i]), static_cast<int>(sizes->integers[2 * i + 1])});
  return decoded;
}

Status write_cache(const std::filesystem::path& name, const DecodedFiles& decoded) {
  const auto& shape = decoded.shape;
  const auto images = static_cast<std::int64_t>(decoded.sizes.size());
  auto writer = NpyWriter::create(with_suffix(name, ".npy"),
                                  {images, shape.channels, shape.height, shape.width}, NpyType::UInt8);
  if (!writer) return writer.errors();
  // In parts: an NpyArray takes eight bytes an element.
  constexpr std::size_t kPart = std::size_t{1} << 20;
  for (std::size_t first = 0; first < decoded.pixels.size(); first += kPart) {
    const auto part =
        std::span(decoded.pixels).subspan(first, std::min(kPart, decoded.pixels.size() - first));
    const auto size = static_cast<std::int64_t>(part.size());
    if (auto written = writer->append({{size}, NpyType::UInt8, {part.begin(), part.end()}, {}}); !written)
      return written;
  }
  if (auto done = writer->finish(); !done) return done;
  const auto sizes = array_of(decoded.sizes);
  if (auto written = write_npy(with_suffix(name, "-sizes.npy"), sizes); !written) return written;
  return write_file(with_suffix(name, ".sha256"), hash_of(decoded.pixels, sizes));
}

}  // namespace bitmason::data
