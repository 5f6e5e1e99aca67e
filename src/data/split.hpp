#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "data/source.hpp"

namespace bitmason::data {

/// Which images are kept from training. The training's seed has no say in it, so that all choices are made on
/// the same images.
struct SplitSpec {
  int holdout = 0;         ///< images held out of the training images
  int test = 0;            ///< images of the test set, where the data set has none of its own
  std::uint64_t seed = 0;  ///< another one, other images
  bool operator==(const SplitSpec&) const = default;
};

/// The last images are the test set, those before them are held out, the rest stays in its order: the last
/// in an order drawn from the seed, or, with seed 0 and files that are not ordered by class, of the files.
/// Errors: BM-DATA-008, 012.
Result<DataSplit> split(SourceSets sets, const SplitSpec& spec, const std::string& where);

}  // namespace bitmason::data
