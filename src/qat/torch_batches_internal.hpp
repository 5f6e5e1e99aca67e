#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "data/image_set.hpp"
#include "qat/trainer.hpp"

/// Private to the room: how a run of training walks through its images.
namespace bitmason::qat {

/// Pixels 0 .. 255 as floats, (N, C, H, W), and classes, (N), or boxes, (N, 4): x_min, x_max, y_min, y_max in
/// pixels.
struct Batch {
  at::Tensor pixels;
  at::Tensor targets;
};

/// Batches of an epoch: batch norm has no statistics of a single image, so that a last one of a single image
/// is left out.
std::int64_t batches_of(std::size_t images, int batch);

/// One epoch: every image once, varied and in an order that the seed and the epoch decide, so that a
/// continued run needs no generator state.
class EpochBatches {
 public:
  /// `epoch` from 1. The images must outlive it.
  EpochBatches(const data::ImageSet& images, const TrainSettings& settings, int epoch);

  /// The batch, or one of `shares` equal parts of it; of a last one that has fewer images than others the
  /// parts start at its end again. Precondition: 0 <= index < batches_of(), 0 <= share < shares.
  [[nodiscard]] Batch at(std::int64_t index, int share = 0, int shares = 1) const;

 private:
  const data::ImageSet& images_;
  const TrainSettings& settings_;
  int epoch_;
  std::vector<std::int64_t> order_;
};

/// The settings' learning rate after `steps` batches: it falls to 0 along half a cosine.
double learning_rate_after(std::int64_t steps, std::size_t images, const TrainSettings& settings);

}  // namespace bitmason::qat
