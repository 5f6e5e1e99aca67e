// Every module of the library once, in a chain, for the synthesis tests. SMALL: BLOCK of the small memories.
module synth_top #(
    parameter int SMALL = 0
) (
    input  logic clk,
    input  logic rst_n,
    input  logic [15:0] s_axis_tdata,
    input  logic s_axis_tvalid,
    output logic s_axis_tready,
    input  logic s_axis_tlast,
    output logic [15:0] m_axis_tdata,
    output logic m_axis_tvalid,
    input  logic m_axis_tready,
    output logic m_axis_tlast
);
`define BM_LINK(n, W) logic n``_valid, n``_ready; logic [W-1:0] n``_data;
`define BM_JOIN(i, o) .clk, .rst_n, .in_valid(i``_valid), .in_ready(i``_ready), .in_data(i``_data), \
      .out_valid(o``_valid), .out_ready(o``_ready), .out_data(o``_data)
  `BM_LINK(a, 15)
  bm_axis_in #(.WIDTH(15), .BEATS(128)) u_in (
      .clk, .rst_n, .s_axis_tdata, .s_axis_tvalid, .s_axis_tready, .s_axis_tlast, .out_valid(a_valid),
      .out_ready(a_ready), .out_data(a_data));
  `BM_LINK(b, 15)
  bm_skid #(.WIDTH(15)) u_skid (`BM_JOIN(a, b));
  `BM_LINK(c, 15)
  bm_fifo #(.WIDTH(15), .DEPTH(40), .BLOCK(SMALL)) u_fifo (`BM_JOIN(b, c));
  `BM_LINK(d, 15)
  bm_fifo #(.WIDTH(15), .DEPTH(600), .BLOCK(1)) u_block (`BM_JOIN(c, d));
  `BM_LINK(e, 30)
  bm_repack #(.BITS(5), .CH_IN(3), .CH_OUT(6)) u_up (`BM_JOIN(d, e));
  `BM_LINK(f, 15)
  bm_repack #(.BITS(5), .CH_IN(6), .CH_OUT(3)) u_down (`BM_JOIN(e, f));
  `BM_LINK(g, 15)
  bm_pool #(.C(9), .CH(3), .BITS(5), .IN_SIGNED(1), .SUM(0), .OUT_BITS(5), .H(8), .W(8), .KH(3), .KW(3), .SH(2), .SW(2),
            .PT(1), .PL(1), .PB(1), .PR(1), .PAD_VALUE(-16), .BLOCK(SMALL)) u_max (`BM_JOIN(f, g));
  `BM_LINK(h, 21)
  bm_pool #(.C(9), .CH(3), .BITS(5), .IN_SIGNED(1), .SUM(1), .OUT_BITS(7), .H(4), .W(8), .KH(2), .KW(2), .SH(2), .SW(2),
            .PT(0), .PL(0), .PB(0), .PR(0), .PAD_VALUE(0), .BLOCK(1)) u_sum (`BM_JOIN(g, h));
  `BM_LINK(i, 6)
  bm_requant_threshold #(.C(6), .CH(3), .IN_BITS(7), .IN_SIGNED(1), .OUT_BITS(2), .OUT_LO(0), .STEPS(3), .ROWS(6),
                         .FILE({`BITMASON_MEM, "thresholds"})) u_threshold (`BM_JOIN(h, i));
  `BM_LINK(j, 6)
  bm_space_to_depth #(.C(6), .CH(3), .BITS(2), .H(4), .W(4), .B(2), .CRD(0), .CH_OUT(3), .BLOCK(SMALL)) u_s2d (`BM_JOIN(i, j));
  `BM_LINK(k, 6)
  bm_depth_to_space #(.C(24), .CH(3), .BITS(2), .H(4), .W(4), .B(2), .CRD(1), .CH_OUT(3), .BLOCK(SMALL)) u_d2s (`BM_JOIN(j, k));
  `BM_LINK(l, 6)
  bm_upsample #(.C(6), .CH(3), .BITS(2), .H(4), .W(16), .FH(2), .FW(2), .BLOCK(1)) u_upsample (`BM_JOIN(k, l));

  logic [1:0] fork_valid, fork_ready, pair_valid, pair_ready;
  logic [5:0] fork_data, pair_data;
  bm_fork #(.WIDTH(6), .COUNT(2)) u_fork (
      .clk, .rst_n, .in_valid(l_valid), .in_ready(l_ready), .in_data(l_data), .out_valid(fork_valid),
      .out_ready(fork_ready), .out_data(fork_data));
  `BM_LINK(m, 6)
  bm_concat #(.BITS(2), .CH(3), .COUNT(2), .GROUPS({32'd1, 32'd1})) u_concat (
      .clk, .rst_n, .in_valid(fork_valid), .in_ready(fork_ready), .in_data({fork_data, fork_data}),
      .out_valid(m_valid), .out_ready(m_ready), .out_data(m_data));
  bm_fork #(.WIDTH(6), .COUNT(2)) u_pair (
      .clk, .rst_n, .in_valid(m_valid), .in_ready(m_ready), .in_data(m_data), .out_valid(pair_valid),
      .out_ready(pair_ready), .out_data(pair_data));
  `BM_LINK(n, 30)
  bm_add #(.CH(3), .COUNT(2), .BITS_A(2), .SIGNED_A(0), .MUL_A(57), .BITS_B(2), .SIGNED_B(1), .MUL_B(-64'sd101), .CONST(3),
           .OUT_BITS(10)) u_add (
      .clk, .rst_n, .a_valid(pair_valid[0]), .a_ready(pair_ready[0]), .a_data(pair_data), .b_valid(pair_valid[1]),
      .b_ready(pair_ready[1]), .b_data(pair_data), .out_valid(n_valid), .out_ready(n_ready), .out_data(n_data));
  `BM_LINK(o, 15)
  bm_requant_scale #(.C(6), .CH(3), .IN_BITS(10), .IN_SIGNED(1), .OUT_BITS(5), .OUT_LO(0), .OUT_HI(31), .MUL_BITS(6),
                     .BIAS_BITS(12), .SHIFT(7), .ROWS(6), .USE_DSP(0), .PRIM(0),
                     .FILE({`BITMASON_MEM, "scales.hex"})) u_scale (`BM_JOIN(n, o));
  bm_axis_out #(.WIDTH(15), .BEATS(96)) u_out (
      .clk, .rst_n, .in_valid(o_valid), .in_ready(o_ready), .in_data(o_data), .m_axis_tdata, .m_axis_tvalid,
      .m_axis_tready, .m_axis_tlast);
endmodule
