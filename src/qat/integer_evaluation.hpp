#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "data/image_set.hpp"
#include "graph/graph.hpp"

/// Networks on integer codes, independent of the import and simulation of their files: what these are
/// compared with.
namespace bitmason::qat {

/// Codes image by image, each (C, H, W).
using Codes = std::vector<std::int64_t>;

struct Evaluation {
  Codes output;               ///< sums and bias codes of the last layer
  std::vector<double> units;  ///< real value of an output code: one, or one per channel
  /// By name of the Quantise step; empty unless asked for.
  std::map<std::string, Codes> activations;
};

struct EvaluateOptions {
  int threads = 1;
  bool keep_activations = false;
};

/// The network's integers, as its file (graph::to_onnx) means them, for every image.
///
/// Sums are exact: floats where they stay below 2^24, doubles below 2^53. Rounding follows thresholds that
/// are derived in exact rationals from the constants of the file. Cost: about one matrix product per layer.
/// Errors: BM-GRAPH-001, 002, BM-QAT-024, 026 (a layer reads real numbers), 027 (scales of a sum). Sets the
/// number of torch's threads in this process.
Result<Evaluation> evaluate(const graph::Graph& graph, const data::ImageSet& images,
                            const EvaluateOptions& options);

/// Index of the first largest output of each image.
std::vector<int> predicted_classes(const Evaluation& evaluation, int classes);

/// Image by image. `shape` is the output's of the graph.
std::vector<double> real_outputs(const Evaluation& evaluation, const ir::Shape& shape);

/// Of real outputs, image by image: the fraction of images whose first largest output is the label, or the
/// mean IoU of the boxes (BoxHead). Precondition: check_images(graph, images).
double score(const graph::Graph& graph, const data::ImageSet& images, std::span<const double> outputs);

/// The score: by integer codes where the network is quantised, else in float. Errors: those of evaluate and
/// check_images.
Result<double> accuracy(const graph::Graph& graph, const data::ImageSet& images, int threads);

}  // namespace bitmason::qat
