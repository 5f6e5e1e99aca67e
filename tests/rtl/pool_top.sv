// Pooling of all kinds: windows without overlap, overlapping, padded, global, one-dimensional.
// Stream k is slot k of the ports, 128 bits each.
`define BM_SLOT(k, WI) .clk, .rst_n, .in_valid(in_valid[k]), .in_ready(in_ready[k]), .in_data(in_data[128*k+:WI]), \
      .out_valid(out_valid[k]), .out_ready(out_ready[k])
`define BM_OUT(k, WO) logic [WO-1:0] out``k; assign out_data[128*k+:128] = 128'(out``k);

module pool_top (
    input  logic clk,
    input  logic rst_n,
    input  logic [12:0] in_valid,
    output logic [12:0] in_ready,
    input  logic [128*13-1:0] in_data,
    output logic [12:0] out_valid,
    input  logic [12:0] out_ready,
    output logic [128*13-1:0] out_data
);
  `BM_OUT(0, 8)
  bm_pool #(.C(4), .CH(2), .BITS(4), .IN_SIGNED(0), .SUM(0), .OUT_BITS(4), .H(6), .W(8), .KH(2), .KW(2), .SH(2), .SW(2), .PT(0), .PL(0), .PB(0), .PR(0), .PAD_VALUE(0), .BLOCK(0)) u0 (
      `BM_SLOT(0, 8), .out_data(out0));
  `BM_OUT(1, 10)
  bm_pool #(.C(6), .CH(2), .BITS(5), .IN_SIGNED(1), .SUM(0), .OUT_BITS(5), .H(7), .W(9), .KH(2), .KW(2), .SH(2), .SW(2), .PT(0), .PL(0), .PB(0), .PR(0), .PAD_VALUE(0), .BLOCK(1)) u1 (
      `BM_SLOT(1, 10), .out_data(out1));
  `BM_OUT(2, 12)
  bm_pool #(.C(3), .CH(3), .BITS(4), .IN_SIGNED(1), .SUM(0), .OUT_BITS(4), .H(7), .W(8), .KH(3), .KW(3), .SH(2), .SW(2), .PT(1), .PL(1), .PB(1), .PR(1), .PAD_VALUE(-8), .BLOCK(0)) u2 (
      `BM_SLOT(2, 12), .out_data(out2));
  `BM_OUT(3, 8)
  bm_pool #(.C(4), .CH(1), .BITS(4), .IN_SIGNED(0), .SUM(1), .OUT_BITS(8), .H(6), .W(7), .KH(3), .KW(3), .SH(1), .SW(1), .PT(1), .PL(1), .PB(1), .PR(1), .PAD_VALUE(5), .BLOCK(0)) u3 (
      `BM_SLOT(3, 4), .out_data(out3));
  `BM_OUT(4, 26)
  bm_pool #(.C(8), .CH(2), .BITS(8), .IN_SIGNED(1), .SUM(1), .OUT_BITS(13), .H(5), .W(6), .KH(5), .KW(6), .SH(1), .SW(1), .PT(0), .PL(0), .PB(0), .PR(0), .PAD_VALUE(0), .BLOCK(0)) u4 (
      `BM_SLOT(4, 16), .out_data(out4));
  `BM_OUT(5, 22)
  bm_pool #(.C(2), .CH(2), .BITS(7), .IN_SIGNED(1), .SUM(1), .OUT_BITS(11), .H(5), .W(9), .KH(3), .KW(2), .SH(3), .SW(4), .PT(0), .PL(0), .PB(0), .PR(0), .PAD_VALUE(0), .BLOCK(0)) u5 (
      `BM_SLOT(5, 14), .out_data(out5));
  `BM_OUT(6, 8)
  bm_pool #(.C(1), .CH(1), .BITS(8), .IN_SIGNED(0), .SUM(0), .OUT_BITS(8), .H(9), .W(1), .KH(3), .KW(1), .SH(2), .SW(1), .PT(1), .PL(0), .PB(0), .PR(0), .PAD_VALUE(0), .BLOCK(0)) u6 (
      `BM_SLOT(6, 8), .out_data(out6));
  `BM_OUT(7, 6)
  bm_pool #(.C(2), .CH(1), .BITS(6), .IN_SIGNED(0), .SUM(0), .OUT_BITS(6), .H(1), .W(12), .KH(1), .KW(5), .SH(1), .SW(2), .PT(0), .PL(2), .PB(0), .PR(1), .PAD_VALUE(0), .BLOCK(0)) u7 (
      `BM_SLOT(7, 6), .out_data(out7));
  `BM_OUT(8, 28)
  bm_pool #(.C(4), .CH(4), .BITS(3), .IN_SIGNED(0), .SUM(1), .OUT_BITS(7), .H(8), .W(7), .KH(4), .KW(3), .SH(2), .SW(2), .PT(2), .PL(0), .PB(1), .PR(1), .PAD_VALUE(7), .BLOCK(1)) u8 (
      `BM_SLOT(8, 12), .out_data(out8));
  `BM_OUT(9, 5)
  bm_pool #(.C(1), .CH(1), .BITS(5), .IN_SIGNED(1), .SUM(0), .OUT_BITS(5), .H(4), .W(4), .KH(1), .KW(1), .SH(2), .SW(2), .PT(0), .PL(0), .PB(0), .PR(0), .PAD_VALUE(0), .BLOCK(0)) u9 (
      `BM_SLOT(9, 5), .out_data(out9));
  `BM_OUT(10, 16)
  bm_pool #(.C(2), .CH(2), .INP(4), .BITS(4), .IN_SIGNED(0), .SUM(0), .OUT_BITS(4), .H(6), .W(8), .KH(2), .KW(2), .SH(2), .SW(2), .PT(0), .PL(0), .PB(0), .PR(0), .PAD_VALUE(0), .BLOCK(0)) u10 (
      `BM_SLOT(10, 32), .out_data(out10));
  `BM_OUT(11, 7)
  bm_pool #(.C(1), .CH(1), .INP(2), .BITS(5), .IN_SIGNED(1), .SUM(1), .OUT_BITS(7), .H(4), .W(6), .KH(2), .KW(2), .SH(2), .SW(2), .PT(0), .PL(0), .PB(0), .PR(0), .PAD_VALUE(0), .BLOCK(0)) u11 (
      `BM_SLOT(11, 10), .out_data(out11));
  `BM_OUT(12, 24)
  bm_pool #(.C(2), .CH(2), .INP(3), .BITS(4), .IN_SIGNED(1), .SUM(0), .OUT_BITS(4), .H(5), .W(6), .KH(3), .KW(1), .SH(2), .SW(1), .PT(1), .PL(0), .PB(1), .PR(0), .PAD_VALUE(-8), .BLOCK(0)) u12 (
      `BM_SLOT(12, 24), .out_data(out12));

  generate
    genvar k;
    for (k = 0; k < 13; k = k + 1) begin : g_check
      bm_stream_checker #(.WIDTH(128)) u_check (
          .clk, .rst_n, .valid(out_valid[k]), .ready(out_ready[k]), .data(out_data[128*k+:128]));
    end
  endgenerate

  wire unused = &{1'b0, in_data};
endmodule
