#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace bitmason::sim {

/// A few persistent threads that share a task's pieces; the calling thread is one of them.
class ThreadPool {
 public:
  /// piece, thread (0 is the caller); must not throw.
  using Task = std::function<void(int, int)>;

  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  [[nodiscard]] int size() const { return static_cast<int>(workers_.size()) + 1; }

  /// Calls task once for each piece and returns when all have finished. Pieces are claimed as threads come
  /// free, so a thread that the system keeps from running delays nothing that it has not begun.
  void run(int pieces, const Task& task);

 private:
  void work(int thread);
  void claim(int thread);

  std::vector<std::thread> workers_;
  const Task* task_ = nullptr;
  /// Pieces of the current task in the upper half, the next unclaimed one in the lower: one word, so a late
  /// thread never claims a piece that does not exist.
  std::atomic<std::uint64_t> ticket_ = 0;
  std::atomic<unsigned> generation_ = 0;
  std::atomic<int> unfinished_ = 0;
  std::atomic<bool> stop_ = false;
};

}  // namespace bitmason::sim
