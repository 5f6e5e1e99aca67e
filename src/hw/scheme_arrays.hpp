#pragma once

#include "hw/scheme_operands.hpp"

/// The arrays of a scheme: one for every product and group of pixels.
namespace bitmason::hw {

/// Bits of an output's exact sum, two's complement: its most MACs, over the block.
int output_bits_of(const pack::Scheme& scheme, const SchemeShape& shape);

/// The arrays' shapes, one a part. Errors: BM-HW-030, 031.
Result<std::vector<PackArrayShape>> array_shapes(const pack::Scheme& scheme, const SchemeShape& shape);

struct SchemeArrays {
  std::vector<std::vector<Bits>> sums;  ///< [product][group], column by column and field by field, aligned
  Bits done;                            ///< high in the cycle in which all of a block's sums stand
  int latency = 0;                      ///< from a block's last step to `done`
};

/// `shapes`: of every part. `weights`: weight_word().
SchemeArrays add_arrays(Module& module, const pack::Scheme& scheme, const SchemeShape& shape,
                        const std::vector<PackArrayShape>& shapes, const Operands& operands,
                        const Bits& weights);

}  // namespace bitmason::hw
