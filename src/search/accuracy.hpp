#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "search/bits.hpp"

namespace bitmason::search {

/// One choice of bits to be trained.
struct Trial {
  std::string network;
  Bits bits;
  std::uint64_t seed = 1;
  std::string training;  ///< everything else that decides the result: data, split, epochs, rates
};

/// What training found: shares of the images that are right, 0 to 1.
struct Score {
  double held_out = 0;  ///< choices are made on these images
  double test = 0;      ///< nothing is chosen by these
};

/// Trains and evaluates; whoever can does.
class Accuracy {
 public:
  virtual ~Accuracy() = default;
  /// Deterministic for a trial. Errors: those of the training.
  virtual Result<Score> score(const Trial& trial) = 0;
  /// The same for several, which may run side by side; in the order of the trials.
  virtual Result<std::vector<Score>> scores(const std::vector<Trial>& trials);
};

}  // namespace bitmason::search
