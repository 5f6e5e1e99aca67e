#include "base/file.hpp"

#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

#include "base/diagnostics.hpp"

namespace bitmason {

namespace fs = std::filesystem;

namespace {

/// What has no size (a pipe, a device) may never end; this much of it fits into memory.
constexpr std::uintmax_t kEndlessLimit = std::uintmax_t{1} << 28;

Diagnostic too_large(const fs::path& path, const std::string& bytes, std::uintmax_t limit) {
  return make_diagnostic(diagnostics::kFileTooLarge, path.string(), {bytes, std::to_string(limit)});
}

}  // namespace

Result<std::ifstream> open_file(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) {
    const bool missing = status.type() == fs::file_type::not_found;
    return make_diagnostic(diagnostics::kFileUnreadable, path.string(),
                           {missing ? "no such file" : error.message()});
  }
  if (fs::is_directory(status)) {
    return make_diagnostic(diagnostics::kFileUnreadable, path.string(), {"it is a folder"});
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return make_diagnostic(diagnostics::kFileUnreadable, path.string(), {std::strerror(errno)});
  return stream;
}

Result<std::string> read_file(const fs::path& path, std::uintmax_t limit) {
  auto stream = open_file(path);
  if (!stream) return stream.errors();
  std::error_code error;
  if (fs::is_regular_file(path, error)) {
    const auto size = fs::file_size(path, error);
    if (!error && size > limit) return too_large(path, std::to_string(size), limit);
  } else {
    limit = std::min(limit, kEndlessLimit);
  }
  std::string content;
  std::vector<char> chunk(std::size_t{1} << 20);
  while (*stream) {
    stream->read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    content.append(chunk.data(), static_cast<std::size_t>(stream->gcount()));
    if (content.size() > limit) return too_large(path, "more than " + std::to_string(limit), limit);
  }
  if (stream->bad())
    return make_diagnostic(diagnostics::kFileUnreadable, path.string(), {std::strerror(errno)});
  return content;
}

Status FileWriter::fault(const std::string& reason) const {
  return make_diagnostic(diagnostics::kFileUnwritable, path_.string(), {reason});
}

Result<FileWriter> FileWriter::create(const fs::path& path) {
  FileWriter writer(path);
  std::error_code unknown;
  if (fs::exists(path, unknown) && !fs::is_regular_file(path, unknown)) {
    // A device or a pipe is written as it is; a folder is refused by its opening.
    writer.stream_.open(path, std::ios::binary);
    if (!writer.stream_) return writer.fault(std::strerror(errno)).errors();
    return writer;
  }
  writer.temporary_ = path;
  static std::atomic<unsigned> count = 0;
  writer.temporary_ += ".tmp" + std::to_string(::getpid()) + "-" + std::to_string(count++);
  std::error_code error;
  for (fs::path folder = path.parent_path(); !folder.empty() && !fs::exists(folder, error) && !error;
       folder = folder.parent_path()) {
    writer.new_folders_.insert(writer.new_folders_.begin(), folder);
  }
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (error) return writer.fault(error.message()).errors();
  writer.stream_.open(writer.temporary_, std::ios::binary | std::ios::trunc);
  if (!writer.stream_) return writer.fault(std::strerror(errno)).errors();
  return writer;
}

FileWriter::FileWriter(FileWriter&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      new_folders_(std::exchange(other.new_folders_, {})),
      stream_(std::move(other.stream_)) {}

FileWriter::~FileWriter() {
  if (temporary_.empty()) return;
  stream_.close();
  std::error_code error;
  fs::remove(temporary_, error);
  // A folder that holds something else by now stays: remove() takes empty ones only.
  for (auto folder = new_folders_.rbegin(); folder != new_folders_.rend(); ++folder)
    fs::remove(*folder, error);
}

Status FileWriter::write(std::string_view content) {
  stream_.write(content.data(), static_cast<std::streamsize>(content.size()));
  return stream_ ? success() : fault(std::strerror(errno));
}

Status FileWriter::finish() {
  stream_.close();
  if (!stream_) return fault(std::strerror(errno));
  if (temporary_.empty()) return success();
  std::error_code error;
  fs::rename(temporary_, path_, error);
  if (error) return fault(error.message());
  temporary_.clear();
  return success();
}

Status write_file(const fs::path& path, std::string_view content) {
  auto writer = FileWriter::create(path);
  if (!writer) return writer.errors();
  if (auto written = writer->write(content); !written) return written;
  return writer->finish();
}

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < length; ++i) {
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  return text;
}

}  // namespace bitmason
