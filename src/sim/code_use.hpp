#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ir/network.hpp"
#include "sim/engine.hpp"

/// How much of its codes a network uses on some frames: exactness on dead data proves nothing.
namespace bitmason::sim {

/// One requantised tensor over all frames counted.
struct CodeUse {
  std::string layer;
  std::int64_t codes = 0;     ///< of the layer's output range
  std::int64_t values = 0;    ///< seen
  std::int64_t used = 0;      ///< different codes seen
  std::int64_t most = 0;      ///< values that hold the most frequent code
  std::int64_t channels = 0;  ///< 0: a single value per channel, so nothing can vary
  std::int64_t constant = 0;  ///< channels with one and the same code throughout

  [[nodiscard]] double used_share() const { return share(used, codes); }
  [[nodiscard]] double most_share() const { return share(most, values); }
  [[nodiscard]] double constant_share() const { return share(constant, channels); }

 private:
  static double share(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
  }
};

/// Why the data is too dead to prove anything, with the numbers that disagree; nothing where it is alive: at
/// least 3/4 of the codes are used (of the values, where there are fewer), no code holds more than 60 % of
/// the values (80 % where there are at most 4 codes) and at most 5 % of the channels are constant.
std::optional<std::string> deadness(const CodeUse& use);

/// Counts frame by frame.
class CodeCounter {
 public:
  /// The network must outlive the counter. Layers of more than 2^20 codes are left out.
  explicit CodeCounter(const ir::Network& network);
  /// A trace that keeps every tensor.
  void add(const Trace& trace);
  /// In the order of the network.
  [[nodiscard]] std::vector<CodeUse> result() const;

 private:
  struct Tensor {
    std::size_t layer = 0;
    std::vector<std::int64_t> seen;    ///< by code, from the range's lowest
    std::vector<std::int64_t> first;   ///< by channel, of the first frame
    std::vector<std::uint8_t> varies;  ///< by channel
    std::int64_t frames = 0;
  };
  const ir::Network& network_;
  std::vector<Tensor> tensors_;
};

/// The fast engine run over the frames, each one with one frame of codes per network input, and counted.
std::vector<CodeUse> measure_code_use(const ir::Network& network,
                                      const std::vector<std::vector<Codes>>& frames);

}  // namespace bitmason::sim
