#include "verify/jobs.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "base/file.hpp"

namespace bitmason::verify {
namespace {

TEST(Jobs, RunEveryTaskOnce) {
  std::vector<std::atomic<int>> runs(100);
  const Status status = run_jobs(3, runs.size(), [&](std::size_t k) -> Status {
    ++runs[k];
    return success();
  });
  EXPECT_TRUE(status.ok());
  for (const auto& count : runs) EXPECT_EQ(count, 1);
}

TEST(Jobs, StopAfterAFailureAndReturnIt) {
  std::atomic<int> ran = 0;
  const Status status = run_jobs(1, 10, [&](std::size_t k) -> Status {
    ++ran;
    if (k == 2) return read_file("/nonexistent/file").errors();
    return success();
  });
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.errors().size(), 1U);
  EXPECT_EQ(ran, 3);
}

TEST(Jobs, FewerThanOneThreadIsOne) {
  int ran = 0;
  EXPECT_TRUE(run_jobs(0, 3, [&](std::size_t) -> Status {
                ++ran;
                return success();
              }).ok());
  EXPECT_EQ(ran, 3);
}

}  // namespace
}  // namespace bitmason::verify
