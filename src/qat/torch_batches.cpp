#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <span>

#include "base/random.hpp"
#include "data/augment.hpp"
#include "qat/torch_batches_internal.hpp"

namespace bitmason::qat {

std::int64_t batches_of(std::size_t images, int batch) {
  const auto count = static_cast<std::int64_t>(images);
  const std::int64_t whole = count / batch;
  return whole + (count % batch > 1 || whole == 0 ? 1 : 0);
}

EpochBatches::EpochBatches(const data::ImageSet& images, const TrainSettings& settings, int epoch)
    : images_(images), settings_(settings), epoch_(epoch), order_(images.count()) {
  std::iota(order_.begin(), order_.end(), 0);
  Random(settings.seed, static_cast<std::uint64_t>(epoch)).shuffle(std::span(order_));
}

Batch EpochBatches::at(std::int64_t index, int share, int shares) const {
  const auto start = static_cast<std::size_t>(index * settings_.batch);
  const auto whole = std::min(static_cast<std::size_t>(settings_.batch), order_.size() - start);
  const auto parts = static_cast<std::size_t>(shares);
  // Batch norm needs two.
  const auto size = std::min(whole, std::max<std::size_t>(2, (whole + parts - 1) / parts));
  const auto first = start + std::min(static_cast<std::size_t>(share) * size, whole - size);
  const auto& shape = images_.shape;
  const auto count = static_cast<std::int64_t>(size);
  const bool boxes = !images_.boxes.empty();
  Batch batch{at::empty({count, shape.channels, shape.height, shape.width}, at::kFloat),
              boxes ? at::empty({count, 4}, at::kFloat) : at::empty({count}, at::kLong)};
  const data::Augmentation how{.flip = settings_.flip, .max_shift = settings_.max_shift};
  std::vector<std::uint8_t> varied(static_cast<std::size_t>(shape.elements()));
  for (std::size_t i = 0; i < size; ++i) {
    const auto image = static_cast<std::size_t>(order_[first + i]);
    const data::Occasion occasion{settings_.seed, static_cast<std::uint32_t>(epoch_),
                                  static_cast<std::uint32_t>(image)};
    auto variation = data::draw_variation(how, shape, occasion);
    if (boxes) variation = data::keep_in_sight(variation, images_.boxes[image], shape, how);
    data::vary(images_.image(image), shape, how, variation, varied);
    std::copy(varied.begin(), varied.end(), batch.pixels.data_ptr<float>() + i * varied.size());
    if (boxes) {
      const data::Box box = data::vary(images_.boxes[image], shape, how, variation);
      std::ranges::copy(std::array{box.x_min, box.x_max, box.y_min, box.y_max},
                        batch.targets.data_ptr<float>() + 4 * i);
    } else {
      batch.targets.data_ptr<std::int64_t>()[i] = images_.labels[image];
    }
  }
  return batch;
}

double learning_rate_after(std::int64_t steps, std::size_t images, const TrainSettings& settings) {
  const auto count = static_cast<std::int64_t>(images);
  const auto all = (count + settings.batch - 1) / settings.batch * settings.epochs;
  const double part = static_cast<double>(steps) / static_cast<double>(all);
  return settings.learning_rate * 0.5 * (1 + std::cos(std::numbers::pi * part));
}

}  // namespace bitmason::qat
