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

/// What training found.
struct Score {
  double accuracy = 0;  ///< share of the images that are right, 0 to 1
  double loss = 0;      ///< mean over the images
};

/// Trains and evaluates; whoever can does.
class Accuracy {
 public:
  virtual ~Accuracy() = default;
  /// Deterministic for a trial. Errors: those of the training.
  virtual Result<Score> score(const Trial& trial) = 0;
};

}  // namespace bitmason::search
