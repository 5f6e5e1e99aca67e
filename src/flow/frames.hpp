#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/npy.hpp"
#include "base/result.hpp"
#include "ir/network.hpp"
#include "sim/engine.hpp"
#include "sim/quantise.hpp"

namespace bitmason::flow {

/// By frame, then by network input: the codes that enter.
using Frames = std::vector<std::vector<sim::Codes>>;

/// The inputs of a batch, one `.npy` file per network input, read some frames at a time.
class FrameReader {
 public:
  /// Files are named FILE (one input only) or NAME=FILE. The network must outlive the reader. Errors:
  /// BM-FILE-*, BM-NPY-001..004, BM-SIM-001, BM-FLOW-003..005, BM-FLOW-014, BM-FLOW-021.
  static Result<FrameReader> open(const ir::Network& network, const std::vector<std::string>& arguments);

  [[nodiscard]] std::size_t frames() const { return frames_; }
  /// The next frames, at most `count`. Errors: BM-NPY-004, BM-NPY-005, BM-SIM-002..004.
  Result<Frames> read(std::size_t count);

  /// One input's file and what has become of its values so far.
  struct Source {
    std::filesystem::path file;
    NpyReader array;
    sim::InputQuantiser quantise;
  };
  /// In the order of the network's inputs.
  [[nodiscard]] const std::vector<Source>& sources() const { return sources_; }

 private:
  std::vector<Source> sources_;
  std::size_t frames_ = 0;
  std::size_t next_ = 0;
};

/// All frames of a FrameReader. Errors: its.
Result<Frames> read_frames(const ir::Network& network, const std::vector<std::string>& arguments);

/// `count` frames of codes drawn uniformly from each input's range; every second one holds only the two
/// extremes.
Frames random_frames(const ir::Network& network, int count, std::uint64_t seed);
/// The same for inputs of these types.
Frames random_frames(const std::vector<ir::TensorType>& types, int count, std::uint64_t seed);

}  // namespace bitmason::flow
