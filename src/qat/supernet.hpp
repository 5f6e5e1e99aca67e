#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "data/image_set.hpp"
#include "graph/graph.hpp"
#include "qat/trainer.hpp"

/// Widths chosen by gradients: training of a network in which every quantiser is a mix of widths.
namespace bitmason::qat {

/// By layer with weights and width of its set: a number for the weights, and for the activations that enter
/// it. softmax(logits / temperature) is the distribution over the widths.
struct WidthLogits {
  std::vector<std::vector<double>> weights;
  std::vector<std::vector<double>> activations;
};

/// What distributions over widths cost as a share of the budget, 1 where it is just kept, with its
/// derivatives by the logits.
struct WidthCost {
  double value = 0;
  WidthLogits gradient;
};
using WidthCostFunction = std::function<WidthCost(const WidthLogits&, double temperature)>;

struct SupernetProgress {
  Progress training;
  double cost = 0;  ///< WidthCost::value
  double temperature = 0;
};

struct SupernetOptions {
  TrainSettings settings{.epochs = 1, .learning_rate = 5e-4};  ///< of the weights and steps; no distillation
  /// Widths by layer with weights, ascending, 2 to 8; of one width there is nothing to choose.
  std::vector<std::vector<int>> weights;
  std::vector<std::vector<int>> activations;
  WidthCostFunction cost;
  std::string cost_name;  ///< what decides `cost`: part of the run's name
  double price = 1;       ///< loss for a budget that is missed by its whole
  double rate = 0.02;     ///< learning rate of the logits, by Adam
  double first_temperature = 1;
  double last_temperature = 0.1;
  std::optional<WidthLogits> start;  ///< absent: all widths alike
  std::size_t images = 512;          ///< training images on which ranges are searched, at most
  std::filesystem::path checkpoint;  ///< empty: none; an existing one continues the run
  std::chrono::seconds checkpoint_every{300};
  std::function<void(const SupernetProgress&)> progress = [](const SupernetProgress&) {};
};

/// Trains weights, steps and logits together from a float network, and returns the logits. A quantiser gives
/// the sum of its quantisations in every width, weighted by the distribution, in one pass (mixed()); each
/// width has a step of its own, one for all channels, that starts as quantise() finds it. The loss is the
/// cross entropy plus price * max(0, cost - 1), while the temperature falls geometrically, so that the mix
/// ends near one width each. Layers that read one value, or values of one scale, share a distribution over
/// the widths that all of them allow; quantisers that only sums read stay in 8 bits. A run that is stopped
/// and continued gives the same logits as one that is not. Errors: those of quantise() and train();
/// BM-QAT-047 (a width of one bit, or none in common), BM-QAT-040, 041.
Result<WidthLogits> train_supernet(const graph::Graph& graph, const data::ImageSet& images,
                                   const SupernetOptions& options);

}  // namespace bitmason::qat
