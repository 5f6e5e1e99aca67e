#include <fmt/format.h>

#include <cstdlib>
#include <thread>

#include "data/open.hpp"
#include "verbs.hpp"

namespace bitmason::train_cli {

namespace {

/// The user's cache folder, as the XDG base directory specification says; empty: none is known.
std::filesystem::path user_cache() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache == '/')
    return std::filesystem::path(cache) / "bitmason";
  const char* home = std::getenv("HOME");
  return home == nullptr ? std::filesystem::path() : std::filesystem::path(home) / ".cache/bitmason";
}

}  // namespace

Result<data::DataSplit> open_data(const std::filesystem::path& path, int holdout) {
  return data::open({.path = path,
                     .split = {.holdout = holdout},
                     .read = {.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency())),
                              .cache = user_cache(),
                              .progress = [](std::size_t done, std::size_t total) {
                                fmt::print(stderr, "decoded {} of {} images\n", done, total);
                              }}});
}

}  // namespace bitmason::train_cli
