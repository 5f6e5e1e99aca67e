#include "data/image_files.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <thread>

#include "base/file.hpp"
#include "data/cache.hpp"
#include "data/diagnostics.hpp"

namespace bitmason::data {
namespace {

struct FittedImage {
  Image image;
  FileSize size;
};

Result<FittedImage> read_fitted(const std::filesystem::path& path, const Frame& frame) {
  const auto bytes = read_file(path);
  if (!bytes) return bytes.errors();
  auto image = decode_image(*bytes, path.string());
  if (!image) return image.errors();
  const FileSize size{image->shape.height, image->shape.width};
  auto fitted = fit_image(std::move(*image), frame, path.string());
  if (!fitted) return fitted.errors();
  return FittedImage{std::move(*fitted), size};
}

/// The work that all threads share.
class Decoding {
 public:
  Decoding(const std::vector<std::filesystem::path>& files, const Frame& frame, const Shape& shape)
      : files_(files), frame_(frame), out_{shape, {}, std::vector<FileSize>(files.size())} {
    out_.pixels.resize(files.size() * static_cast<std::size_t>(shape.elements()));
  }

  /// Takes files in order until there are none. `progress` may be empty.
  void work(const std::function<void(std::size_t, std::size_t)>& progress) {
    auto told = std::chrono::steady_clock::now();
    for (std::size_t i = next_++; i < files_.size(); i = next_++) {
      // Every file in front of a failed one has been taken, so that the first error does not depend on
      // threads.
      if (i > failed_) return;
      if (auto done = decode(i); !done) keep_first(i, done.errors());
      const auto now = std::chrono::steady_clock::now();
      if (!progress || now - told < std::chrono::seconds(1)) continue;
      told = now;
      progress(std::min(next_.load(), files_.size()), files_.size());
    }
  }

  Result<DecodedFiles> result() {
    if (!errors_.empty()) return errors_;
    return std::move(out_);
  }

 private:
  Status decode(std::size_t index) {
    const auto fitted = read_fitted(files_[index], frame_);
    if (!fitted) return fitted.errors();
    const auto& image = fitted->image;
    if (image.shape.channels != out_.shape.channels)
      return make_diagnostic(diagnostics::kImageChannels, files_[index].string(),
                             {std::to_string(image.shape.channels), std::to_string(out_.shape.channels)});
    std::ranges::copy(image.pixels,
                      out_.pixels.begin() + static_cast<std::ptrdiff_t>(index * image.pixels.size()));
    out_.sizes[index] = fitted->size;
    return success();
  }

  void keep_first(std::size_t index, const Diagnostics& errors) {
    const std::lock_guard lock(mutex_);
    if (index >= failed_) return;
    failed_ = index;
    errors_ = errors;
  }

  const std::vector<std::filesystem::path>& files_;
  const Frame& frame_;
  DecodedFiles out_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> failed_ = SIZE_MAX;
  std::mutex mutex_;
  Diagnostics errors_;
};

Result<DecodedFiles> decode_all(const std::vector<std::filesystem::path>& files, Frame frame,
                                const ReadOptions& options) {
  const auto first = read_fitted(files.front(), frame);
  if (!first) return first.errors();
  const Shape shape = first->image.shape;
  frame.height = shape.height;
  frame.width = shape.width;
  Decoding decoding(files, frame, shape);
  {
    std::vector<std::jthread> helpers;
    for (int i = 1; i < options.threads; ++i) helpers.emplace_back([&decoding] { decoding.work({}); });
    decoding.work(options.progress);
  }
  auto decoded = decoding.result();
  if (decoded) options.progress(files.size(), files.size());
  return decoded;
}

}  // namespace

Result<DecodedFiles> read_image_files(const std::vector<std::filesystem::path>& files, const Frame& frame,
                                      const ReadOptions& options) {
  if (options.cache.empty()) return decode_all(files, frame, options);
  const auto name = options.cache / cache_name(files, frame);
  if (auto kept = read_cache(name, files.size())) return std::move(*kept);
  auto decoded = decode_all(files, frame, options);
  if (!decoded) return decoded.errors();
  if (auto written = write_cache(name, *decoded); !written) return written.errors();
  return decoded;
}

}  // namespace bitmason::data
