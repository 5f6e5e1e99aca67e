#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "sim/convolution.hpp"

/// The steps a frame runs through; each computes any rows of its output, so threads share a step by rows.
namespace bitmason::sim {

/// Working memory of one thread.
struct Scratch {
  std::vector<std::int64_t> acc;

  template <class Acc>
  Acc* rows(std::size_t elements) {
    const std::size_t words = (elements * sizeof(Acc) + 7) / 8 + kSlack;
    if (acc.size() < words) acc.resize(words);
    return reinterpret_cast<Acc*>(acc.data());
  }
};

class Step {
 public:
  explicit Step(int rows) : rows_(rows) {}
  virtual ~Step() = default;
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  [[nodiscard]] int rows() const { return rows_; }
  /// Computes row y of the output.
  virtual void run(const State& state, Scratch& scratch, int y) const = 0;

 private:
  int rows_;
};

/// A tensor's layer type with the slot that holds it.
struct Operand {
  int slot = -1;
  Slot layout;
};

/// Where accumulators come from.
class Source {
 public:
  Source() = default;
  virtual ~Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  /// 32-bit accumulators, exact modulo 2^32.
  virtual void compute(const State& state, int y, const AccRow<std::int32_t>& row) const = 0;
  virtual void compute(const State& state, int y, const AccRow<std::int64_t>& row) const = 0;
  /// Elements between pixels that compute() wants.
  [[nodiscard]] virtual std::ptrdiff_t stride(int channels) const {
    return (channels + kBlock - 1) / kBlock * kBlock;
  }
};

std::unique_ptr<Source> make_source(std::shared_ptr<const Convolution> convolution, int slot);
std::unique_ptr<Source> make_source(const ir::SumPool& layer, Operand input);
/// Also plain loading, with one multiplier of 1.
std::unique_ptr<Source> make_source(const ir::Add& layer, std::vector<Operand> inputs);

/// Computes accumulators row by row and stores them, requantised where a requantiser is given.
struct AccumulateParts {
  std::unique_ptr<Source> source;
  std::optional<Requantiser> requantiser;
  bool narrow = false;  ///< 32-bit accumulators
  Operand output;
  const Kernels* kernels = nullptr;
};
std::unique_ptr<Step> make_accumulate(AccumulateParts parts);

/// Copies a tensor into another layout, converting its elements.
std::unique_ptr<Step> make_copy(Operand input, Operand output);

std::unique_ptr<Step> make_step(const ir::MaxPool& layer, Operand input, Operand output);
std::unique_ptr<Step> make_concat(std::vector<Operand> inputs, Operand output);
std::unique_ptr<Step> make_step(const ir::SpaceToDepth& layer, Operand input, Operand output);
std::unique_ptr<Step> make_step(const ir::DepthToSpace& layer, Operand input, Operand output);
std::unique_ptr<Step> make_step(const ir::Upsample& layer, Operand input, Operand output);

}  // namespace bitmason::sim
