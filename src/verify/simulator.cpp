#include "verify/simulator.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <sstream>

#include "base/file.hpp"
#include "verify/cache.hpp"
#include "verify/diagnostics.hpp"
#include "verify/process.hpp"

namespace bitmason::verify {

namespace fs = std::filesystem;

namespace {

constexpr const char* kBenchFiles[] = {"stream_bench.cpp", "streams.hpp", "ports.hpp", "options.hpp",
                                       "memory.hpp"};

/// A folder of one run, removed with the object.
class ScratchFolder {
 public:
  explicit ScratchFolder(const fs::path& parent) {
    fs::create_directories(parent, error_);
    sweep_cache(parent);
    const std::string stem = std::string(kRunMark) + std::to_string(::getpid()) + ".XXXXXX";
    std::string name = (fs::absolute(parent) / stem).string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~ScratchFolder() {
    if (!path_.empty()) fs::remove_all(path_, error_);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  std::error_code error_;
  fs::path path_;
};

std::string stream_rows(const std::vector<BenchStream>& streams, bool probes) {
  std::string text;
  for (const BenchStream& s : streams) {
    text += fmt::format(" \\\n  X({}, {}, {}, {}, ", s.name, s.data, s.valid, s.ready);
    text += probes ? fmt::format("{})", s.width)
                   : fmt::format("{}, {}, {}, {})", s.index, s.offset, s.width,
                                 s.last.empty() ? "bench_no_last" : s.last);
  }
  return text + "\n";
}

std::vector<std::string> verilator_arguments(const SimulatorRequest& request, const fs::path& folder,
                                             const fs::path& bench, bool ccache) {
  std::vector<std::string> arguments = {"--cc",
                                        "--exe",
                                        "--build",
                                        "-O3",
                                        "-j",
                                        "2",
                                        "--prefix",
                                        "Vbench",
                                        "--top-module",
                                        request.top,
                                        "--x-assign",
                                        "unique",
                                        "--x-initial",
                                        "unique",
                                        "--max-num-width",
                                        std::string(kMostConstantBits),
                                        "-Wno-fatal",
                                        "-Wno-lint",
                                        "-Wno-style",
                                        "--Mdir",
                                        (folder / "obj").string(),
                                        "-o",
                                        "bench",
                                        "-CFLAGS",
                                        fmt::format("-std=c++17 -I.. -I{}", bench.string()),
                                        "-MAKEFLAGS",
                                        fmt::format("OPT_FAST=-O2 OBJCACHE={}", ccache ? "ccache" : "")};
  for (const auto& [name, value] : request.macros) arguments.push_back("-D" + name + "=" + value);
  if (!request.include.empty()) arguments.push_back("-I" + request.include.string());
  arguments.push_back((folder / "control.vlt").string());
  for (const fs::path& file : request.files) arguments.push_back(file.string());
  arguments.push_back((bench / kBenchFiles[0]).string());
  return arguments;
}

Result<CacheKey> key_of(const SimulatorRequest& request, const fs::path& bench, const std::string& ports) {
  CacheKey key;
  const auto version = verilator_version();
  if (!version) return version.errors();
  key.add("tool", *version);
  key.add("top", request.top);
  key.add("ports", ports);
  key.add("control", request.control);
  for (const auto& [name, value] : request.macros) key.add(name, value);
  std::vector<fs::path> files = request.files;
  files.insert(files.end(), request.dependencies.begin(), request.dependencies.end());
  for (const char* file : kBenchFiles) files.push_back(bench / file);
  for (const fs::path& file : files) {
    if (auto added = key.add_file(file.filename().string(), file); !added) return added.errors();
  }
  return key;
}

Status compile(const SimulatorRequest& request, const fs::path& bench, const std::string& ports,
               const fs::path& folder) {
  if (auto written = write_file(folder / "design_ports.hpp", ports); !written) return written;
  const std::string control = "`verilator_config\n" + request.control;
  if (auto written = write_file(folder / "control.vlt", control); !written) return written;
  const bool ccache = tool_version("ccache", "--version", "ccache").ok();
  const auto built = run_checked({.program = "verilator",
                                  .arguments = verilator_arguments(request, folder, bench, ccache),
                                  .folder = {},
                                  .log = folder / "verilator.log",
                                  .package = "verilator"});
  if (!built) return built.errors();
  std::error_code error;
  fs::rename(folder / "obj" / "bench", folder / "bench", error);
  if (error) return make_diagnostic(diagnostics::kCacheFolder, folder.string(), {error.message()});
  fs::remove_all(folder / "obj", error);
  return success();
}

std::vector<std::string> bench_arguments(const fs::path& folder, const BenchPorts& ports,
                                         const Stimulus& stimulus) {
  std::vector<std::string> arguments = {fmt::format("dir={}", folder.string()),
                                        fmt::format("stall_in={}", stimulus.stall_in),
                                        fmt::format("stall_out={}", stimulus.stall_out),
                                        fmt::format("seed={}", stimulus.seed),
                                        fmt::format("idle={}", stimulus.idle_limit),
                                        fmt::format("drain={}", stimulus.drain),
                                        fmt::format("reset_after={}", stimulus.reset_after),
                                        fmt::format("+verilator+seed+{}", stimulus.seed % 1000000 + 1),
                                        "+verilator+rand+reset+2"};
  if (!stimulus.memory.empty()) {
    arguments.push_back("memory=" + stimulus.memory);
    arguments.push_back(fmt::format("latency={}", stimulus.memory_latency));
  }
  if (stimulus.cycle_limit > 0) arguments.push_back(fmt::format("cycles={}", stimulus.cycle_limit));
  for (std::size_t k = 0; k < ports.inputs.size(); ++k) {
    arguments.push_back(fmt::format("frame_{}={}", ports.inputs[k].name, stimulus.frame_beats[k]));
  }
  for (std::size_t k = 0; k < ports.outputs.size(); ++k) {
    arguments.push_back(fmt::format("expect_{}={}", ports.outputs[k].name, stimulus.expected_beats[k]));
  }
  return arguments;
}

void read_summary(const std::string& output, Recording& recording) {
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("cycles ")) recording.cycles = std::stoll(line.substr(7));
    if (line.starts_with("mark ")) {
      std::istringstream words(line.substr(5));
      std::string name;
      std::int64_t beats = 0;
      if (words >> name >> beats) recording.marks[name] = beats;
    }
    if (line.starts_with("violation: ")) recording.violations.push_back(line.substr(11));
  }
}

/// Reads the records of all streams of one kind.
Status read_records(const fs::path& folder, const char* prefix, const std::vector<BenchStream>& streams,
                    bool with_data, std::vector<std::vector<Beat>>& into) {
  for (const BenchStream& stream : streams) {
    auto beats = read_beats(folder / (prefix + stream.name + ".bin"), with_data ? (stream.width + 7) / 8 : 0);
    if (!beats) return beats.errors();
    into.push_back(*std::move(beats));
  }
  return success();
}

}  // namespace

std::string print_ports(const BenchPorts& ports) {
  return "#pragma once\n#define BENCH_CLOCK " + ports.clock + "\n#define BENCH_RESET " + ports.reset +
         "\n#define BENCH_INPUTS(X)" + stream_rows(ports.inputs, false) + "#define BENCH_OUTPUTS(X)" +
         stream_rows(ports.outputs, false) + "#define BENCH_PROBES(X)" + stream_rows(ports.probes, true) +
         (ports.memory_bits == 0 ? "" : fmt::format("#define BENCH_MEMORY_BITS {}\n", ports.memory_bits));
}

Result<fs::path> build_simulator(const SimulatorRequest& request, const Workbench& workbench) {
  const fs::path bench = fs::absolute(workbench.support / "bench");
  const std::string ports = print_ports(request.ports);
  const auto key = key_of(request, bench, ports);
  if (!key) return key.errors();
  const auto folder = Cache(workbench.cache).obtain("simulator", *key, [&](const fs::path& temporary) {
    return compile(request, bench, ports, temporary);
  });
  if (!folder) return folder.errors();
  return *folder / "bench";
}

Result<Recording> simulate(const fs::path& program, const BenchPorts& ports, const Stimulus& stimulus,
                           const Workbench& workbench) {
  const ScratchFolder scratch(workbench.cache);
  if (scratch.path().empty()) {
    return make_diagnostic(diagnostics::kCacheFolder, workbench.cache.string(), {"cannot make a folder"});
  }
  for (std::size_t k = 0; k < ports.inputs.size(); ++k) {
    const fs::path file = scratch.path() / ("in_" + ports.inputs[k].name + ".bin");
    if (auto written = write_file(file, stimulus.inputs[k]); !written) return written.errors();
  }
  const Command command{.program = program.string(),
                        .arguments = bench_arguments(scratch.path(), ports, stimulus),
                        .folder = scratch.path(),
                        .limit = workbench.limit};
  const auto outcome = run_process(command);
  if (!outcome) return outcome.errors();
  if (outcome->timed_out) return timeout_of(command);
  Recording recording;
  recording.seconds = outcome->seconds;
  recording.stuck = outcome->exit_code == 3;
  read_summary(outcome->output, recording);
  if (outcome->exit_code != 0 && outcome->exit_code != 3 && outcome->exit_code != 4) {
    return make_diagnostic(
        diagnostics::kToolFailed, program.string(),
        {std::to_string(outcome->exit_code), "its output", outcome->output.substr(0, 400)});
  }
  for (const auto& status : {read_records(scratch.path(), "taken_", ports.inputs, false, recording.taken),
                             read_records(scratch.path(), "out_", ports.outputs, true, recording.outputs),
                             read_records(scratch.path(), "probe_", ports.probes, true, recording.probes)}) {
    if (!status) return status.errors();
  }
  return recording;
}

}  // namespace bitmason::verify
