#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "data/image_set.hpp"
#include "graph/place.hpp"
#include "qat/box_head.hpp"
#include "qat/integer_evaluation.hpp"

/// What narrow widths cost, layer by layer: measured once, for any search.
namespace bitmason::qat {

struct SensitivityProgress {
  std::size_t done = 0;  ///< networks, with those that were measured before
  std::size_t total = 0;
  double seconds_left = 0;
};

struct SensitivityOptions {
  /// Widths by layer with weights, each 1 to 8: of its weights, and of the activations that enter it.
  std::vector<std::vector<int>> weights;
  std::vector<std::vector<int>> activations;
  /// Widths of all else, one number per layer of each; absent: 8 bits.
  std::optional<graph::Bits> base{};
  std::size_t images = 512;  ///< training images on which ranges are searched, at most
  int threads = 1;
  /// The losses measured so far as SharedResults, in a folder below it named by what they depend on, so that
  /// processes share the work. Empty: none are kept.
  std::filesystem::path folder;
  std::function<void(const SensitivityProgress&)> progress = [](const SensitivityProgress&) {};
};

/// By layer with weights and bits, index 0 not used: the loss, 0 in 8 bits, nowhere rising with the bits.
/// Widths that were not asked for have the value of the next wider one.
struct Sensitivity {
  std::vector<std::vector<double>> weights;
  std::vector<std::vector<double>> activations;
  double base = 0;           ///< divergence of the base itself, where there is one and a set holds its width
  std::size_t measured = 0;  ///< networks that this call quantised; the others were known
};

/// Quantises the network without training (quantise()) in 8 bits, and once for each layer and width with this
/// layer's weights, or the activations that enter it, in this width and all else in the base's; the loss is
/// the mean divergence() of the integer codes' outputs from those in 8 bits (box_divergence() where the
/// images have boxes), on the images held out, with a base beyond that with this width the widest of its set.
/// Unlike a loss by labels it is never less than 0, so that few images tell widths apart. Deterministic.
/// Cost: quantise() and evaluate() for each width of each layer. Precondition: one set of widths per layer.
/// Errors: those of check_images, quantise and evaluate; BM-QAT-045 (a file that holds no loss), BM-FILE-001,
/// BM-FILE-002.
Result<Sensitivity> sensitivity(const graph::Graph& graph, const data::ImageSet& images,
                                const data::ImageSet& holdout, const SensitivityOptions& options);

/// Mean over the images of the Kullback-Leibler divergence of softmax(logits) from softmax(reference), in
/// nats. Precondition: both have the same size, a multiple of the number of classes, not 0.
double divergence(const std::vector<double>& reference, const std::vector<double>& logits,
                  std::size_t classes);

/// The same of boxes: mean over the images of the divergence of the cells' confidences plus 1 - IoU of the
/// boxes.
double box_divergence(const std::vector<double>& reference, const std::vector<double>& outputs,
                      const BoxHead& head);

}  // namespace bitmason::qat
