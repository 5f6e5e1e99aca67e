#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "verify/beats.hpp"

namespace bitmason::verify {

/// Bits of the widest constant that Verilator takes: parameters of bm_dots have more than its default of
/// 65,536.
inline constexpr std::string_view kMostConstantBits = "1048576";

/// Where the room's own files are and where results of tools go.
struct Workbench {
  std::filesystem::path support;  ///< src/verify of the repository: bench/, models/, lint.vlt
  std::filesystem::path cache;    ///< folder of tool results, made where absent
  int jobs = 2;                   ///< processes at a time
  std::chrono::milliseconds limit = std::chrono::hours(2);  ///< of one simulation
};

/// A ready/valid stream of a simulated module as C++ expressions over its Verilator model `m`.
struct BenchStream {
  std::string name;
  std::string data;
  std::string valid;
  std::string ready;
  int index = 0;       ///< bit of valid and ready
  int offset = 0;      ///< lowest bit within data
  int width = 0;       ///< bits
  std::string last{};  ///< tlast; empty: none
};

/// What the bench must know of the simulated module.
struct BenchPorts {
  std::string clock;
  std::string reset;
  std::vector<BenchStream> inputs;
  std::vector<BenchStream> outputs;
  std::vector<BenchStream> probes{};
  int memory_bits = 0;  ///< of a beat of the AXI4 read port m_axi; 0: there is none
};

/// The header that the bench is compiled with.
std::string print_ports(const BenchPorts& ports);

/// Everything that goes into one simulator.
struct SimulatorRequest {
  std::string top;
  std::vector<std::filesystem::path> files;
  std::vector<std::filesystem::path> dependencies{};  ///< read by the files or at run time
  std::vector<std::pair<std::string, std::string>> macros{};
  std::filesystem::path include{};  ///< folder of included files; empty: none
  std::string control{};            ///< content of a Verilator control file
  BenchPorts ports;
};

/// Compiles module and bench with Verilator (every variable starts with a random value); returns the program.
/// Errors: BM-VERIFY-001..005.
Result<std::filesystem::path> build_simulator(const SimulatorRequest& request, const Workbench& workbench);

/// One run of a simulator. Inputs and expectations are in the order of the ports.
struct Stimulus {
  std::vector<std::string> inputs;           ///< packed beats
  std::vector<std::int64_t> frame_beats;     ///< of each input, for tlast; 0: none
  std::vector<std::int64_t> expected_beats;  ///< of each output
  int stall_in = 0;                          ///< percent
  int stall_out = 0;                         ///< percent
  std::uint64_t seed = 1;                    ///< of stalls and initial state
  std::int64_t idle_limit = 1000000;         ///< cycles without a transfer after which the design is stuck
  std::int64_t cycle_limit = 0;              ///< 0: none
  std::int64_t drain = 0;                    ///< cycles simulated after the last expected beat
  std::string memory{};                      ///< file of what lies behind m_axi; empty: nothing
  int memory_latency = 100;      ///< cycles from a burst's request to its first beat; varies under stalls
  std::int64_t reset_after = 0;  ///< beats of the first input before a reset; 0: none
};

struct Recording {
  std::int64_t cycles = 0;
  bool stuck = false;
  std::vector<std::string> violations;
  std::vector<std::vector<Beat>> taken;    ///< per input, without data
  std::vector<std::vector<Beat>> outputs;  ///< per output
  std::vector<std::vector<Beat>> probes;   ///< per probe
  std::map<std::string, std::int64_t>
      marks;  ///< by hierarchical name, where fifo_marks.sv is among the files
  double seconds = 0;
};

/// Runs the simulator in a scratch folder that is removed afterwards. Errors: BM-VERIFY-002..005, BM-FILE-*.
Result<Recording> simulate(const std::filesystem::path& program, const BenchPorts& ports,
                           const Stimulus& stimulus, const Workbench& workbench);

}  // namespace bitmason::verify
