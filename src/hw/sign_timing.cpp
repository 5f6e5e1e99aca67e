#include "hw/sign_timing.hpp"

#include <algorithm>
#include <bit>

#include "pack/digits.hpp"
#include "pack/word_cost.hpp"

namespace bitmason::hw {

namespace {

/// Carries of more bits are cut in two.
constexpr int kLongestCarry = 24;

int ceil_log2(int count) {
  return static_cast<int>(std::bit_width(static_cast<unsigned>(count - 1)));
}

/// The section "Timing" of rtl/bm_sign_array.sv, by its names.
class SignTiming {
 public:
  explicit SignTiming(const pack::Packing& packing)
      : packing_(packing),
        weight_(pack::digit_range(packing.weight, packing.coding)),
        activation_(pack::digit_range(packing.activation, packing.coding)),
        in_(static_cast<int>(std::bit_width(static_cast<std::uint64_t>(weight_.hi * activation_.hi)))),
        span_(offset(packing.fields.size() - 1) + in_),
        shared_(pack::shared_operands(packing.weight_offsets, weight_.bits())) {}

  /// Cycles that the operands wait before the multipliers.
  [[nodiscard]] int late() const {
    const int words_late = ceil_log2((shared_ + 1) / 2);
    const int weight_port = packing_.weight_port_bits();
    const int activation_port = packing_.activation_port_bits();
    const bool wrap_w = wraps(packing_.weight_offsets.back() + weight_.bits(), weight_port);
    const bool wrap_a = wraps(packing_.activation_offsets.back() + activation_.bits(), activation_port);
    const int back = (wrap_w ? 1 : 0) + (!wrap_a ? 0 : shared_ > 1 ? 2 : 1);
    const int backs_late = back > 0 ? ceil_log2(back) + words_late : 0;
    const int depth = std::max(backs_late, ceil_log2(rows()));
    const int back_from =
        wrap_w && (!wrap_a || weight_port < activation_port) ? weight_port : activation_port;
    const bool adds_back = back > 1 || (back == 1 && has_lower_bits());
    const int from = adds_back ? std::min(back_from, rows_from()) : rows_from();
    const int need = depth + (span_ - from > kLongestCarry ? 1 : 0);
    return std::max(need - 2, words_late);
  }

 private:
  [[nodiscard]] int offset(std::size_t k) const { return packing_.fields[k].offset; }
  [[nodiscard]] bool wraps(int end, int port) const { return end >= port && span_ > port; }
  /// Bits of field k that the field below may reach into.
  [[nodiscard]] int low_bits(std::size_t k) const {
    return k == 0 ? 0 : std::max(0, offset(k - 1) + in_ - offset(k));
  }
  [[nodiscard]] bool has_lower_bits() const {
    for (std::size_t k = 1; k < packing_.fields.size(); ++k) {
      if (low_bits(k) > 0) return true;
    }
    return false;
  }
  [[nodiscard]] int rows() const {
    int rows = 1;
    for (std::size_t n = 1; n < 3; ++n) {
      for (std::size_t k = 1; k + n < packing_.fields.size(); ++k) {
        if (offset(k) + low_bits(k) > offset(k + n)) rows = static_cast<int>(n) + 1;
      }
    }
    return rows;
  }
  /// The lowest bit at which the words of lower bits overlap.
  [[nodiscard]] int rows_from() const {
    for (std::size_t k = 1; k + 1 < packing_.fields.size(); ++k) {
      if (offset(k) + low_bits(k) > offset(k + 1)) return offset(k + 1);
    }
    return span_;
  }

  const pack::Packing& packing_;
  IntRange weight_;
  IntRange activation_;
  int in_;
  int span_;
  int shared_;
};

}  // namespace

int sign_array_latency(const pack::Packing& packing, int lanes) {
  constexpr int kProductsAt = 4;
  return kProductsAt + SignTiming(packing).late() + ceil_log2(lanes) + 1;
}

}  // namespace bitmason::hw
