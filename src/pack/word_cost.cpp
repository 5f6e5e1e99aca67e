#include "pack/word_cost.hpp"

#include <algorithm>
#include <bit>

namespace bitmason::pack {

std::uint64_t bit_mask(int from, int to) {
  if (to <= from) return 0;
  return (~std::uint64_t{0} >> (64 - (to - from))) << from;
}

int shared_operands(const std::vector<int>& offsets, int bits) {
  std::size_t shared = 1;
  for (std::size_t k = 0; k < offsets.size(); ++k) {
    while (k + shared < offsets.size() && offsets[k + shared] - offsets[k] < bits) ++shared;
  }
  return static_cast<int>(shared);
}

int word_adder_luts(const std::vector<int>& offsets, int bits, int shared, int first, int step) {
  const int end = offsets.back() + bits;
  std::uint64_t all = 0;
  int luts = 0;
  for (int word = first; word < shared; word += step) {
    std::uint64_t own = 0;
    for (std::size_t k = static_cast<std::size_t>(word); k < offsets.size();
         k += static_cast<std::size_t>(shared)) {
      own |= bit_mask(offsets[k], offsets[k] + bits);
    }
    luts += std::popcount(all & own);
    // A carry may reach every bit above the lowest common one.
    all |= own | bit_mask(std::min(std::countr_zero(all & own), end), end);
  }
  return luts;
}

}  // namespace bitmason::pack
