#pragma once

#include "hw/module.hpp"
#include "pack/bilinear.hpp"

/// Cells of bm_linear.
namespace bitmason::hw {

/// A value of a module: its bits and the range that they code, two's complement where it is signed.
struct Value {
  Bits bits;
  IntRange range;
};

/// ceil(log2(count)): levels of a tree of two-input adders.
int levels_of(int count);

/// Levels that row . values + constant takes.
int row_levels(const std::vector<int>& row, const std::vector<Value>& values, std::int64_t constant);

/// row . values + constant as a value `levels` cycles later: wires where it is one of them and levels is 0.
Value combined(Module& module, const std::string& name, const std::vector<int>& row,
               const std::vector<Value>& values, std::int64_t constant, int levels);

/// Every row's combination of signed values of equal meaning modulo 2^(bits + shift), divided by 2^shift:
/// `bits` each, `levels` cycles later.
std::vector<Bits> combined_sums(Module& module, const std::string& name, const pack::Matrix& rows,
                                const std::vector<Bits>& values, int bits, int shift, int levels);

/// The most terms of a row.
int most_terms(const pack::Matrix& rows);

/// The bits `stages` cycles later; with `reset` cleared by rst, which is net 0.
Bits delayed(Module& module, const std::string& name, const Bits& bits, int stages, bool reset = false);

/// So many constant zeros.
Bits zero(int width);

}  // namespace bitmason::hw
