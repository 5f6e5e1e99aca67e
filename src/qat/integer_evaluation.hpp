#pragma once

#include <cstdint>
#include <vector>

#include "data/image_set.hpp"
#include "qat/trained_network.hpp"

/// A trained network on integer codes, independent of the import and simulation of its exported file: what
/// they are compared with.
namespace bitmason::qat {

/// Logit codes of every image, classes_of(...) in a row.
///
/// Sums are exact (floats or doubles, whichever holds the layer's range); rounding follows thresholds that
/// are derived in exact rationals from the exported constants. Precondition: shapes agree. Cost: about one
/// float matrix product per layer. Sets the number of torch's threads in this process.
std::vector<std::int64_t> logit_codes(const TrainedNetwork& network, const data::ImageSet& images,
                                      int threads);

/// Index of the first largest logit of each image.
std::vector<int> predicted_classes(const std::vector<std::int64_t>& logits, int classes);

/// Fraction of images whose predicted class is the label.
double accuracy(const TrainedNetwork& network, const data::ImageSet& images, int threads);

}  // namespace bitmason::qat
