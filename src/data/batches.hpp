#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "data/augment.hpp"

namespace bitmason::data {

/// Images for one step of training.
struct Batch {
  Shape shape;
  std::vector<std::uint8_t> pixels;     ///< images.size() * shape.elements()
  std::vector<int> labels;              ///< those of the images, or empty
  std::vector<Box> boxes;               ///< in pixels of this batch, or empty
  std::vector<std::uint32_t> images{};  ///< indices in the set
};

struct BatchSpec {
  std::size_t size = 128;  ///< images a batch; the last one has what remains
  std::uint64_t seed = 1;
  std::uint32_t epoch = 0;
  bool shuffle = true;  ///< each image once, in an order drawn from seed and epoch; false: the set's order
  Augmentation augmentation{};
  int threads = 1;        ///< that prepare batches; changes no result
  std::size_t ahead = 4;  ///< batches prepared before they are asked for, at most
};

/// The batches of one epoch in their order, prepared by threads of its own while the caller computes. The
/// same specification gives the same batches, whatever `threads` and `ahead`. The set must outlive the
/// stream; at least one thread, one batch ahead and one image a batch.
class BatchStream {
 public:
  BatchStream(const ImageSet& images, const BatchSpec& spec);
  /// Waits for the batches in preparation; the rest is not prepared.
  ~BatchStream();
  BatchStream(const BatchStream&) = delete;
  BatchStream& operator=(const BatchStream&) = delete;

  /// The next batch; nothing after the last one.
  std::optional<Batch> next();
  [[nodiscard]] std::size_t batches() const { return batches_; }

 private:
  void prepare_batches();
  [[nodiscard]] Batch prepare(std::size_t index) const;

  const ImageSet& images_;
  BatchSpec spec_;
  std::vector<std::uint32_t> order_;
  std::size_t batches_ = 0;

  std::mutex mutex_;  ///< guards all below
  std::condition_variable changed_;
  std::map<std::size_t, Batch> ready_;
  std::size_t taken_ = 0;  ///< batches that a thread has begun
  std::size_t given_ = 0;  ///< batches that the caller has
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace bitmason::data
