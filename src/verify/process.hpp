#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// Proofs and measurements of a generated design with Verilator and Yosys; nothing here changes a design.
namespace bitmason::verify {

/// One program run, without a shell.
struct Command {
  std::string program;  ///< a path, or a name looked up as the system does
  std::vector<std::string> arguments;
  std::filesystem::path folder;                ///< working directory; empty: the current one
  std::optional<std::filesystem::path> log{};  ///< file for its output; nothing: the output is returned
  std::chrono::milliseconds limit = std::chrono::hours(2);
  std::string package{};  ///< Debian package that holds the program
};

/// How a program ended.
struct Outcome {
  int exit_code = 0;       ///< 128 + signal where a signal ended it
  bool timed_out = false;  ///< the time limit ended it and every process of its group
  std::string output{};    ///< standard output and error together; empty where they went to a log file
  double seconds = 0;      ///< wall clock
};

/// Runs the program to its end or to the time limit, whichever is first; it and every process it started die
/// with the caller.
/// Errors: BM-VERIFY-001 (not found), BM-VERIFY-004 (cannot start), BM-FILE-002 (log file).
Result<Outcome> run_process(const Command& command);

/// As run_process, and a time-out or an exit code other than 0 is an error too. Errors: also BM-VERIFY-002,
/// BM-VERIFY-003 with the first line of the output that speaks of an error.
Result<Outcome> run_checked(const Command& command);

/// BM-VERIFY-002 for a program that the time limit of its command ended.
Diagnostic timeout_of(const Command& command);

/// First line that the program prints for `argument` (a version option). Errors: as run_checked.
Result<std::string> tool_version(std::string_view program, std::string_view argument,
                                 std::string_view package);

/// Versions of the tools in use. Errors: BM-VERIFY-001.
Result<std::string> verilator_version();
Result<std::string> yosys_version();

}  // namespace bitmason::verify
