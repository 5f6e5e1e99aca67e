#include "search/parallel.hpp"

#include <atomic>
#include <thread>
#include <vector>

namespace bitmason::search {

void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& task) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t k = next++; k < count; k = next++) task(k);
  };
  std::vector<std::jthread> others;
  for (int k = 1; k < threads; ++k) others.emplace_back(work);
  work();
}

}  // namespace bitmason::search
