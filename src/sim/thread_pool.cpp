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

void ThreadPool::run(int pieces, const Task& task) {
  if (pieces <= 0) return;
  task_ = &task;
  unfinished_.store(pieces, std::memory_order_relaxed);
  ticket_.store(static_cast<std::uint64_t>(pieces) << 32, std::memory_order_release);
  if (pieces > 1 && !workers_.empty()) {
    generation_.fetch_add(1, std::memory_order_release);
    generation_.notify_all();
  }
  claim(0);
  for (int left = unfinished_.load(std::memory_order_acquire); left != 0;
       left = unfinished_.load(std::memory_order_acquire)) {
    wait_for_change(unfinished_, left);
  }
}

void ThreadPool::claim(int thread) {
  std::uint64_t ticket = ticket_.load(std::memory_order_acquire);
  while ((ticket & 0xffffffff) < ticket >> 32) {
    if (!ticket_.compare_exchange_weak(ticket, ticket + 1, std::memory_order_acq_rel,
                                       std::memory_order_acquire)) {
      continue;
    }
    // run() does not return, and the task stays, while this piece is unfinished.
    (*task_)(static_cast<int>(ticket & 0xffffffff), thread);
    unfinished_.fetch_sub(1, std::memory_order_acq_rel);
    unfinished_.notify_one();
    ticket = ticket_.load(std::memory_order_acquire);
  }
}

void ThreadPool::work(int thread) {
  unsigned seen = 0;
  while (true) {
    wait_for_change(generation_, seen);
    seen = generation_.load(std::memory_order_acquire);
    if (stop_) return;
    claim(thread);
  }
}

}  // namespace bitmason::sim
