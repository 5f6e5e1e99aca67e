// Largest code (SUM 0) or exact sum modulo 2^OUT_BITS (SUM 1) of KH x KW windows at strides SH, SW; positions
// in the padding hold PAD_VALUE (for max: the lowest code). Rows and columns that no window covers are dropped.
// A beat has CH channels of a pixel, or with INP > 1 all C of INP pixels, and OUTP = INP / KW pixels of the output: then KW = SW divides
// INP, INP divides W, and no column is padding.
// Columns are pooled first, then rows, each keeping partial results only. One beat per cycle: a frame
// takes (H + PT + PB) * (W + PL + PR) * C / CH cycles. OUT_BITS = BITS for max.
// Outputs are registered; `in_ready` comes from registered state only, except with padding (plus one LUT).
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten):
// max 2x2, 64 channels 160x320, CH 4 of 4 bit, BLOCK 1: 240 LUT, 215 FF, 3 BRAM18; max 3x3 stride 2
// padded, 16 channels 32x32, CH 2 of 8 bit: 476 LUT, 281 FF; sum of 7x7 to 1x1, 64 channels, CH 4 of 4 bit:
// 179 LUT, 205 FF.
module bm_pool #(
    parameter int C = 1,
    parameter int CH = 1,
    parameter int INP = 1,
    parameter int BITS = 8,
    parameter int IN_SIGNED = 0,
    parameter int SUM = 0,
    parameter int OUT_BITS = 8,
    parameter int H = 4,
    parameter int W = 4,
    parameter int KH = 2,
    parameter int KW = 2,
    parameter int SH = 2,
    parameter int SW = 2,
    parameter int PT = 0,
    parameter int PL = 0,
    parameter int PB = 0,
    parameter int PR = 0,
    parameter int PAD_VALUE = 0,
    parameter int BLOCK = 0,
    parameter int OUTP = INP > 1 ? INP / KW : 1
) (
    input  logic clk,
    input  logic rst_n,
    input  logic in_valid,
    output logic in_ready,
    input  logic [INP*CH*BITS-1:0] in_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [OUTP*CH*OUT_BITS-1:0] out_data
);
  localparam int G = C / CH;
  localparam int ROWS = H + PT + PB;
  localparam int COLUMNS = W + PL + PR;
  localparam int OUT_COLUMNS = (COLUMNS - KW) / SW + 1;
  localparam int ROW_BEATS = INP > 1 ? W / INP : OUT_COLUMNS * G;
  localparam int OUT_ROWS = (ROWS - KH) / SH + 1;
  // A lone window needs no partial results of a second one.
  localparam int STRIDE_H = OUT_ROWS == 1 && KH > SH ? KH : SH;
  localparam int STRIDE_W = OUT_COLUMNS == 1 && KW > SW ? KW : SW;
  // One window covers all columns: rows follow each other as one long run.
  localparam int JOINED = INP == 1 && KW == COLUMNS ? 1 : 0;
  localparam int DO_COLUMNS = JOINED == 0 && (KW > 1 || SW > 1) ? 1 : 0;
  localparam int GROWN = BITS + $clog2(KW);
  localparam int MIDDLE = DO_COLUMNS == 0 || SUM == 0 ? BITS : GROWN < OUT_BITS ? GROWN : OUT_BITS;

  logic p_valid, p_ready, m_valid, m_ready;
  logic [INP*CH*BITS-1:0] p_data;
  logic [OUTP*CH*MIDDLE-1:0] m_data;

  generate
    if (INP > 1 && (CH != C || KW != SW || INP % KW != 0 || W % INP != 0 || PL + PR != 0)) begin : g_bad_inp
      bm_pool_several_pixels_a_beat_need_all_channels_windows_side_by_side_and_no_padding_columns u_error ();
    end
    if (ROWS != H || COLUMNS != W) begin : g_pad
      bm_pool_pad #(.WIDTH(INP * CH * BITS), .G(G), .H(H), .W(W / INP), .PT(PT), .PL(PL), .PB(PB), .PR(PR),
                    .VALUE({INP * CH{BITS'(PAD_VALUE)}})) u_pad (
          .clk, .rst_n, .in_valid, .in_ready, .in_data, .out_valid(p_valid), .out_ready(p_ready),
          .out_data(p_data));
    end else begin : g_no_pad
      assign p_valid = in_valid;
      assign in_ready = p_ready;
      assign p_data = in_data;
    end
    if (DO_COLUMNS != 0 && INP > 1) begin : g_beat
      bm_pool_beat #(.CH(CH), .INP(INP), .K(KW), .BITS(BITS), .IN_SIGNED(IN_SIGNED), .SUM(SUM), .OUT_BITS(MIDDLE)) u_beat (
          .clk, .rst_n, .in_valid(p_valid), .in_ready(p_ready), .in_data(p_data), .out_valid(m_valid),
          .out_ready(m_ready), .out_data(m_data));
    end else if (DO_COLUMNS != 0) begin : g_columns
      bm_pool_line #(.CH(CH), .BITS(BITS), .IN_SIGNED(IN_SIGNED), .SUM(SUM), .OUT_BITS(MIDDLE), .N(COLUMNS),
                     .K(KW), .S(STRIDE_W), .INNER(G), .BLOCK(2)) u_columns (
          .clk, .rst_n, .in_valid(p_valid), .in_ready(p_ready), .in_data(p_data), .out_valid(m_valid),
          .out_ready(m_ready), .out_data(m_data));
    end else begin : g_no_columns
      assign m_valid = p_valid;
      assign p_ready = m_ready;
      assign m_data = p_data;
    end
    if (JOINED != 0) begin : g_joined
      bm_pool_line #(.CH(CH), .BITS(MIDDLE), .IN_SIGNED(IN_SIGNED), .SUM(SUM), .OUT_BITS(OUT_BITS),
                     .N(ROWS * COLUMNS), .K(KH * COLUMNS), .S(STRIDE_H * COLUMNS), .INNER(G), .BLOCK(BLOCK)) u_rows (
          .clk, .rst_n, .in_valid(m_valid), .in_ready(m_ready), .in_data(m_data), .out_valid, .out_ready,
          .out_data);
    end else begin : g_rows
      bm_pool_line #(.CH(OUTP * CH), .BITS(MIDDLE), .IN_SIGNED(IN_SIGNED), .SUM(SUM), .OUT_BITS(OUT_BITS), .N(ROWS),
                     .K(KH), .S(STRIDE_H), .INNER(ROW_BEATS), .BLOCK(BLOCK)) u_rows (
          .clk, .rst_n, .in_valid(m_valid), .in_ready(m_ready), .in_data(m_data), .out_valid, .out_ready,
          .out_data);
    end
  endgenerate
endmodule
