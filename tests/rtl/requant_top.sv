// Requantisation by thresholds and by multiplier and shift; the bench writes the memory files first.
// Stream k is slot k of the ports, 128 bits each.
`define BITMASON_MEM "mem/"
`define BM_SLOT(k, WI) .clk, .rst_n, .in_valid(in_valid[k]), .in_ready(in_ready[k]), .in_data(in_data[128*k+:WI]), \
      .out_valid(out_valid[k]), .out_ready(out_ready[k])
`define BM_OUT(k, WO) logic [WO-1:0] out``k; assign out_data[128*k+:128] = 128'(out``k);

module requant_top (
    input  logic clk,
    input  logic rst_n,
    input  logic [15:0] in_valid,
    output logic [15:0] in_ready,
    input  logic [128*16-1:0] in_data,
    output logic [15:0] out_valid,
    input  logic [15:0] out_ready,
    output logic [128*16-1:0] out_data
);
  `BM_OUT(0, 12)
  bm_requant_threshold #(.C(12), .CH(3), .IN_BITS(10), .IN_SIGNED(1), .OUT_BITS(4), .OUT_LO(0), .STEPS(15),
                         .ROWS(12), .FILE({`BITMASON_MEM, "thresholds0"})) u0 (
      `BM_SLOT(0, 30), .out_data(out0));
  `BM_OUT(1, 8)
  bm_requant_threshold #(.C(6), .CH(2), .IN_BITS(8), .IN_SIGNED(0), .OUT_BITS(4), .OUT_LO(-8), .STEPS(15),
                         .ROWS(6), .FILE({`BITMASON_MEM, "thresholds1"})) u1 (
      `BM_SLOT(1, 16), .out_data(out1));
  `BM_OUT(2, 3)
  bm_requant_threshold #(.C(4), .CH(1), .IN_BITS(13), .IN_SIGNED(1), .OUT_BITS(3), .OUT_LO(-3), .STEPS(6),
                         .ROWS(1), .FILE({`BITMASON_MEM, "thresholds2"})) u2 (
      `BM_SLOT(2, 13), .out_data(out2));
  `BM_OUT(3, 4)
  bm_requant_threshold #(.C(4), .CH(4), .IN_BITS(9), .IN_SIGNED(1), .OUT_BITS(1), .OUT_LO(0), .STEPS(1),
                         .ROWS(4), .FILE({`BITMASON_MEM, "thresholds3"})) u3 (
      `BM_SLOT(3, 36), .out_data(out3));
  `BM_OUT(4, 10)
  bm_requant_threshold #(.C(8), .CH(2), .IN_BITS(28), .IN_SIGNED(1), .OUT_BITS(5), .OUT_LO(-16), .STEPS(31),
                         .ROWS(8), .FILE({`BITMASON_MEM, "thresholds4"})) u4 (
      `BM_SLOT(4, 56), .out_data(out4));
  `BM_OUT(5, 16)
  bm_requant_threshold #(.C(10), .CH(2), .IN_BITS(12), .IN_SIGNED(0), .OUT_BITS(8), .OUT_LO(0), .STEPS(200),
                         .ROWS(10), .FILE({`BITMASON_MEM, "thresholds5"})) u5 (
      `BM_SLOT(5, 24), .out_data(out5));
  `BM_OUT(6, 8)
  bm_requant_threshold #(.C(64), .CH(1), .IN_BITS(11), .IN_SIGNED(1), .OUT_BITS(8), .OUT_LO(-128), .STEPS(255),
                         .ROWS(64), .FILE({`BITMASON_MEM, "thresholds6"})) u6 (
      `BM_SLOT(6, 11), .out_data(out6));
  `BM_OUT(7, 2)
  bm_requant_threshold #(.C(3), .CH(1), .IN_BITS(20), .IN_SIGNED(1), .OUT_BITS(2), .OUT_LO(0), .STEPS(2),
                         .ROWS(3), .FILE({`BITMASON_MEM, "thresholds7"})) u7 (
      `BM_SLOT(7, 20), .out_data(out7));
  `BM_OUT(8, 24)
  bm_requant_scale #(.C(12), .CH(3), .IN_BITS(16), .IN_SIGNED(1), .OUT_BITS(8), .OUT_LO(0), .OUT_HI(255),
                     .MUL_BITS(9), .BIAS_BITS(20), .SHIFT(12), .ROWS(12), .USE_DSP(0), .PRIM(0),
                     .FILE({`BITMASON_MEM, "scales8.hex"})) u8 (
      `BM_SLOT(8, 48), .out_data(out8));
  `BM_OUT(9, 8)
  bm_requant_scale #(.C(4), .CH(2), .IN_BITS(9), .IN_SIGNED(0), .OUT_BITS(4), .OUT_LO(-8), .OUT_HI(7),
                     .MUL_BITS(6), .BIAS_BITS(14), .SHIFT(7), .ROWS(4), .USE_DSP(0), .PRIM(0),
                     .FILE({`BITMASON_MEM, "scales9.hex"})) u9 (
      `BM_SLOT(9, 18), .out_data(out9));
  `BM_OUT(10, 8)
  bm_requant_scale #(.C(4), .CH(1), .IN_BITS(20), .IN_SIGNED(1), .OUT_BITS(8), .OUT_LO(-100), .OUT_HI(100),
                     .MUL_BITS(13), .BIAS_BITS(38), .SHIFT(20), .ROWS(1), .USE_DSP(0), .PRIM(0),
                     .FILE({`BITMASON_MEM, "scales10.hex"})) u10 (
      `BM_SLOT(10, 20), .out_data(out10));
  `BM_OUT(11, 16)
  bm_requant_scale #(.C(6), .CH(2), .IN_BITS(18), .IN_SIGNED(1), .OUT_BITS(8), .OUT_LO(0), .OUT_HI(255),
                     .MUL_BITS(14), .BIAS_BITS(30), .SHIFT(18), .ROWS(6), .USE_DSP(1), .PRIM(0),
                     .FILE({`BITMASON_MEM, "scales11.hex"})) u11 (
      `BM_SLOT(11, 36), .out_data(out11));
  `BM_OUT(12, 24)
  bm_requant_scale #(.C(3), .CH(3), .IN_BITS(22), .IN_SIGNED(1), .OUT_BITS(8), .OUT_LO(-128), .OUT_HI(127),
                     .MUL_BITS(11), .BIAS_BITS(33), .SHIFT(22), .ROWS(3), .USE_DSP(1), .PRIM(1),
                     .FILE({`BITMASON_MEM, "scales12.hex"})) u12 (
      `BM_SLOT(12, 66), .out_data(out12));
  `BM_OUT(13, 6)
  bm_requant_scale #(.C(4), .CH(1), .IN_BITS(12), .IN_SIGNED(1), .OUT_BITS(6), .OUT_LO(-20), .OUT_HI(31),
                     .MUL_BITS(1), .BIAS_BITS(4), .SHIFT(0), .ROWS(4), .USE_DSP(0), .PRIM(0),
                     .FILE({`BITMASON_MEM, "scales13.hex"})) u13 (
      `BM_SLOT(13, 12), .out_data(out13));
  `BM_OUT(14, 8)
  bm_requant_scale #(.C(2), .CH(1), .IN_BITS(30), .IN_SIGNED(1), .OUT_BITS(8), .OUT_LO(0), .OUT_HI(255),
                     .MUL_BITS(24), .BIAS_BITS(50), .SHIFT(40), .ROWS(2), .USE_DSP(0), .PRIM(0),
                     .FILE({`BITMASON_MEM, "scales14.hex"})) u14 (
      `BM_SLOT(14, 30), .out_data(out14));
  `BM_OUT(15, 35)
  bm_requant_scale #(.C(5), .CH(5), .IN_BITS(8), .IN_SIGNED(0), .OUT_BITS(7), .OUT_LO(3), .OUT_HI(90),
                     .MUL_BITS(3), .BIAS_BITS(30), .SHIFT(31), .ROWS(1), .USE_DSP(0), .PRIM(0),
                     .FILE({`BITMASON_MEM, "scales15.hex"})) u15 (
      `BM_SLOT(15, 40), .out_data(out15));

  generate
    genvar k;
    for (k = 0; k < 16; k = k + 1) begin : g_check
      bm_stream_checker #(.WIDTH(128)) u_check (
          .clk, .rst_n, .valid(out_valid[k]), .ready(out_ready[k]), .data(out_data[128*k+:128]));
    end
  endgenerate

  wire unused = &{1'b0, in_data};
endmodule
