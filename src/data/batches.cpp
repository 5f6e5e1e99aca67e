#include "data/batches.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "base/random.hpp"

namespace bitmason::data {

BatchStream::BatchStream(const ImageSet& images, const BatchSpec& spec)
    : images_(images), spec_(spec), order_(images.count()) {
  assert(spec.size > 0 && spec.threads > 0 && spec.ahead > 0);
  std::iota(order_.begin(), order_.end(), std::uint32_t{0});
  if (spec.shuffle) Random(spec.seed, 1 + std::uint64_t{spec.epoch}).shuffle(std::span(order_));
  batches_ = (order_.size() + spec.size - 1) / spec.size;
  for (int i = 0; i < spec.threads; ++i) threads_.emplace_back([this] { prepare_batches(); });
}

BatchStream::~BatchStream() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

std::optional<Batch> BatchStream::next() {
  std::unique_lock lock(mutex_);
  if (given_ == batches_) return std::nullopt;
  changed_.wait(lock, [this] { return ready_.contains(given_); });
  Batch batch = std::move(ready_.extract(given_).mapped());
  ++given_;
  changed_.notify_all();
  return batch;
}

void BatchStream::prepare_batches() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || taken_ == batches_ || taken_ < given_ + spec_.ahead; });
    if (stopping_ || taken_ == batches_) return;
    const std::size_t index = taken_++;
    lock.unlock();
    Batch batch = prepare(index);
    lock.lock();
    ready_.emplace(index, std::move(batch));
    changed_.notify_all();
  }
}

Batch BatchStream::prepare(std::size_t index) const {
  const std::size_t first = index * spec_.size;
  const auto chosen = std::span(order_).subspan(first, std::min(spec_.size, order_.size() - first));
  const auto& how = spec_.augmentation;
  Batch batch{augmented_shape(images_.shape, how), {}, {}, {}, {chosen.begin(), chosen.end()}};
  const auto elements = static_cast<std::size_t>(batch.shape.elements());
  batch.pixels.resize(chosen.size() * elements);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const auto image = chosen[i];
    auto variation = draw_variation(how, images_.shape, {spec_.seed, spec_.epoch, image});
    if (!images_.boxes.empty()) {
      const auto& box = images_.boxes[image];
      variation = keep_in_sight(variation, box, images_.shape, how);
      batch.boxes.push_back(vary(box, images_.shape, how, variation));
    }
    if (!images_.labels.empty()) batch.labels.push_back(images_.labels[image]);
    vary(images_.image(image), images_.shape, how, variation,
         std::span(batch.pixels).subspan(i * elements, elements));
  }
  return batch;
}

}  // namespace bitmason::data
