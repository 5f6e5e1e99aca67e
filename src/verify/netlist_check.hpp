#pragma once

#include "verify/block_equality.hpp"

namespace bitmason::verify {

struct NetlistCheckResult {
  bool equal = false;  ///< every block gave beats and all of them are equal
  std::vector<BlockEquality> blocks;
  std::int64_t values = 0;   ///< output beats compared over all blocks
  std::string input_sha256;  ///< over the blocks' input beats
  std::string tool;          ///< Verilator and its version
};

/// Simulates the netlist of every distinct block and its RTL in Verilator with the same random beats and the
/// same random stalls on both sides, over a whole frame of the block where it ends within `most_cycles`;
/// every output beat, its cycle included, must be equal. Cells behave as Yosys' simulation library says, DSPs
/// as the design's models, block RAMs as the room's. Errors: BM-VERIFY-001..005, 034.
Result<NetlistCheckResult> check_netlists(const DesignFiles& design, const SynthesisResult& synthesis,
                                          const NetlistCheckOptions& options);

}  // namespace bitmason::verify
