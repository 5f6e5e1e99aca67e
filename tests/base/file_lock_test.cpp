#include "base/file_lock.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace bitmason {
namespace {

namespace fs = std::filesystem;

fs::path fresh(const std::string& name) {
  const fs::path folder = fs::temp_directory_path() / ("bitmason_lock_" + name + std::to_string(::getpid()));
  fs::remove_all(folder);
  return folder / "deep" / "work.lock";
}

TEST(FileLockTest, OneHolderAtATime) {
  const fs::path file = fresh("one");
  {
    const auto first = FileLock::try_to_take(file);
    ASSERT_TRUE(first);
    EXPECT_TRUE(first.value());
    EXPECT_FALSE(FileLock::try_to_take(file).value());
  }
  EXPECT_TRUE(FileLock::try_to_take(file).value());
  fs::remove_all(file.parent_path().parent_path());
}

TEST(FileLockTest, AKilledProcessGivesItBack) {
  const fs::path file = fresh("killed");
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto held = FileLock::try_to_take(file);
    const char sign = held && held.value() ? 'y' : 'n';
    if (::write(ready[1], &sign, 1) == 1) ::pause();
    ::_exit(1);
  }
  char sign = 0;
  ASSERT_EQ(::read(ready[0], &sign, 1), 1);
  EXPECT_EQ(sign, 'y');
  EXPECT_FALSE(FileLock::try_to_take(file).value());
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(FileLock::try_to_take(file).value());
  ::close(ready[0]);
  ::close(ready[1]);
  fs::remove_all(file.parent_path().parent_path());
}

TEST(FileLockTest, AFolderThatCannotBeMadeIsNamed) {
  const auto lock = FileLock::try_to_take("/proc/none/work.lock");
  ASSERT_FALSE(lock);
  EXPECT_EQ(to_text(lock.errors()),
            "/proc/none/work.lock: cannot write the file (No such file or directory); check the folder, its "
            "permissions and free space [BM-FILE-002]\n");
}

}  // namespace
}  // namespace bitmason
