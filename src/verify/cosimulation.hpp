#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ir/network.hpp"
#include "sim/engine.hpp"
#include "verify/design_files.hpp"
#include "verify/simulator.hpp"

namespace bitmason::verify {

/// The first value at which a design and the integer network disagree.
struct Difference {
  std::string layer;  ///< of the network, in its order; or the name of an output port
  std::size_t frame = 0;
  int channel = 0;
  int row = 0;
  int column = 0;
  std::int64_t expected = 0;
  std::optional<std::int64_t> got;  ///< nothing: the beat never came

  [[nodiscard]] std::string to_text() const;
};

/// One run of the proof, with the name of its condition.
struct CosimulationRun {
  std::string name;  ///< "no stalls", "stalls, seed 1", "reset in mid-frame", ...
  bool equal = false;
  std::size_t frames = 0;
  std::int64_t cycles = 0;
  double seconds = 0;
};

/// What simulation of the design against the integer network has shown.
struct CosimulationResult {
  bool equal = false;
  std::size_t frames = 0;    ///< compared in the run without stalls
  std::int64_t values = 0;   ///< output codes of these frames that were compared
  std::string input_sha256;  ///< of the packed input beats
  /// Cycles between the ends of consecutive frames without stalls: the mean, rounded up, over all frames
  /// but the first; with two frames the one difference. Nothing with one frame.
  std::optional<std::int64_t> interval;
  /// Cycles from the transfer of the first input beat to that of the last output beat of the first frame,
  /// both included, without stalls.
  std::int64_t latency = 0;
  /// Most beats in each of the design's FIFOs without stalls, in the order of DesignFiles::fifos.
  std::vector<std::int64_t> fifo_marks{};
  std::vector<CosimulationRun> runs;
  std::optional<Difference> difference;
  std::string failure;  ///< why it is not equal where no value differs: protocol, tlast, surplus beats
  std::string tool;     ///< Verilator and its version
};

/// All tensors of a frame from its inputs: sim::run_reference, or an engine that keeps all tensors.
using Reference = std::function<sim::Trace(std::span<const sim::Codes>)>;

struct CosimulationOptions {
  Workbench workbench;
  Reference reference;
  std::uint64_t seed = 1;
  bool stress = true;  ///< also stalls with two seeds and a reset in mid-frame
};

/// Verilator's findings on the design, -Wall, one a line; empty is clean. Errors: BM-VERIFY-001..004.
Result<std::string> lint(const DesignFiles& design, const Workbench& workbench);

/// Simulates the frames (by frame, then by network input) back to back and compares every output code; where
/// they differ, a second simulator with a probe on every layer's stream finds the first difference.
/// Differences are a result, not an error. Errors: BM-VERIFY-001..005, 013, 020..023.
Result<CosimulationResult> cosimulate(const DesignFiles& design, const ir::Network& network,
                                      std::span<const std::vector<sim::Codes>> frames,
                                      const CosimulationOptions& options);

/// Output codes by frame and network output, without comparison: the design as an engine. Frames that the
/// design does not deliver are an error (BM-VERIFY-024).
Result<std::vector<std::vector<sim::Codes>>> run_design(const DesignFiles& design, const ir::Network& network,
                                                        std::span<const std::vector<sim::Codes>> frames,
                                                        const Workbench& workbench);

}  // namespace bitmason::verify
