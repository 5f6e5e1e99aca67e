#include "pack/rules.hpp"

#include <algorithm>

namespace bitmason::pack {

namespace {

int end_of(const FieldSteps& fields, std::size_t k, int accumulator_bits) {
  return k + 1 < fields.offsets.size() ? fields.offsets[k + 1] : accumulator_bits;
}

}  // namespace

std::int64_t guard_accumulations(const FieldSteps& fields, int side_bits, int accumulator_bits) {
  std::int64_t least = kMostAccumulations;
  for (std::size_t k = 0; k < fields.offsets.size(); ++k) {
    const bool top = k + 1 == fields.offsets.size();
    const int bits = end_of(fields, k, accumulator_bits) - fields.offsets[k] + (top ? 0 : side_bits);
    if (bits < 1) return 0;
    const std::int64_t span = fields.steps[k].span();
    if (span == 0) continue;
    least = std::min(least, ((std::int64_t{1} << std::min(bits, 62)) - 1) / span);
    if (least == 0) return 0;
  }
  return least;
}

std::int64_t canary_accumulations(const FieldSteps& fields, int residue_bits, const MultiplierPorts& ports) {
  IntRange carry{0, 0};
  const bool biased = ports.cycle_constant;
  for (std::size_t k = 0; k < fields.offsets.size(); ++k) {
    const int bits = end_of(fields, k, ports.accumulator_bits) - fields.offsets[k];
    if (bits < 1) return 0;
    const IntRange step = biased ? IntRange{0, fields.steps[k].span()} : fields.steps[k];
    const IntRange moved = step + carry;
    if (k + 1 < fields.offsets.size()) {
      const std::int64_t full = (std::int64_t{1} << std::min(bits, 60)) - 1;
      carry = {moved.lo >> bits, (full + moved.hi) >> bits};
      if (carry.span() >= std::int64_t{1} << residue_bits) return 0;
      continue;
    }
    const std::int64_t most = std::max(moved.hi, -moved.lo);
    const int sign = biased ? 0 : 1;
    if (bits - 1 - sign >= 0 && most < std::int64_t{1} << (bits - 1 - sign)) return kMostAccumulations;
    return most == 0 ? kMostAccumulations : ((std::int64_t{1} << (bits - sign)) - 1) / most;
  }
  return kMostAccumulations;
}

}  // namespace bitmason::pack
