// Fork, width changes, AXI boundary, concatenation, weighted sums.
module plumbing_top (
    input  logic clk,
    input  logic rst_n,
    input  logic [20:0] in_valid,
    output logic [20:0] in_ready,
    input  logic [128*21-1:0] in_data,
    output logic [20:0] out_valid,
    input  logic [20:0] out_ready,
    output logic [128*21-1:0] out_data
);
`define BM_IN(k, WI) .in_valid(in_valid[k]), .in_ready(in_ready[k]), .in_data(in_data[128*k+:WI])
`define BM_OUT(k) .out_valid(out_valid[k]), .out_ready(out_ready[k]), .out_data(out``k)
`define BM_DRIVE(k, WO) logic [WO-1:0] out``k; assign out_data[128*k+:128] = 128'(out``k);
  // Slots 0 to 2: one fork; inputs 1 and 2 are not used.
  `BM_DRIVE(0, 9)
  bm_fork #(.WIDTH(9), .COUNT(3)) u_fork (
      .clk, .rst_n, `BM_IN(0, 9), .out_valid(out_valid[2:0]), .out_ready(out_ready[2:0]), .out_data(out0));
  assign out_data[128+:128] = 128'(out0);
  assign out_data[256+:128] = 128'(out0);
  assign in_ready[2:1] = 2'b00;

  `BM_DRIVE(3, 60)
  bm_repack #(.BITS(5), .CH_IN(4), .CH_OUT(12)) u_up (.clk, .rst_n, `BM_IN(3, 20), `BM_OUT(3));
  `BM_DRIVE(4, 14)
  bm_repack #(.BITS(7), .CH_IN(8), .CH_OUT(2)) u_down (.clk, .rst_n, `BM_IN(4, 56), `BM_OUT(4));
  `BM_DRIVE(5, 9)
  bm_repack #(.BITS(3), .CH_IN(3), .CH_OUT(3)) u_same (.clk, .rst_n, `BM_IN(5, 9), `BM_OUT(5));

  // 13 bits through both AXI boundaries; the frame of 5 beats shows as a 17th bit.
  logic axis_valid, axis_ready, axis_last;
  logic [12:0] axis_data;
  logic [15:0] axis_word;
  `BM_DRIVE(6, 17)
  bm_axis_in #(.WIDTH(13), .BEATS(5)) u_axis_in (
      .clk, .rst_n, .s_axis_tvalid(in_valid[6]), .s_axis_tready(in_ready[6]), .s_axis_tdata(in_data[128*6+:16]),
      .s_axis_tlast(in_data[128*6+16]), .out_valid(axis_valid), .out_ready(axis_ready), .out_data(axis_data));
  bm_axis_out #(.WIDTH(13), .BEATS(5)) u_axis_out (
      .clk, .rst_n, .in_valid(axis_valid), .in_ready(axis_ready), .in_data(axis_data), .m_axis_tvalid(out_valid[6]),
      .m_axis_tready(out_ready[6]), .m_axis_tdata(axis_word), .m_axis_tlast(axis_last));
  assign out6 = {axis_last, axis_word};

  // Slots 7 to 9: one concatenation; outputs 8 and 9 are not used.
  `BM_DRIVE(7, 12)
  bm_concat #(.BITS(6), .CH(2), .COUNT(3), .GROUPS({32'd2, 32'd3, 32'd1})) u_concat (
      .clk, .rst_n, .in_valid(in_valid[9:7]), .in_ready(in_ready[9:7]),
      .in_data({in_data[128*9+:12], in_data[128*8+:12], in_data[128*7+:12]}), `BM_OUT(7));
  assign out_valid[9:8] = 2'b00;
  assign out_data[128*8+:256] = 0;

  // Pairs of slots: sums of two inputs; outputs 11 and 13 are not used.
  `BM_DRIVE(10, 27)
  bm_add #(.CH(3), .COUNT(2), .BITS_A(8), .SIGNED_A(0), .MUL_A(1), .BITS_B(8), .SIGNED_B(0), .MUL_B(1), .CONST(0),
           .OUT_BITS(9)) u_plain (
      .clk, .rst_n, .a_valid(in_valid[10]), .a_ready(in_ready[10]), .a_data(in_data[128*10+:24]),
      .b_valid(in_valid[11]), .b_ready(in_ready[11]), .b_data(in_data[128*11+:24]), `BM_OUT(10));
  assign out_valid[11] = 1'b0;
  assign out_data[128*11+:128] = 0;
  `BM_DRIVE(12, 40)
  bm_add #(.CH(2), .COUNT(2), .BITS_A(5), .SIGNED_A(1), .MUL_A(-64'sd1707), .BITS_B(6), .SIGNED_B(0), .MUL_B(1501),
           .CONST(-64'sd77777), .OUT_BITS(20)) u_scaled (
      .clk, .rst_n, .a_valid(in_valid[12]), .a_ready(in_ready[12]), .a_data(in_data[128*12+:10]),
      .b_valid(in_valid[13]), .b_ready(in_ready[13]), .b_data(in_data[128*13+:12]), `BM_OUT(12));
  assign out_valid[13] = 1'b0;
  assign out_data[128*13+:128] = 0;
  // One input each: widening, the most negative multiplier, a constant alone.
  `BM_DRIVE(14, 16)
  bm_add #(.CH(2), .COUNT(1), .BITS_A(4), .SIGNED_A(1), .MUL_A(1), .CONST(0), .OUT_BITS(8)) u_widen (
      .clk, .rst_n, .a_valid(in_valid[14]), .a_ready(in_ready[14]), .a_data(in_data[128*14+:8]), .b_valid(1'b0),
      .b_ready(unused_ready[0]), .b_data(16'd0), `BM_OUT(14));
  `BM_DRIVE(15, 40)
  bm_add #(.CH(1), .COUNT(1), .BITS_A(7), .SIGNED_A(0), .MUL_A(-64'sd2147483648), .CONST(2147483647), .OUT_BITS(40)) u_most (
      .clk, .rst_n, .a_valid(in_valid[15]), .a_ready(in_ready[15]), .a_data(in_data[128*15+:7]), .b_valid(1'b0),
      .b_ready(unused_ready[1]), .b_data(8'd0), `BM_OUT(15));
  `BM_DRIVE(16, 6)
  bm_add #(.CH(1), .COUNT(1), .BITS_A(7), .SIGNED_A(0), .MUL_A(0), .CONST(-64'sd9), .OUT_BITS(6)) u_constant (
      .clk, .rst_n, .a_valid(in_valid[16]), .a_ready(in_ready[16]), .a_data(in_data[128*16+:7]), .b_valid(1'b0),
      .b_ready(unused_ready[2]), .b_data(8'd0), `BM_OUT(16));
  // 64-bit multipliers and constants, sums of 64 and 30 bits; outputs 18 and 20 are not used.
  `BM_DRIVE(17, 128)
  bm_add #(.CH(2), .COUNT(2), .BITS_A(12), .SIGNED_A(1), .MUL_A(64'sd1234567890123), .BITS_B(9), .SIGNED_B(0),
           .MUL_B(-64'sd9876543210987), .CONST(-64'sd1000000000000000001), .OUT_BITS(64)) u_wide (
      .clk, .rst_n, .a_valid(in_valid[17]), .a_ready(in_ready[17]), .a_data(in_data[128*17+:24]),
      .b_valid(in_valid[18]), .b_ready(in_ready[18]), .b_data(in_data[128*18+:18]), `BM_OUT(17));
  assign out_valid[18] = 1'b0;
  assign out_data[128*18+:128] = 0;
  `BM_DRIVE(19, 60)
  bm_add #(.CH(2), .COUNT(2), .BITS_A(29), .SIGNED_A(1), .MUL_A(1), .BITS_B(29), .SIGNED_B(1), .MUL_B(-64'sd1), .CONST(0),
           .OUT_BITS(30)) u_chunks (
      .clk, .rst_n, .a_valid(in_valid[19]), .a_ready(in_ready[19]), .a_data(in_data[128*19+:58]),
      .b_valid(in_valid[20]), .b_ready(in_ready[20]), .b_data(in_data[128*20+:58]), `BM_OUT(19));
  assign out_valid[20] = 1'b0;
  assign out_data[128*20+:128] = 0;
  logic [2:0] unused_ready;

  generate
    genvar k;
    for (k = 0; k < 21; k = k + 1) begin : g_check
      bm_stream_checker #(.WIDTH(128)) u_check (
          .clk, .rst_n, .valid(out_valid[k]), .ready(out_ready[k]), .data(out_data[128*k+:128]));
    end
  endgenerate

  wire unused = &{1'b0, in_data, in_valid, out_ready, unused_ready};
endmodule
