#include "timing/latency.hpp"

#include <algorithm>

#include "timing/parameters.hpp"

namespace bitmason::timing {

namespace {

/// Digits of the non-adjacent form, and the sign of the lowest one.
struct Digits {
  int count = 0;
  bool lowest_negative = false;
};

Digits digits_of(std::int64_t value) {
  Digits digits;
  while (value != 0) {
    // The digit of an odd value is 1 or -1, so that the next one is 0; -1 carries.
    const bool negative = (value & 3) == 3;
    if ((value & 1) != 0 && digits.count++ == 0) digits.lowest_negative = negative;
    value = (value >> 1) + static_cast<std::int64_t>(negative);
  }
  return digits;
}

}  // namespace

int sum_stages(const hw::Instance& instance) {
  const bool two = integer(instance, "COUNT") == 2;
  const Digits a = digits_of(integer(instance, "MUL_A"));
  const Digits b = two ? digits_of(integer(instance, "MUL_B")) : Digits{};
  const int terms = a.count + b.count;
  const bool negative = a.count > 0 ? a.lowest_negative : b.lowest_negative;
  const bool first_is_free = terms > 0 && integer(instance, "CONST") == 0 && !negative;
  const int adds = terms - static_cast<int>(first_is_free);
  const std::int64_t bits = integer(instance, "OUT_BITS");
  const auto chunks = static_cast<int>(bits <= 24 ? 1 : ceil_div(bits, 20));
  return adds == 0 ? 1 : adds + chunks - 1;
}

int threshold_latency(const hw::Instance& instance) {
  return 2 * clog2(integer(instance, "STEPS") + 1) + 1;
}

int scale_latency(const hw::Instance& instance) {
  const std::int64_t prim = integer(instance, "PRIM");
  const std::int64_t operand =
      integer(instance, "IN_BITS") + static_cast<std::int64_t>(integer(instance, "IN_SIGNED") == 0);
  const std::int64_t multiplier = integer(instance, "MUL_BITS");
  const std::int64_t product = operand + multiplier;
  const std::int64_t sum = std::max(product, integer(instance, "BIAS_BITS")) + 1;
  const std::int64_t wide = prim <= 1 ? 27 : prim == 2 ? 25 : prim == 3 ? 18 : 16;
  const std::int64_t narrow = prim <= 3 ? 18 : 16;
  const bool holds = (multiplier <= wide && operand <= narrow) || (operand <= wide && multiplier <= narrow);
  const bool in_dsp = integer(instance, "USE_DSP") != 0 && holds && product <= 48;
  const std::int64_t multiply = in_dsp ? 4 : (multiplier + 1) / 2;
  return static_cast<int>(3 + multiply + ceil_div(sum, 20));
}

}  // namespace bitmason::timing
