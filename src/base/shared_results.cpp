#include "base/shared_results.hpp"

#include <chrono>
#include <thread>

#include "base/file.hpp"

namespace bitmason {

Result<std::optional<std::string>> SharedResults::find(const std::string& key) const {
  std::error_code none;
  if (!std::filesystem::exists(path_of(key), none)) return std::optional<std::string>();
  auto text = read_file(path_of(key));
  if (!text) return text.errors();
  return std::optional(*std::move(text));
}

Status SharedResults::save(const std::string& key, const std::string& text) const {
  return write_file(path_of(key), text);
}

Result<std::optional<FileLock>> SharedResults::lock(const std::string& key) const {
  return FileLock::try_to_take(folder_ / "locks" / key);
}

Result<std::optional<std::string>> SharedResults::get_unless_taken(const std::string& key,
                                                                   const Work& work) const {
  auto known = find(key);
  if (!known || *known) return known;
  const auto held = lock(key);
  if (!held) return held.errors();
  if (!held.value()) return std::optional<std::string>();
  // Another may have finished it just now.
  known = find(key);
  if (!known || *known) return known;
  auto text = work();
  if (!text) return text.errors();
  if (auto saved = save(key, *text); !saved) return saved.errors();
  return std::optional(*std::move(text));
}

Result<std::string> SharedResults::get(const std::string& key, const Work& work) const {
  constexpr std::chrono::milliseconds kWait{200};
  while (true) {
    auto text = get_unless_taken(key, work);
    if (!text) return text.errors();
    if (*text) return **std::move(text);
    std::this_thread::sleep_for(kWait);
  }
}

}  // namespace bitmason
