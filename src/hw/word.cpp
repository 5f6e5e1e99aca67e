#include "hw/word.hpp"

#include <cassert>

namespace bitmason::hw {

void Word::append(std::int64_t value, int bits) {
  assert(bits >= 0);
  for (int bit = 0; bit < bits; ++bit) {
    if (bits_ % 64 == 0) limbs_.push_back(0);
    const auto set = static_cast<std::uint64_t>(bit < 63 ? (value >> bit) & 1 : (value < 0 ? 1 : 0));
    limbs_.back() |= set << (bits_ % 64);
    ++bits_;
  }
}

WideConstant wide_parameter(std::int64_t value) {
  Word word;
  word.append(value, 64);
  return word.constant();
}

}  // namespace bitmason::hw
