#include "sim/thread_pool.hpp"

#include <gtest/gtest.h>

namespace bitmason::sim {
namespace {

TEST(ThreadPoolTest, EveryPieceRunsOnceIn2000ShortTasks) {
  ThreadPool pool(4);
  EXPECT_EQ(pool.size(), 4);
  for (int round = 0; round < 2000; ++round) {
    const int pieces = 1 + round % 9;
    std::vector<int> calls(static_cast<std::size_t>(pieces), 0);
    std::atomic<int> strangers = 0;
    pool.run(pieces, [&](int piece, int thread) {
      ++calls[static_cast<std::size_t>(piece)];
      if (thread < 0 || thread >= 4) ++strangers;
    });
    ASSERT_EQ(calls, std::vector<int>(static_cast<std::size_t>(pieces), 1)) << round;
    ASSERT_EQ(strangers, 0);
  }
}

TEST(ThreadPoolTest, OneThreadRunsEverythingItself) {
  ThreadPool pool(1);
  const auto self = std::this_thread::get_id();
  int others = 0;
  pool.run(5, [&](int, int) { others += std::this_thread::get_id() == self ? 0 : 1; });
  EXPECT_EQ(others, 0);
  pool.run(0, [&](int, int) { ++others; });
  EXPECT_EQ(others, 0);
}

}  // namespace
}  // namespace bitmason::sim
