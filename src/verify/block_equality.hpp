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
  std::string input_sha256;     ///< over the input beats
  bool from_cache = false;      ///< the two simulations ran before, with the same programs and beats

  /// "812 beats equal", "the first 812 of 4096 beats of a frame equal", ...
  [[nodiscard]] std::string to_text() const;
};

struct NetlistCheckOptions {
  Workbench workbench;
  std::uint64_t seed = 1;
  std::int64_t cycles = 20000;        ///< simulated beyond the end of the first frame
  std::int64_t most_cycles = 400000;  ///< in which the first frame must end
  std::function<void(std::string_view)> progress{};
};

/// Simulates a block's netlist and its RTL with the same random beats and stalls; the verdict is kept in the
/// cache under the content of both programs and of the beats. Errors: BM-VERIFY-001..005, 034.
Result<BlockEquality> compare_block(const DesignFiles& design, const Block& block,
                                    const NetlistCheckOptions& options);

/// The ready/valid streams among a block's ports: X_valid, X_ready and X_data, or X_tvalid and so on; several
/// streams in one port are told apart by the width of valid (inputs side by side, outputs sharing their
/// data).
BenchPorts block_ports(const std::vector<NetlistPort>& ports);

}  // namespace bitmason::verify
