#include "verify/process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "base/file.hpp"

namespace bitmason::verify {
namespace {

using std::chrono::milliseconds;
namespace fs = std::filesystem;

TEST(Process, ReturnsOutputOfBothStreamsAndTheExitCode) {
  const auto outcome =
      run_process({.program = "sh", .arguments = {"-c", "echo out; echo err >&2; exit 3"}, .folder = {}});
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->exit_code, 3);
  EXPECT_EQ(outcome->output, "out\nerr\n");
  EXPECT_FALSE(outcome->timed_out);
}

TEST(Process, PassesArgumentsWithoutAShellAndRunsInTheFolder) {
  const auto echo = run_process({.program = "echo", .arguments = {"$HOME;", "a  b"}, .folder = {}});
  EXPECT_EQ(echo->output, "$HOME; a  b\n");
  const auto where = run_process({.program = "pwd", .arguments = {}, .folder = "/usr"});
  EXPECT_EQ(where->output, "/usr\n");
}

TEST(Process, StopsTheWholeGroupAtTheTimeLimit) {
  const fs::path mark = fs::temp_directory_path() / ("bitmason_mark_" + std::to_string(::getpid()));
  fs::remove(mark);
  const auto outcome = run_process({.program = "sh",
                                    .arguments = {"-c", "(sleep 1; touch " + mark.string() + ") & sleep 30"},
                                    .folder = {},
                                    .limit = milliseconds(200)});
  ASSERT_TRUE(outcome.ok());
  EXPECT_TRUE(outcome->timed_out);
  EXPECT_EQ(outcome->exit_code, 128 + 9);
  EXPECT_LT(outcome->seconds, 5);
  const auto later = run_process({.program = "sleep", .arguments = {"1.2"}, .folder = {}});
  EXPECT_FALSE(fs::exists(mark)) << "the grandchild outlived the limit";
}

/// Starts a program whose own child leaves a mark after a second, and ends the caller by `signal` before.
void expect_nothing_survives(int signal) {
  const fs::path mark = fs::temp_directory_path() / ("bitmason_orphan_" + std::to_string(::getpid()));
  fs::remove(mark);
  const pid_t caller = ::fork();
  if (caller == 0) {
    (void)run_process({.program = "sh",
                       .arguments = {"-c", "(sleep 1; touch " + mark.string() + ") & sleep 30"},
                       .folder = {}});
    ::_exit(0);
  }
  std::this_thread::sleep_for(milliseconds(400));
  ::kill(caller, signal);
  int status = 0;
  ::waitpid(caller, &status, 0);
  std::this_thread::sleep_for(milliseconds(1300));
  EXPECT_FALSE(fs::exists(mark)) << "a tool's child outlived signal " << signal;
  fs::remove(mark);
}

TEST(Process, EndsTheWholeGroupWithItsCaller) {
  expect_nothing_survives(SIGINT);
  expect_nothing_survives(SIGKILL);
}

TEST(Process, NamesTheDebianPackageOfAMissingTool) {
  const auto outcome =
      run_process({.program = "no_such_tool", .arguments = {}, .folder = {}, .package = "yosys"});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(
      outcome.errors()[0].message(),
      "no_such_tool: cannot find this program; install it with `apt-get install yosys` [BM-VERIFY-001]");
}

TEST(Process, SaysThatAFolderIsMissingRatherThanTheTool) {
  const auto outcome = run_process({.program = "echo", .arguments = {}, .folder = "/no/such/folder"});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.errors()[0].message(),
            "echo: cannot be started (No such file or directory); check the folder and the permissions "
            "[BM-VERIFY-004]");
}

TEST(Process, QuotesTheFirstLineThatSpeaksOfAnErrorInTheLog) {
  const fs::path log = fs::temp_directory_path() / ("bitmason_log_" + std::to_string(::getpid()));
  const auto outcome = run_checked({.program = "sh",
                                    .arguments = {"-c", "echo fine; echo 'ERROR: bad'; echo end; exit 1"},
                                    .folder = {},
                                    .log = log});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.errors()[0].message(), "sh: ended with exit code 1 where 0 was expected; read " +
                                               log.string() + ": ERROR: bad [BM-VERIFY-003]");
  EXPECT_EQ(*read_file(log), "fine\nERROR: bad\nend\n");
  fs::remove(log);
}

TEST(Process, ReportsATimeLimitAsAnError) {
  const auto outcome =
      run_checked({.program = "sleep", .arguments = {"30"}, .folder = {}, .limit = milliseconds(1000)});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(
      outcome.errors()[0].message(),
      "sleep: did not finish within 1 s and was stopped; raise the limit or read its output [BM-VERIFY-002]");
}

TEST(Process, ReadsTheVersionsOfTheTools) {
  EXPECT_TRUE(verilator_version()->starts_with("Verilator "));
  EXPECT_TRUE(yosys_version()->starts_with("Yosys "));
}

}  // namespace
}  // namespace bitmason::verify
