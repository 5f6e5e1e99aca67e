#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "base/result.hpp"
#include "data/image_set.hpp"
#include "qat/trained_network.hpp"

/// Quantisation-aware training. Torch stays inside this room's .cpp files.
namespace bitmason::qat {

/// Everything besides network and data that decides the result: same settings, same bytes.
struct TrainSettings {
  int epochs = 15;
  int batch = 128;
  double learning_rate = 2e-3;  ///< of the first step; falls to 0 along half a cosine
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
  double loss = 0;            ///< mean of this epoch so far
  double train_accuracy = 0;  ///< 0..1, with augmentation, in float
  double images_per_second = 0;
  double seconds_left = 0;
  std::optional<double> holdout_accuracy;  ///< 0..1, by integer codes; after an epoch
};

struct TrainOptions {
  TrainSettings settings;
  std::filesystem::path checkpoint;  ///< empty: none; an existing one continues the run
  /// Returns false to stop after the running epoch.
  std::function<bool(const Progress&)> progress = [](const Progress&) { return true; };
};

/// Trains from scratch or from the checkpoint, and ends with the last epoch, which nothing selects.
/// `holdout` is only measured. A run that is stopped and continued gives the same bytes as one that is not.
/// Errors: BM-QAT-008, 020..024, 040..043, BM-FILE-002. Sets the number of torch's threads in this process.
Result<TrainedNetwork> train(const NetworkSpec& spec, const data::ImageSet& images,
                             const data::ImageSet& holdout, const TrainOptions& options);

}  // namespace bitmason::qat
