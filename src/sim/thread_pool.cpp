#include "sim/thread_pool.hpp"

namespace bitmason::sim {

namespace {

/// Returns when `value` is no longer `old`. Layers follow each other within microseconds, so a short spin
/// saves the cost of sleeping and waking; a long wait gives the core away.
template <class T>
void wait_for_change(const std::atomic<T>& value, T old) {
  constexpr int kSpins = 4000;
  for (int i = 0; i < kSpins; ++i) {
    if (value.load(std::memory_order_acquire) != old) return;
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
  value.wait(old, std::memory_order_acquire);
}

}  // namespace

ThreadPool::ThreadPool(int threads) {
  for (int i = 1; i < threads; ++i) workers_.emplace_back([this, i] { work(i); });
}

ThreadPool::~ThreadPool() {
  stop_ = true;
  generation_.fetch_add(1, std::memory_order_release);
  generation_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::run(const std::function<void(int)>& task) {
  task_ = &task;
  running_.store(static_cast<int>(workers_.size()), std::memory_order_relaxed);
  generation_.fetch_add(1, std::memory_order_release);
  generation_.notify_all();
  task(0);
  for (int left = running_.load(std::memory_order_acquire); left != 0;
       left = running_.load(std::memory_order_acquire)) {
    wait_for_change(running_, left);
  }
}

void ThreadPool::work(int thread) {
  unsigned seen = 0;
  while (true) {
    wait_for_change(generation_, seen);
    ++seen;
    if (stop_) return;
    (*task_)(thread);
    if (running_.fetch_sub(1, std::memory_order_release) == 1) running_.notify_all();
  }
}

}  // namespace bitmason::sim
