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
  std::string instance;         ///< the first of the instances it stands for
  bool equal = false;           ///< what was compared; also true where nothing was
  std::int64_t beats = 0;       ///< output beats compared; 0: nothing was compared
  std::int64_t cycles = 0;      ///< simulated
  std::int64_t frame_part = 0;  ///< beats seen of a frame that did not end within the cycles; 0: it ended
  std::int64_t frame = 0;       ///< beats of that frame
  std::string difference;       ///< stream, beat and cycle of the first difference; empty where equal

  /// "812 beats equal", "the first 812 of 4096 beats of a frame equal", ...
  [[nodiscard]] std::string to_text() const;
};

struct NetlistCheckResult {
  bool equal = false;  ///< every block gave beats and all of them are equal
  std::vector<BlockEquality> blocks;
  std::int64_t values = 0;   ///< output beats compared over all blocks
  std::string input_sha256;  ///< over the blocks' input beats
  std::string tool;          ///< Verilator and its version
};

struct NetlistCheckOptions {
  Workbench workbench;
  std::uint64_t seed = 1;
  std::int64_t cycles = 20000;        ///< simulated beyond the end of the first frame
  std::int64_t most_cycles = 400000;  ///< in which the first frame must end
  std::function<void(std::string_view)> progress{};
};

/// Simulates the netlist of every distinct block and its RTL in Verilator with the same random beats and the
/// same random stalls on both sides, over a whole frame of the block where it ends within `most_cycles`;
/// every output beat, its cycle included, must be equal. Cells behave as Yosys' simulation library says, DSPs
/// as the design's models, block RAMs as the room's. Errors: BM-VERIFY-001..005, 034.
Result<NetlistCheckResult> check_netlists(const DesignFiles& design, const SynthesisResult& synthesis,
                                          const NetlistCheckOptions& options);

/// The ready/valid streams among a block's ports: X_valid, X_ready and X_data, or X_tvalid and so on; several
/// streams in one port are told apart by the width of valid (inputs side by side, outputs sharing their
/// data).
BenchPorts block_ports(const std::vector<NetlistPort>& ports);

}  // namespace bitmason::verify
