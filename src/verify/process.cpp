#include "verify/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sstream>
#include <thread>

#include "base/diagnostics.hpp"
#include "base/file.hpp"
#include "verify/diagnostics.hpp"

namespace bitmason::verify {

namespace {

using Clock = std::chrono::steady_clock;

/// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

std::vector<char*> argument_vector(const Command& command, std::vector<std::string>& texts) {
  texts.push_back(command.program);
  texts.insert(texts.end(), command.arguments.begin(), command.arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Runs between fork and exec, so it only makes system calls; reports errno through `report`.
[[noreturn]] void become(char* const* arguments, const char* folder, int output, int report) {
  const int nothing = ::open("/dev/null", O_RDONLY);
  const bool ready = nothing >= 0 && ::dup2(nothing, STDIN_FILENO) >= 0 &&
                     ::dup2(output, STDOUT_FILENO) >= 0 && ::dup2(output, STDERR_FILENO) >= 0 &&
                     (*folder == '\0' || ::chdir(folder) == 0);
  if (ready) ::execvp(arguments[0], arguments);
  // A missing working directory gives ENOENT too and must not look like a missing program.
  const int reason = ready ? errno : -errno;
  [[maybe_unused]] const auto written = ::write(report, &reason, sizeof reason);
  ::_exit(127);
}

void end_group(int /*signal*/) {
  ::kill(0, SIGKILL);
}

/// The leader of the program's process group: waits for the program and ends the whole group when the caller
/// dies, however it dies, so that no tool's own children stay behind. Only makes system calls.
[[noreturn]] void guard(pid_t caller, char* const* arguments, const char* folder, int output, int report) {
  ::setpgid(0, 0);
  struct sigaction action {};
  action.sa_handler = end_group;
  ::sigaction(SIGTERM, &action, nullptr);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != caller) ::_exit(127);
  const pid_t program = ::_Fork();
  if (program == 0) {
    ::signal(SIGTERM, SIG_DFL);
    become(arguments, folder, output, report);
  }
  if (program < 0) {
    const int reason = -errno;
    [[maybe_unused]] const auto written = ::write(report, &reason, sizeof reason);
    ::_exit(127);
  }
  ::close(report);
  int status = 0;
  while (::waitpid(program, &status, 0) < 0 && errno == EINTR) {
  }
  ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/// Waits for the end or the limit; returns the wait status.
int await(pid_t child, Clock::time_point limit, bool& timed_out) {
  int status = 0;
  auto pause = std::chrono::milliseconds(1);
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (!timed_out && Clock::now() >= limit) {
      timed_out = true;
      ::kill(-child, SIGKILL);
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(20));
  }
  // Grandchildren that outlive a stopped program would keep the machine busy.
  if (timed_out) ::kill(-child, SIGKILL);
  return status;
}

std::string content_of(int descriptor) {
  std::string text;
  char buffer[1 << 16];
  ::lseek(descriptor, 0, SEEK_SET);
  for (ssize_t count = 0; (count = ::read(descriptor, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return text;
}

std::string log_name(const Command& command) {
  return command.log ? command.log->string() : "its output";
}

/// The first line that speaks of an error, else the last line that is not empty.
std::string telling_line(const std::string& output) {
  std::istringstream lines(output);
  std::string last;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("rror") != std::string::npos || line.find("ERROR") != std::string::npos) return line;
    if (!line.empty()) last = line;
  }
  return last;
}

}  // namespace

Result<Outcome> run_process(const Command& command) {
  if (command.log) {
    std::error_code ignored;
    std::filesystem::create_directories(command.log->parent_path(), ignored);
  }
  const Descriptor output(command.log
                              ? ::open(command.log->c_str(), O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0644)
                              : ::memfd_create("output", MFD_CLOEXEC));
  if (output.number() < 0) {
    return make_diagnostic(bitmason::diagnostics::kFileUnwritable, command.log ? command.log->string() : "",
                           {std::strerror(errno)});
  }
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return make_diagnostic(diagnostics::kToolStart, command.program, {std::strerror(errno)});
  }
  const Descriptor report(ends[0]);
  Descriptor report_in(ends[1]);
  std::vector<std::string> texts;
  const auto arguments = argument_vector(command, texts);
  const std::string folder = command.folder.string();

  const auto start = Clock::now();
  const pid_t caller = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) guard(caller, arguments.data(), folder.c_str(), output.number(), report_in.number());
  if (child < 0) return make_diagnostic(diagnostics::kToolStart, command.program, {std::strerror(errno)});
  ::setpgid(child, child);
  report_in.close();
  int reason = 0;
  const bool failed = ::read(report.number(), &reason, sizeof reason) == sizeof reason;
  Outcome outcome;
  const int status = await(child, start + command.limit, outcome.timed_out);
  outcome.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  if (failed && reason == ENOENT) {
    return make_diagnostic(diagnostics::kToolMissing, command.program, {command.package});
  }
  if (failed) {
    return make_diagnostic(diagnostics::kToolStart, command.program, {std::strerror(std::abs(reason))});
  }
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (!command.log) outcome.output = content_of(output.number());
  return outcome;
}

Diagnostic timeout_of(const Command& command) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(command.limit).count();
  return make_diagnostic(diagnostics::kToolTimeout, command.program,
                         {std::to_string(seconds), log_name(command)});
}

Result<Outcome> run_checked(const Command& command) {
  auto outcome = run_process(command);
  if (!outcome) return outcome;
  const std::string log = log_name(command);
  if (outcome->timed_out) return timeout_of(command);
  if (outcome->exit_code != 0) {
    std::string output = outcome->output;
    if (command.log) {
      if (auto text = read_file(*command.log)) output = *std::move(text);
    }
    return make_diagnostic(diagnostics::kToolFailed, command.program,
                           {std::to_string(outcome->exit_code), log, telling_line(output)});
  }
  return outcome;
}

Result<std::string> tool_version(std::string_view program, std::string_view argument,
                                 std::string_view package) {
  const auto outcome = run_checked({.program = std::string(program),
                                    .arguments = {std::string(argument)},
                                    .folder = {},
                                    .limit = std::chrono::seconds(60),
                                    .package = std::string(package)});
  if (!outcome) return outcome.errors();
  return outcome->output.substr(0, outcome->output.find('\n'));
}

Result<std::string> verilator_version() {
  return tool_version("verilator", "--version", "verilator");
}
Result<std::string> yosys_version() {
  return tool_version("yosys", "-V", "yosys");
}

}  // namespace bitmason::verify
