#pragma once

#include "base/result.hpp"
#include "data/image_set.hpp"
#include "graph/place.hpp"

/// Quantisation without training.
namespace bitmason::qat {

struct CalibrationOptions {
  graph::PlaceOptions place;
  std::size_t images = 512;  ///< at most so many are looked at, from the first
  int threads = 1;
};

/// The float network with quantisers whose scales give the least mean square error and biases that undo the
/// mean error of every sum.
///
/// Norms keep their statistics. Scales of weights are searched per output channel (or for the layer), those
/// of the last layer among powers of two; scales of activations over clipping of the float network's values
/// on the images, jointly for quantisers that share one. Then, layer after layer, the mean difference of the
/// sums between both networks goes into the bias. Needs no labels; deterministic. Cost: three passes over the
/// images and about 80 roundings of every weight and of a sample of the activations. Errors: BM-GRAPH-001,
/// 002, BM-QAT-024, 028.
Result<graph::Graph> quantise(const graph::Graph& graph, const data::ImageSet& images,
                              const CalibrationOptions& options);

}  // namespace bitmason::qat
