#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "base/result.hpp"
#include "data/image_set.hpp"
#include "graph/graph.hpp"

/// Training of networks, float or under quantisation. Torch stays inside this room's .cpp files.
namespace bitmason::qat {

enum class Method { Adam, Sgd };

struct OptimiserSettings {
  Method method = Method::Adam;
  double momentum = 0.9;    ///< of Sgd
  double weight_decay = 0;  ///< per step and learning rate; only weights decay
  bool operator==(const OptimiserSettings&) const = default;
};

/// Hinton et al. (2015): the outputs of a teacher decide a share of the loss.
struct Distillation {
  double share = 0;        ///< 0 to 1; the labels decide the rest
  double temperature = 4;  ///< both networks' outputs are divided by it
  bool operator==(const Distillation&) const = default;
};

/// Everything besides network and data that decides the result: same settings, same bytes.
struct TrainSettings {
  int epochs = 15;
  int batch = 128;
  double learning_rate = 2e-3;  ///< of the first step; falls to 0 along half a cosine
  OptimiserSettings optimiser;
  Distillation distillation;
  std::uint64_t seed = 1;
  int threads = 1;    ///< sums of floats depend on how they are shared out
  bool flip = true;   ///< mirror every other image, at random
  int max_shift = 1;  ///< pixels an image moves at most, each way
  bool operator==(const TrainSettings&) const = default;
};

/// Where training stands; sent about once a second and after each epoch.
struct Progress {
  int epoch = 0;  ///< running or just completed, from 1
  int epochs = 0;
  std::int64_t image = 0;  ///< of this epoch
  std::int64_t images = 0;
  double loss = 0;            ///< mean of this epoch so far, since the last start of the run
  double train_accuracy = 0;  ///< 0..1, with augmentation, in float; of boxes the mean IoU
  double images_per_second = 0;
  double seconds_left = 0;
  std::optional<double> holdout_accuracy;  ///< 0..1, as accuracy() measures it; after an epoch
};

/// Processes that train one network: each computes the gradients of its share of every batch, all take the
/// mean, and batch norm moves by the mean of their statistics, so that their networks stay equal.
struct WorkerGroup {
  int rank = 0;  ///< this one, from 0
  int count = 1;
  std::filesystem::path meeting;  ///< file that all of them reach and no other group uses
  std::chrono::milliseconds patience = std::chrono::minutes(30);  ///< for the slowest
};

struct TrainOptions {
  TrainSettings settings;
  /// Network that is distilled, in float.
  std::shared_ptr<const graph::Graph> teacher{};
  std::filesystem::path checkpoint;  ///< empty: none; an existing one continues the run
  /// Written after each epoch, and within one after a batch once so much time has passed.
  std::chrono::seconds checkpoint_every{300};
  /// Rank 0 writes the checkpoint and sends the progress. The number of workers decides the result too.
  WorkerGroup workers{};
  /// Returns false to stop after the running epoch.
  std::function<bool(const Progress&)> progress = [](const Progress&) { return true; };
};

/// Trains the network from its weights: with its quantisers where it has some (graph::place), else in float.
/// Scales that are not chosen start as learned step size quantisation proposes. A checkpoint that exists is
/// continued; training ends with the last epoch, which nothing selects. `holdout` is only measured. A run
/// that is stopped and continued gives the same bytes as one that is not. Returns the network with real
/// weights and all scales. Errors: BM-GRAPH-001, 002, BM-QAT-008, 020, 024, 025, 026, 029, 034, 035,
/// 040..043, 048..052, BM-FILE-002. Sets the number of torch's threads for the calling one.
Result<graph::Graph> train(const graph::Graph& graph, const data::ImageSet& images,
                           const data::ImageSet& holdout, const TrainOptions& options);

/// Errors: BM-QAT-020.
Status check_settings(const TrainSettings& settings);

/// Whether the images fit the network, and their labels its classes or their boxes its anchors (BoxHead).
/// Errors: BM-GRAPH-001, 002, BM-QAT-008, 029 (no image), 024, 025 (the output is no vector of classes),
/// 051.
Status check_images(const graph::Graph& graph, const data::ImageSet& images);

}  // namespace bitmason::qat
