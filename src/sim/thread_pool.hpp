#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace bitmason::sim {

/// A few persistent threads that share short tasks; the calling thread is one of them.
class ThreadPool {
 public:
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  [[nodiscard]] int size() const { return static_cast<int>(workers_.size()) + 1; }

  /// Calls task(thread) once on each thread, thread 0 being the caller, and returns when all have finished.
  /// A task must not throw.
  void run(const std::function<void(int)>& task);

 private:
  void work(int thread);

  std::vector<std::thread> workers_;
  const std::function<void(int)>* task_ = nullptr;
  std::atomic<unsigned> generation_ = 0;
  std::atomic<int> running_ = 0;
  std::atomic<bool> stop_ = false;
};

}  // namespace bitmason::sim
