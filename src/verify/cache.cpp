#include "verify/cache.hpp"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <optional>
#include <vector>

#include "base/file.hpp"
#include "verify/diagnostics.hpp"

namespace bitmason::verify {

namespace fs = std::filesystem;

namespace {

/// A name that no other process and no other thread of this one uses at the same time.
std::string unique_suffix(const void* owner) {
  return std::to_string(::getpid()) + "." + std::to_string(reinterpret_cast<std::uintptr_t>(owner));
}

/// The process named behind `mark` in a file name, if any.
std::optional<pid_t> process_in(const std::string& name, std::string_view mark) {
  const auto at = name.find(mark);
  if (at == std::string::npos) return std::nullopt;
  pid_t process = 0;
  const char* first = name.data() + at + mark.size();
  const auto [end, error] = std::from_chars(first, name.data() + name.size(), process);
  if (error != std::errc{} || process <= 0) return std::nullopt;
  return process;
}

}  // namespace

void sweep_cache(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> stale;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    for (const std::string_view mark : {kNewMark, kRunMark}) {
      const auto process = process_in(name, mark);
      if (process && ::kill(*process, 0) != 0 && errno == ESRCH) stale.push_back(entry.path());
    }
  }
  for (const fs::path& path : stale) fs::remove_all(path, error);
}

void CacheKey::add(std::string_view label, std::string_view content) {
  text_ += std::string(label) + " " + std::to_string(content.size()) + " " + sha256_hex(content) + "\n";
}

Status CacheKey::add_file(std::string_view label, const fs::path& file) {
  const auto content = read_file(file);
  if (!content) return content.errors();
  add(label, *content);
  return success();
}

std::string CacheKey::hex() const {
  return sha256_hex(text_);
}

fs::path Cache::entry(std::string_view kind, const CacheKey& key) const {
  return folder_ / (std::string(kind) + "-" + key.hex().substr(0, 32));
}

bool Cache::holds(std::string_view kind, const CacheKey& key) const {
  std::error_code error;
  return fs::exists(entry(kind, key), error);
}

Result<fs::path> Cache::obtain(std::string_view kind, const CacheKey& key,
                               const std::function<Status(const fs::path&)>& make) const {
  const fs::path complete = fs::absolute(entry(kind, key));
  std::error_code error;
  if (fs::exists(complete, error)) return complete;
  const fs::path temporary = complete.string() + std::string(kNewMark) + unique_suffix(&error);
  sweep_cache(folder_);
  fs::remove_all(temporary, error);
  fs::create_directories(temporary, error);
  if (error) return make_diagnostic(diagnostics::kCacheFolder, folder_.string(), {error.message()});
  if (auto made = make(temporary); !made) {
    // The log of a failed tool stays readable under a fixed name until the next attempt.
    const fs::path failed = complete.string() + ".failed";
    fs::remove_all(failed, error);
    fs::rename(temporary, failed, error);
    return made.errors();
  }
  fs::rename(temporary, complete, error);
  const bool made_elsewhere = error && fs::exists(complete);
  if (error) fs::remove_all(temporary, error);
  if (!fs::exists(complete) && !made_elsewhere) {
    return make_diagnostic(diagnostics::kCacheFolder, folder_.string(), {"cannot rename its entry"});
  }
  return complete;
}

}  // namespace bitmason::verify
