#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "ir/network.hpp"
#include "sim/buffer.hpp"
#include "sim/kernels.hpp"

namespace bitmason::sim {

/// One row of accumulators, `stride` elements from pixel to pixel.
template <class Acc>
struct AccRow {
  Acc* data = nullptr;
  std::ptrdiff_t stride = 0;
  int pixels = 0;
  int channels = 0;
};

/// A Requantise layer prepared for accumulators of a known range: counts comparisons where levels are few,
/// else finds the threshold through a table of buckets, else multiplies and shifts.
class Requantiser {
 public:
  /// `narrow` says that run() gets 32-bit accumulators.
  Requantiser(const ir::Requantise& layer, const ir::TensorType& input, bool narrow, Storage output);

  /// Requantises a row and stores it as elements of the output storage, channels without gaps. The
  /// accumulators are used as scratch.
  void run(const Kernels& kernels, const AccRow<std::int32_t>& row, std::byte* out) const;
  void run(const Kernels& kernels, const AccRow<std::int64_t>& row, std::byte* out) const;

 private:
  /// Thresholds of at most kMaxCompared steps, [step][channel], for 32-bit accumulators and byte codes.
  struct Compare {
    std::vector<std::int32_t> thresholds;
    std::vector<std::int32_t> base;
    std::vector<std::int32_t> sign;
    int steps = 0;
  };
  /// Thresholds of one row and the number of them below each bucket of 2^shift accumulators.
  struct Buckets {
    std::vector<std::int64_t> thresholds;
    std::vector<std::int32_t> start;
    std::int64_t origin = 0;
    int shift = 0;
    std::int64_t base = 0;
    std::int64_t sign = 1;

    [[nodiscard]] std::int64_t code(std::int64_t acc) const;
  };
  struct Scale {
    ir::ScaleShift form;
    bool wide = true;  ///< acc * multiplier + bias may exceed 64 bits
  };
  using Form = std::variant<Compare, std::vector<Buckets>, Scale>;

  static Form prepare(const ir::Requantise& layer, const ir::TensorType& input, bool narrow, Storage output);
  static Compare prepare_compare(const ir::Thresholds& form, const IntRange& domain, int channels,
                                 Storage output);
  static Buckets prepare_buckets(const ir::Thresholds& form, const IntRange& domain, int row);
  template <class Acc>
  void run_scalar(const AccRow<Acc>& row, std::byte* out) const;

  Storage output_;
  Form form_;
};

/// Stores a row of accumulators as elements of the storage, channels without gaps.
template <class Acc>
void store_row(const AccRow<Acc>& row, Storage storage, std::byte* out) {
  with_type(storage.element, [&](auto type) {
    auto* to = reinterpret_cast<decltype(type)*>(out);
    const auto channels = static_cast<std::size_t>(row.channels);
    for (int p = 0; p < row.pixels; ++p, to += channels) {
      convert(row.data + p * row.stride, to, channels, -storage.offset);
    }
  });
}

}  // namespace bitmason::sim
