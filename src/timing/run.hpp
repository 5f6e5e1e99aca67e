#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "timing/assembly.hpp"

/// The design's handshakes cycle by cycle: when each frame leaves, what each FIFO holds at most.
namespace bitmason::timing {

/// What a run finds. Inputs offer beats in every cycle, outputs are taken in every cycle.
struct Run {
  std::vector<std::int64_t> ends;    ///< cycle of each frame's last output beat, the first cycle being 0
  bool stuck = false;                ///< nothing left any more
  bool periodic = false;             ///< the state behind the last frame was that behind one before it ...
  int period = 1;                    ///< ... by that many frames
  std::map<std::string, int> marks;  ///< most beats in the memory of each FIFO, by the instance's name

  /// Cycles between the last two frames, in a periodic run the mean of its period, rounded up; 0 where there
  /// are fewer frames.
  [[nodiscard]] std::int64_t interval() const;
};

struct RunOptions {
  Capacity capacity = Capacity::Exact;
  Depths depths{};
  int frames = 8;  ///< at most; a periodic run ends before
  /// Cycles after which a frame is late, by frame; the last one counts for all later, from the end before.
  /// Empty: never.
  std::vector<std::int64_t> limits{};
};

/// Runs until the state repeats from frame to frame, a frame is late, or nothing moves. Deterministic. Cost:
/// about 10 ns per cycle and module.
Run run(const hw::Design& design, const RunOptions& options);

}  // namespace bitmason::timing
