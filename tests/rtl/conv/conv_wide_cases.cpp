#include "conv_case.hpp"

namespace bitmason::rtl {

/// Beats of several pixels: rows of one, two and more blocks, fields that complete the block before and none
/// that do, serialised and whole blocks, guard bits, residue bits and sums that stay, several arrays side by
/// side.
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
           right = row, rows = row, e1 = row, fewer_in = row, depthwise = row, long_sums = row,
           narrow_in = row;
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
  // Several arrays: fields of two and three neighbours that meet, or of none.
  ConvCase nibbles = row, pairs = row, five = row, deep = row, many_steps = row, points = point,
           many_read = centred, many_stay = stays, many_depthwise = depthwise, many_luts = row;
  nibbles.name = "wide_w4a4_by_4", nibbles.abits = nibbles.wbits = 4, nibbles.np = 1, nibbles.pg = 4,
  nibbles.inp = 4, nibbles.cols = nibbles.cout = 2, nibbles.chain = 1;
  pairs.name = "wide_2_by_2", pairs.pg = 2, pairs.inp = 4, pairs.cho = 16, pairs.has_bias = true;
  five = kernel_5, five.name = "wide_5x5_by_3", five.np = 1, five.pg = 3, five.inp = 3, five.w = 9,
  five.cho = 12;
  deep = right, deep.name = "wide_right_by_2", deep.np = 2, deep.pg = 2, deep.asigned = true;
  many_steps.name = "wide_single_pixels_by_2", many_steps.pg = 2, many_steps.align = false,
  many_steps.inp = 1, many_steps.simd = 1, many_steps.kpf = 1, many_steps.chain = 1, many_steps.cols = 2,
  many_steps.cho = 2, many_steps.w = 7;
  points.name = "wide_pointwise_by_2", points.pg = 2, points.inp = 4, points.cho = 16, points.w = 8,
  points.rows = 5, points.has_bias = true;
  many_read.name = "wide_centred_by_2", many_read.np = 2, many_read.pg = 2;
  many_stay.name = "wide_sums_stay_by_2", many_stay.np = 2, many_stay.pg = 2;
  many_depthwise.name = "wide_depthwise_by_2", many_depthwise.pg = 2, many_depthwise.inp = 4,
  many_depthwise.cho = 8;
  many_luts.name = "wide_luts_by_4", many_luts.fabric = true, many_luts.np = 1, many_luts.pg = 4,
  many_luts.inp = 4, many_luts.conv = true, many_luts.kh = 3, many_luts.kw = 1,
  many_luts.pl = many_luts.pr = 0, many_luts.cho = 16;
  return {nibbles,        pairs,         five,  deep,     many_steps, points,     many_read, many_stay,
          many_depthwise, many_luts,     guard, steps,    one_block,  two_blocks, kernel_5,  left,
          right,          rows,          e1,    fewer_in, depthwise,  long_sums,  narrow_in, read,
          centred,        centred_three, stays, point,    point_bias};
}

}  // namespace bitmason::rtl
