#pragma once

#include <cstdint>
#include <vector>

/// Operands of a port that share bits stand on several words, which adders sum.
namespace bitmason::pack {

/// Bits [from, to) of a word.
std::uint64_t bit_mask(int from, int to);

/// Operands of `bits` bits that have a bit in common, at most: as many words, operands in turn, hold none
/// twice.
int shared_operands(const std::vector<int>& offsets, int bits);

/// LUTs of the adders that sum the words `first`, `first` + `step`, ... of `shared`: the bits in which both
/// operands of an adder may be other than 0.
int word_adder_luts(const std::vector<int>& offsets, int bits, int shared, int first, int step);

}  // namespace bitmason::pack
