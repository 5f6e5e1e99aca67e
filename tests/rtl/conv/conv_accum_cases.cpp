#include "conv_case.hpp"

namespace bitmason::rtl {

/// Sums that stay in the multipliers over a block: carries of 1 to 3 bits, cascades, shared drains, blocks as
/// short as the drain allows and so long that the top field wraps.
std::vector<ConvCase> accum_cases() {
  // 3 taps x 4 pixels in one DSP48E2: 12 products.
  const ConvCase image{.cin = 16,
                       .h = 5,
                       .w = 9,
                       .cout = 4,
                       .kh = 3,
                       .kw = 3,
                       .pt = 1,
                       .pl = 1,
                       .pb = 1,
                       .pr = 1,
                       .wbits = 3,
                       .conv = true,
                       .wide_w = false,
                       .simd = 2,
                       .cols = 2,
                       .np = 4,
                       .cho = 2,
                       .rows = 5,
                       .prim = 1,
                       .side = 3};
  const ConvCase point{.cin = 32,
                       .h = 4,
                       .w = 7,
                       .cout = 8,
                       .simd = 4,
                       .cols = 2,
                       .nwc = 2,
                       .np = 2,
                       .cho = 2,
                       .rows = 3,
                       .prim = 1,
                       .side = 1};
  ConvCase unsigned12 = image, signed12 = image, inferred = image, rows = image, cascade = image,
           padded = image, groups = image, wraps = image, stride = image;
  unsigned12.name = "accum_12_unsigned";
  signed12.name = "accum_12_signed", signed12.asigned = true, signed12.side = 2, signed12.has_bias = true;
  inferred.name = "accum_w2a2_inferred", inferred.abits = inferred.wbits = 2, inferred.prim = 0,
  inferred.side = 2;
  rows.name = "accum_rows_parallel", rows.cin = 8, rows.simd = 1, rows.kpf = 3, rows.cols = 4, rows.cho = 4,
  rows.rows = 6, rows.asigned = true, rows.side = 2;
  cascade.name = "accum_cascade_shared", cascade.abits = cascade.wbits = 3, cascade.chain = 2,
  cascade.share = 2, cascade.np = 3;
  // Three lanes and two residue bits drain in 6 slots, and a block has 6 steps; the row's first block is
  // empty.
  ConvCase shortest = rows;
  shortest.name = "accum_shortest_block", shortest.cin = 6, shortest.pl = shortest.pr = 0, shortest.np = 2;
  padded.name = "accum_pad_value", padded.pad_value = 8;
  groups.name = "accum_tails_in_memory", groups.cout = 8, groups.cols = 1, groups.cho = 1, groups.w = 13;
  wraps.name = "accum_top_wraps", wraps.wraps = true, wraps.side = 2, wraps.cin = 64, wraps.simd = 1,
  wraps.h = 3, wraps.w = 5;
  stride.name = "accum_rows_stride_2", stride.sh = 2, stride.h = 7, stride.rows = 6;
  ConvCase outer = point, outer_signed = point, outer_stride = point, e1 = point, ecp5 = point, ice40 = point;
  outer.name = "accum_outer_2x2";
  outer_signed.name = "accum_outer_signed", outer_signed.asigned = true, outer_signed.has_bias = true,
  outer_signed.share = 2, outer_signed.simd = 2;
  outer_stride.name = "accum_outer_3x3_stride_2", outer_stride.kh = outer_stride.kw = 3,
  outer_stride.sh = outer_stride.sw = 2, outer_stride.np = 1, outer_stride.pt = outer_stride.pl = 1,
  outer_stride.cin = 8, outer_stride.rows = 5;
  e1.name = "accum_dsp48e1", e1.prim = 2, e1.side = 2, e1.np = 1;
  ecp5.name = "accum_mult18x18d", ecp5.prim = 3, ecp5.side = 2, ecp5.np = 1, ecp5.cin = 48;
  ice40.name = "accum_sb_mac16", ice40.prim = 4, ice40.side = 2, ice40.np = 1, ice40.abits = ice40.wbits = 3;
  // Unsigned codes less half their range: two residue bits instead of three, padding in every place.
  ConvCase centred12 = image, centred_rows = rows, centred_edges = groups, centred_outer = outer_stride,
           centred_point = point, centred_read = image, centred_guard = image, centred_wide = image;
  centred12.name = "centred_12", centred12.side = 2;
  centred_rows.name = "centred_rows_parallel", centred_rows.asigned = false, centred_rows.pr = 0;
  centred_edges.name = "centred_tails", centred_edges.side = 2, centred_edges.pl = 2, centred_edges.pr = 2;
  centred_outer.name = "centred_outer_3x3_stride_2", centred_outer.pad_value = 3;
  centred_point.name = "centred_outer_2x2";
  centred_read.name = "centred_read_12", centred_read.side = 2, centred_read.stay = false;
  centred_guard.name = "centred_guard", centred_guard.side = 0, centred_guard.np = 1, centred_guard.pl = 0;
  centred_wide.name = "centred_5x5", centred_wide.kh = centred_wide.kw = 5, centred_wide.abits = 2,
  centred_wide.wbits = 2, centred_wide.side = 2, centred_wide.np = 2, centred_wide.pl = 2,
  centred_wide.pr = 1, centred_wide.rows = 10, centred_wide.h = 6;
  for (ConvCase* test : {&centred12, &centred_rows, &centred_edges, &centred_outer, &centred_point,
                         &centred_read, &centred_guard, &centred_wide})
    test->centred = test->has_bias = true;
  // Fields that overlap and are read in every step; blocks of one step and of several.
  ConvCase bytes = image, several = image, chained = image, channels = point, without_constant = point;
  bytes.name = "read_w4a8_3x1", bytes.stay = false, bytes.cin = 3, bytes.simd = 3, bytes.kpf = 3,
  bytes.abits = 8, bytes.wbits = 4, bytes.np = 1, bytes.cols = 4, bytes.cho = 4, bytes.wide_w = true,
  bytes.rows = 9;
  several.name = "read_12_signed", several.stay = false, several.asigned = true, several.has_bias = true,
  several.side = 2;
  chained.name = "read_chain_2", chained.stay = false, chained.chain = 2, chained.np = 3, chained.abits = 3;
  channels.name = "read_outer_2x2", channels.stay = false, channels.side = 2;
  without_constant.name = "read_mult18x18d", without_constant.stay = false, without_constant.prim = 3,
  without_constant.np = 1, without_constant.side = 2;
  return {
      unsigned12,  shortest,     signed12,      inferred,      rows,          cascade,      padded,
      groups,      wraps,        stride,        outer,         outer_signed,  outer_stride, e1,
      ecp5,        ice40,        bytes,         several,       chained,       channels,     without_constant,
      centred12,   centred_rows, centred_edges, centred_outer, centred_point, centred_read, centred_guard,
      centred_wide};
}

}  // namespace bitmason::rtl
