#include "conv_case.hpp"

namespace bitmason::rtl {

/// Beats of several pixels: rows of one, two and more blocks, fields that complete the block before and none
/// that do, serialised and whole blocks, guard bits, residue bits and sums that stay.
std::vector<ConvCase> wide_cases() {
  // Two pixels in and two out every cycle.
  const ConvCase row{.cin = 2,
                     .h = 5,
                     .w = 8,
                     .cout = 4,
                     .kh = 3,
                     .kw = 3,
                     .pt = 1,
                     .pl = 1,
                     .pb = 1,
                     .pr = 1,
                     .abits = 3,
                     .wbits = 2,
                     .conv = true,
                     .simd = 2,
                     .kpf = 3,
                     .cols = 4,
                     .np = 2,
                     .chain = 3,
                     .cho = 8,
                     .rows = 9,
                     .prim = 1,
                     .inp = 2,
                     .align = true};
  ConvCase guard = row, steps = row, one_block = row, two_blocks = row, kernel_5 = row, left = row,
           right = row, rows = row, e1 = row, fewer_in = row, depthwise = row, long_sums = row, narrow_in = row;
  guard.name = "wide_guard";
  steps.name = "wide_steps_pixel_by_pixel", steps.kpf = 1, steps.chain = 2, steps.cho = 4,
  steps.has_bias = true;
  one_block.name = "wide_one_block", one_block.w = 2, one_block.has_bias = true;
  two_blocks.name = "wide_two_blocks", two_blocks.w = 4, two_blocks.asigned = true;
  kernel_5.name = "wide_5x5", kernel_5.kh = kernel_5.kw = 5, kernel_5.pt = kernel_5.pl = 2,
  kernel_5.pb = kernel_5.pr = 2, kernel_5.kpf = 5, kernel_5.abits = 2, kernel_5.np = 4, kernel_5.inp = 4,
  kernel_5.cho = 16, kernel_5.chain = 1, kernel_5.rows = 15, kernel_5.prim = 0, kernel_5.wbits = 1;
  left.name = "wide_all_padding_left", left.pl = 2, left.pr = 0;
  right.name = "wide_all_padding_right", right.pl = 0, right.pr = 2, right.np = 4, right.inp = 4,
  right.cho = 16, right.wbits = right.abits = 2, right.chain = 1;
  rows.name = "wide_rows_stride_2", rows.sh = 2, rows.h = 7, rows.pb = 0, rows.rows = 9;
  e1.name = "wide_dsp48e1", e1.prim = 2, e1.chain = 1, e1.wbits = 2, e1.abits = 2;
  fewer_in.name = "wide_two_of_four", fewer_in.np = 4, fewer_in.wbits = fewer_in.abits = 2,
  fewer_in.chain = 1, fewer_in.cho = 16, fewer_in.inp = 2, fewer_in.w = 12;
  depthwise.name = "wide_depthwise", depthwise.dw = true, depthwise.cout = 2, depthwise.cols = 1,
  depthwise.cho = 4;
  long_sums.name = "wide_long_sums", long_sums.more_bits = 18, long_sums.has_bias = true;
  narrow_in.name = "wide_out_only", narrow_in.inp = 1, narrow_in.simd = 1, narrow_in.chain = 3;
  // Fields that overlap: read in every step, and sums that stay over a block.
  ConvCase read = row, centred = row, centred_three = row, stays = row;
  read.name = "wide_read_12", read.abits = 4, read.wbits = 3, read.np = 4, read.inp = 4, read.chain = 1,
  read.cho = 16, read.side = 3, read.stay = false, read.wide_w = false, read.asigned = true, read.side = 2;
  centred = read, centred.name = "wide_centred", centred.asigned = false, centred.centred = true,
  centred.has_bias = true, centred.w = 16, centred.wide_w = false;
  centred_three = centred, centred_three.name = "wide_centred_three_blocks", centred_three.w = 12,
  centred_three.cho = 8;
  stays = read, stays.name = "wide_sums_stay", stays.stay = true, stays.cin = 16, stays.simd = 2,
  stays.kpf = 1, stays.inp = 1, stays.has_bias = true;
  // Pointwise: two weights by two pixels.
  ConvCase point{.name = "wide_pointwise",
                 .cin = 4,
                 .h = 3,
                 .w = 6,
                 .cout = 4,
                 .simd = 4,
                 .cols = 2,
                 .nwc = 2,
                 .np = 2,
                 .chain = 2,
                 .cho = 8,
                 .rows = 3,
                 .prim = 1,
                 .inp = 2,
                 .align = true};
  ConvCase point_bias = point;
  point_bias.name = "wide_pointwise_bias", point_bias.has_bias = true, point_bias.w = 2, point_bias.cho = 2;
  return {guard,  steps,    one_block, two_blocks,    kernel_5, left,  right,      rows, e1, fewer_in,
          depthwise, long_sums, narrow_in, read, centred, centred_three, stays, point, point_bias};
}

}  // namespace bitmason::rtl
