#include "verify/jobs.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace bitmason::verify {

Status run_jobs(int jobs, std::size_t count, const std::function<Status(std::size_t)>& task) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  Diagnostics errors;
  const auto work = [&] {
    while (!failed) {
      const std::size_t k = next++;
      if (k >= count) return;
      const Status status = task(k);
      if (status) continue;
      failed = true;
      const std::lock_guard lock(mutex);
      errors.insert(errors.end(), status.errors().begin(), status.errors().end());
    }
  };
  std::vector<std::thread> threads;
  const auto most = static_cast<std::size_t>(std::max(1, jobs));
  for (std::size_t k = 0; k < std::min(most, count); ++k) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  if (!errors.empty()) return errors;
  return success();
}

}  // namespace bitmason::verify
