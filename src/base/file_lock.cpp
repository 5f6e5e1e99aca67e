#include "base/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/diagnostics.hpp"

namespace bitmason {

Result<std::optional<FileLock>> FileLock::try_to_take(const std::filesystem::path& file) {
  std::error_code none;
  std::filesystem::create_directories(file.parent_path(), none);
  constexpr mode_t kReadWrite = 0666;
  const int descriptor = ::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, kReadWrite);
  const auto refused = [&](int error) {
    return make_diagnostic(diagnostics::kFileUnwritable, file.string(),
                           {std::generic_category().message(error)});
  };
  if (descriptor < 0) return refused(errno);
  FileLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return std::optional<FileLock>(std::move(lock));
  if (errno == EWOULDBLOCK) return std::optional<FileLock>();
  return refused(errno);
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

}  // namespace bitmason
