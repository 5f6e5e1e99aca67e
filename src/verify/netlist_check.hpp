#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "verify/synthesis.hpp"

namespace bitmason::verify {

/// One block's netlist against its RTL.
struct BlockEquality {
  std::string module;
  std::string instance;  ///< the first of the instances it stands for
  bool equal = false;
  std::int64_t beats = 0;   ///< output beats compared
  std::int64_t cycles = 0;  ///< simulated
  std::string difference;   ///< stream, beat and cycle of the first difference; empty where equal
};

struct NetlistCheckResult {
  bool equal = false;
  std::vector<BlockEquality> blocks;
  std::int64_t values = 0;   ///< output beats compared over all blocks
  std::string input_sha256;  ///< over the blocks' input beats
  std::string tool;          ///< Verilator and its version
};

struct NetlistCheckOptions {
  Workbench workbench;
  std::uint64_t seed = 1;
  std::int64_t cycles = 20000;  ///< of each simulation
  std::function<void(std::string_view)> progress{};
};

/// Simulates the netlist of every distinct block and its RTL in Verilator with the same random beats and the
/// same random stalls on both sides; every output beat, its cycle included, must be equal. A block that gives
/// no beat within the cycles is not equal. Cells behave as Yosys' simulation library says, DSPs as the
/// design's models, block RAMs as the room's. Errors: BM-VERIFY-001..005, 034.
Result<NetlistCheckResult> check_netlists(const DesignFiles& design, const SynthesisResult& synthesis,
                                          const NetlistCheckOptions& options);

/// The ready/valid streams among a block's ports: X_valid, X_ready and X_data, or X_tvalid and so on; several
/// streams in one port are told apart by the width of valid (inputs side by side, outputs sharing their
/// data).
BenchPorts block_ports(const std::vector<NetlistPort>& ports);

}  // namespace bitmason::verify
