#include "timing/latency.hpp"

#include <algorithm>
#include <iterator>

#include "base/signed_digits.hpp"
#include "timing/parameters.hpp"

namespace bitmason::timing {

int sum_stages(const hw::Instance& instance) {
  const bool two = integer(instance, "COUNT") == 2;
  std::vector<SignedDigit> digits = signed_digits(integer(instance, "MUL_A"));
  if (two) std::ranges::copy(signed_digits(integer(instance, "MUL_B")), std::back_inserter(digits));
  const int terms = static_cast<int>(digits.size());
  const bool negative = terms > 0 && digits.front().negative;
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
