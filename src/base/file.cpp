#include "base/file.hpp"

#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
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

Result<std::string> read_file(const fs::path& path, std::uintmax_t limit) {
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
  if (fs::is_regular_file(status)) {
    const auto size = fs::file_size(path, error);
    if (!error && size > limit) return too_large(path, std::to_string(size), limit);
  } else {
    limit = std::min(limit, kEndlessLimit);
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return make_diagnostic(diagnostics::kFileUnreadable, path.string(), {std::strerror(errno)});
  std::string content;
  std::vector<char> chunk(std::size_t{1} << 20);
  while (stream) {
    stream.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    content.append(chunk.data(), static_cast<std::size_t>(stream.gcount()));
    if (content.size() > limit) return too_large(path, "more than " + std::to_string(limit), limit);
  }
  if (stream.bad())
    return make_diagnostic(diagnostics::kFileUnreadable, path.string(), {std::strerror(errno)});
  return content;
}

Status write_file(const fs::path& path, std::string_view content) {
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (error) return make_diagnostic(diagnostics::kFileUnwritable, path.string(), {error.message()});
  fs::path temporary = path;
  temporary += ".tmp" + std::to_string(::getpid());
  bool complete = false;
  {
    std::ofstream stream(temporary, std::ios::binary | std::ios::trunc);
    stream.write(content.data(), static_cast<std::streamsize>(content.size()));
    stream.close();
    complete = static_cast<bool>(stream);
  }
  if (complete) fs::rename(temporary, path, error);
  if (!complete || error) {
    const std::string reason = error ? error.message() : std::strerror(errno);
    fs::remove(temporary, error);
    return make_diagnostic(diagnostics::kFileUnwritable, path.string(), {reason});
  }
  return success();
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
