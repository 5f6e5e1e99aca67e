#include "conv_case.hpp"

namespace bitmason::rtl {
namespace {

/// A 3x3 layer with padding 1 all round.
ConvCase same_3x3(ConvCase test) {
  test.kh = test.kw = 3;
  test.pt = test.pl = test.pb = test.pr = 1;
  return test;
}

std::vector<ConvCase> outer_cases() {
  return {
      {.name = "pointwise", .cin = 4, .h = 5, .w = 6, .cout = 4, .simd = 2, .cols = 2, .cho = 2, .rows = 3},
      same_3x3({.name = "outer_3x3_two_channels",
                .cin = 4,
                .h = 6,
                .w = 7,
                .cout = 6,
                .simd = 2,
                .nwc = 2,
                .chain = 2,
                .cho = 2,
                .rows = 4}),
      same_3x3({.name = "outer_rows_parallel",
                .cin = 4,
                .h = 7,
                .w = 5,
                .cout = 4,
                .has_bias = true,
                .simd = 2,
                .kpf = 3,
                .cols = 2,
                .chain = 3,
                .cho = 4,
                .rows = 4,
                .line_block = true,
                .weight_block = true,
                .prim = 1}),
      {.name = "outer_stride_2",
       .cin = 3,
       .h = 9,
       .w = 8,
       .cout = 4,
       .kh = 3,
       .kw = 3,
       .sh = 2,
       .sw = 2,
       .pt = 1,
       .pl = 1,
       .abits = 8,
       .pad_value = 128,
       .simd = 3,
       .cols = 2,
       .chain = 3,
       .cho = 2,
       .rows = 6},
      {.name = "outer_stride_3_kernel_2",
       .cin = 2,
       .h = 8,
       .w = 10,
       .cout = 2,
       .kh = 2,
       .kw = 2,
       .sh = 3,
       .sw = 3,
       .simd = 1,
       .cols = 2,
       .cho = 1,
       .rows = 5},
      {.name = "pointwise_stride_2",
       .cin = 2,
       .h = 5,
       .w = 6,
       .cout = 2,
       .sh = 2,
       .sw = 2,
       .simd = 1,
       .cols = 1,
       .rows = 3},
      {.name = "pointwise_2x2",
       .cin = 4,
       .h = 3,
       .w = 7,
       .cout = 8,
       .has_bias = true,
       .simd = 2,
       .nwc = 2,
       .np = 2,
       .chain = 1,
       .cho = 2,
       .rows = 3,
       .prim = 1},
      {.name = "pointwise_3x1_signed",
       .cin = 4,
       .h = 3,
       .w = 4,
       .cout = 6,
       .asigned = true,
       .simd = 4,
       .nwc = 3,
       .np = 1,
       .chain = 2,
       .cho = 3,
       .rows = 3,
       .prim = 1},
      {.name = "pointwise_1x2_signed_narrow",
       .cin = 4,
       .h = 3,
       .w = 5,
       .cout = 6,
       .pl = 1,
       .pr = 2,
       .asigned = true,
       .wide_w = false,
       .simd = 4,
       .nwc = 1,
       .np = 2,
       .chain = 2,
       .cho = 1,
       .rows = 3,
       .prim = 1},
      {.name = "dense",
       .cin = 3,
       .h = 4,
       .w = 4,
       .cout = 10,
       .kh = 4,
       .kw = 4,
       .has_bias = true,
       .simd = 3,
       .cols = 5,
       .nwc = 2,
       .chain = 3,
       .cho = 2,
       .rows = 9,
       .prim = 1},
      {.name = "dense_one_pixel",
       .cin = 8,
       .h = 1,
       .w = 1,
       .cout = 8,
       .simd = 2,
       .cols = 1,
       .nwc = 2,
       .chain = 2,
       .cho = 1,
       .rows = 3},
      {.name = "dense_one_step",
       .cin = 2,
       .h = 1,
       .w = 1,
       .cout = 2,
       .simd = 2,
       .cols = 2,
       .cho = 2,
       .rows = 12},
      {.name = "gathered_groups",
       .cin = 2,
       .h = 4,
       .w = 4,
       .cout = 8,
       .has_bias = true,
       .simd = 2,
       .nwc = 2,
       .chain = 2,
       .cho = 4,
       .rows = 3},
      {.name = "gathered_pixels",
       .cin = 4,
       .h = 4,
       .w = 5,
       .cout = 8,
       .abits = 2,
       .wbits = 2,
       .simd = 4,
       .np = 4,
       .chain = 2,
       .cho = 4,
       .rows = 3},
      {.name = "fewest_rows",
       .cin = 2,
       .h = 6,
       .w = 5,
       .cout = 4,
       .kh = 4,
       .kw = 2,
       .pt = 2,
       .pl = 1,
       .pb = 3,
       .simd = 1,
       .cols = 2,
       .chain = 1,
       .cho = 2,
       .rows = 4,
       .full_rate = false},
      {.name = "flat_frame",
       .cin = 2,
       .h = 1,
       .w = 6,
       .cout = 2,
       .kh = 3,
       .kw = 3,
       .pt = 2,
       .pl = 2,
       .pb = 2,
       .pr = 2,
       .simd = 2,
       .chain = 2,
       .rows = 3},
  };
}

std::vector<ConvCase> conv_family_cases() {
  const ConvCase ultranet = same_3x3({.cin = 8,
                                      .h = 6,
                                      .w = 8,
                                      .cout = 8,
                                      .conv = true,
                                      .simd = 4,
                                      .cols = 2,
                                      .np = 2,
                                      .chain = 4,
                                      .cho = 2,
                                      .rows = 4,
                                      .prim = 1});
  ConvCase ragged = ultranet, wide_kernel = ultranet, no_padding = ultranet, valued = ultranet,
           one_group = ultranet;
  ConvCase two_groups = ultranet, single = ultranet, strided = ultranet, left_only = ultranet,
           biased = ultranet;
  ConvCase first_layer = ultranet, narrow_column = ultranet, signed_codes = ultranet;
  ConvCase plain = ultranet;
  plain.name = "conv_k3_np2";
  ragged.name = "conv_ragged", ragged.w = 7, ragged.prim = 0, ragged.line_block = ragged.weight_block = true;
  wide_kernel.name = "conv_k5", wide_kernel.kh = wide_kernel.kw = 5, wide_kernel.abits = 2,
  wide_kernel.wbits = 2;
  wide_kernel.pt = wide_kernel.pb = wide_kernel.pl = wide_kernel.pr = 2, wide_kernel.rows = 6,
  wide_kernel.chain = 1;
  no_padding.name = "conv_valid", no_padding.pt = no_padding.pb = no_padding.pl = no_padding.pr = 0,
  no_padding.rows = 6;
  valued.name = "conv_padding_value", valued.pad_value = 9;
  one_group.name = "conv_one_group", one_group.cout = 2, one_group.kpf = 3, one_group.simd = 2,
  one_group.cin = 2;
  one_group.chain = 2, one_group.rows = 4;
  two_groups.name = "conv_two_groups_one_step", two_groups.cout = 4, two_groups.kpf = 3, two_groups.simd = 2,
  two_groups.cin = 2;
  two_groups.chain = 3, two_groups.rows = 6, two_groups.cho = 4;
  single.name = "conv_np1", single.np = 1, single.cho = 1;
  strided.name = "conv_row_stride", strided.sh = 2, strided.h = 7, strided.rows = 5;
  left_only.name = "conv_left_padding_2", left_only.pl = 2, left_only.pr = 0;
  biased.name = "conv_bias_right_2", biased.has_bias = true, biased.pl = 0, biased.pr = 2, biased.cho = 1;
  first_layer.name = "conv_first_layer", first_layer.cin = 3, first_layer.simd = 3, first_layer.kpf = 3,
  first_layer.chain = 3;
  first_layer.abits = 8, first_layer.np = 1, first_layer.cout = 8, first_layer.cols = 2, first_layer.rows = 5;
  first_layer.wide_w = true, first_layer.wbits = 3, first_layer.chain = 1;
  narrow_column.name = "conv_one_column", narrow_column.w = 1;
  signed_codes.name = "conv_signed", signed_codes.asigned = true, signed_codes.w = 9, signed_codes.chain = 2;
  ConvCase gathered = two_groups;
  gathered.name = "conv_gathered", gathered.cout = 8, gathered.cho = 4, gathered.has_bias = true;
  ConvCase np1_drop = wide_kernel;
  np1_drop.name = "conv_k5_np1", np1_drop.np = 1, np1_drop.pl = 0, np1_drop.pr = 1, np1_drop.cho = 2;
  return {plain,   ragged,    wide_kernel, no_padding,  valued,        one_group,    two_groups, single,
          strided, left_only, biased,      first_layer, narrow_column, signed_codes, gathered,   np1_drop};
}

std::vector<ConvCase> depthwise_cases() {
  const ConvCase base =
      same_3x3({.cin = 8, .h = 6, .w = 7, .cout = 8, .dw = true, .simd = 4, .cho = 4, .rows = 4});
  ConvCase outer = base, rows = base, conv = base, conv_rows = base, stride = base;
  outer.name = "depthwise_outer", outer.has_bias = true;
  rows.name = "depthwise_outer_rows", rows.kpf = 3, rows.chain = 3, rows.rows = 6, rows.prim = 1;
  conv.name = "depthwise_conv", conv.conv = true, conv.np = 2, conv.cho = 4;
  conv_rows.name = "depthwise_conv_rows", conv_rows.conv = true, conv_rows.np = 2, conv_rows.kpf = 3,
  conv_rows.chain = 3;
  conv_rows.cho = 8, conv_rows.rows = 6, conv_rows.prim = 1;
  stride.name = "depthwise_stride_2", stride.sh = stride.sw = 2, stride.rows = 5, stride.pad_value = 3;
  return {outer, rows, conv, conv_rows, stride};
}

/// Corners of the packings, each on every primitive whose ports hold it.
std::vector<ConvCase> packing_cases() {
  const ConvCase base{.cin = 4, .h = 4, .w = 6, .cout = 4, .simd = 2, .cho = 2, .rows = 3};
  const ConvCase image =
      same_3x3({.cin = 4, .h = 5, .w = 6, .cout = 4, .conv = true, .simd = 2, .np = 2, .rows = 4});
  ConvCase bytes = base, bytes_e1 = base, bits = image, mixed = image, narrow_e1 = base, ecp5 = base,
           ice40 = base;
  bytes.name = "w8a8_2x1", bytes.abits = bytes.wbits = 8, bytes.nwc = 2, bytes.prim = 1;
  bytes_e1.name = "w8a8_2x1_dsp48e1", bytes_e1.abits = bytes_e1.wbits = 8, bytes_e1.nwc = 2,
  bytes_e1.prim = 2;
  bits.name = "w1a1_k3_np4", bits.abits = bits.wbits = 1, bits.np = 4, bits.chain = 2, bits.prim = 1;
  mixed.name = "w3a8_k3_np1", mixed.abits = 8, mixed.np = 1, mixed.chain = 1, mixed.wbits = 3, mixed.prim = 1;
  narrow_e1.name = "w4a4_narrow_dsp48e1", narrow_e1.wide_w = false, narrow_e1.nwc = 2, narrow_e1.chain = 2,
  narrow_e1.prim = 2;
  ecp5.name = "w4a4_mult18x18d", ecp5.nwc = 2, ecp5.chain = 2, ecp5.prim = 3;
  ice40.name = "w4a4_sb_mac16", ice40.nwc = 2, ice40.chain = 2, ice40.prim = 4,
  ice40.line_block = ice40.weight_block = true;
  ConvCase wide_codes = base;
  wide_codes.name = "w4a8_2x1", wide_codes.abits = 8, wide_codes.nwc = 2, wide_codes.chain = 2,
  wide_codes.prim = 1;
  // Multipliers in LUTs: unsigned and signed codes, odd and single bits, depthwise.
  ConvCase luts = base, luts_signed = image, luts_depthwise = base;
  luts.name = "luts_w4a4_chain_2", luts.chain = 2;
  luts_signed.name = "luts_w5a3_signed", luts_signed.conv = false, luts_signed.np = 1, luts_signed.wbits = 5,
  luts_signed.abits = 3, luts_signed.asigned = true, luts_signed.has_bias = true;
  luts_depthwise.name = "luts_depthwise", luts_depthwise.dw = true, luts_depthwise.wbits = 2;
  luts.fabric = luts_signed.fabric = luts_depthwise.fabric = true;
  // Sums of more than 24 bits are made in two parts: their own width, and family CONV with tails in wires,
  // registers and a memory.
  ConvCase long_sums = base, long_rows = image;
  long_sums.name = "w8a16_long_sums", long_sums.wbits = 8, long_sums.abits = 16, long_sums.has_bias = true,
  long_sums.prim = 1;
  long_rows.name = "k3_long_sums_4_groups", long_rows.more_bits = 12, long_rows.has_bias = true,
  long_rows.prim = 1;
  ConvCase long_pairs = long_rows, long_group = long_rows;
  long_pairs.name = "k3_long_sums_2_groups", long_pairs.cols = 2, long_pairs.has_bias = false;
  long_group.name = "k3_long_sums_1_group", long_group.cols = 4;
  return {bytes, bytes_e1,    bits,           mixed,     narrow_e1, ecp5,       ice40,     wide_codes,
          luts,  luts_signed, luts_depthwise, long_sums, long_rows, long_pairs, long_group};
}

}  // namespace

std::vector<ConvCase> external_cases(std::size_t step) {
  std::vector<ConvCase> cases;
  std::size_t found = 0;
  for (const char* set : {"outer", "conv", "packing", "accum"}) {
    for (ConvCase test : conv_cases(set)) {
      if (test.groups() == 1 || test.dw || test.prim > 1 || found++ % step != 0) continue;
      test.name = "external_" + test.name;
      test.external = true;
      cases.push_back(test);
    }
  }
  return cases;
}

std::vector<ConvCase> conv_cases(const std::string& set) {
  if (set == "outer") return outer_cases();
  if (set == "conv") return conv_family_cases();
  if (set == "packing") return packing_cases();
  if (set == "accum") return accum_cases();
  if (set == "wide") return wide_cases();
  if (set == "external") return external_cases(kExternalStep);
  if (set == "external_all") return external_cases(1);
  return depthwise_cases();
}

}  // namespace bitmason::rtl
