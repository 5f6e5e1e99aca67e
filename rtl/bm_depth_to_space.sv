// (C, H, W) to (C / B^2, H * B, W * B), the inverse of bm_space_to_depth of the same order. One beat per
// cycle; two buffers of one input row. C, H, W are the input's. CRD 0: CH divides C / B^2, CH and CH_OUT divide
// one another; CRD 1: CH_OUT divides C / B^2, CH and CH_OUT * B^2 divide one another.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten):
// 64 channels 10x20, B 2, CRD 1, CH 4 of 4 bit, BLOCK 1: 162 LUT, 238 FF, 1 BRAM18.
module bm_depth_to_space #(
    parameter int C = 4,
    parameter int CH = 1,
    parameter int BITS = 8,
    /* verilator lint_off UNUSEDPARAM */
    parameter int H = 4,
    /* verilator lint_on UNUSEDPARAM */
    parameter int W = 4,
    parameter int B = 2,
    parameter int CRD = 0,
    parameter int CH_OUT = 1,
    parameter int BLOCK = 0
) (
    input  logic clk,
    input  logic rst_n,
    input  logic in_valid,
    output logic in_ready,
    input  logic [CH*BITS-1:0] in_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [CH_OUT*BITS-1:0] out_data
);
  generate
    if (CRD == 0) begin : g_dcr
      localparam int G = C / (B * B) / CH;
      logic r_valid, r_ready;
      logic [CH*BITS-1:0] r_data;
      bm_reorder #(.WIDTH(CH * BITS), .SIZE(W * B * B * G), .N1(1), .T1(0), .N2(B), .T2(B * G), .N3(W),
                   .T3(B * B * G), .N4(B * G), .T4(1), .BLOCK(BLOCK)) u_reorder (
          .clk, .rst_n, .in_valid, .in_ready, .in_data, .out_valid(r_valid), .out_ready(r_ready),
          .out_data(r_data));
      if (CH == CH_OUT) begin : g_same
        assign out_valid = r_valid;
        assign r_ready = out_ready;
        assign out_data = r_data;
      end else begin : g_repack
        bm_repack #(.BITS(BITS), .CH_IN(CH), .CH_OUT(CH_OUT)) u_repack (
            .clk, .rst_n, .in_valid(r_valid), .in_ready(r_ready), .in_data(r_data), .out_valid, .out_ready,
            .out_data);
      end
    end else begin : g_crd
      localparam int G = C / (B * B) / CH_OUT;
      localparam int WIDE = CH_OUT * B * B;
      logic w_valid, w_ready, n_valid, n_ready;
      logic [WIDE*BITS-1:0] w_data, t_data;
      logic [CH_OUT*BITS-1:0] n_data;
      genvar c, p;
      bm_repack #(.BITS(BITS), .CH_IN(CH), .CH_OUT(WIDE)) u_gather (
          .clk, .rst_n, .in_valid, .in_ready, .in_data, .out_valid(w_valid), .out_ready(w_ready),
          .out_data(w_data));
      for (c = 0; c < CH_OUT; c = c + 1) begin : g_channel
        for (p = 0; p < B * B; p = p + 1) begin : g_pixel
          assign t_data[(p*CH_OUT+c)*BITS+:BITS] = w_data[(c*B*B+p)*BITS+:BITS];
        end
      end
      bm_repack #(.BITS(BITS), .CH_IN(WIDE), .CH_OUT(CH_OUT)) u_scatter (
          .clk, .rst_n, .in_valid(w_valid), .in_ready(w_ready), .in_data(t_data), .out_valid(n_valid),
          .out_ready(n_ready), .out_data(n_data));
      bm_reorder #(.WIDTH(CH_OUT * BITS), .SIZE(W * B * B * G), .N1(B), .T1(B), .N2(W), .T2(B * B * G), .N3(B),
                   .T3(1), .N4(G), .T4(B * B), .BLOCK(BLOCK)) u_reorder (
          .clk, .rst_n, .in_valid(n_valid), .in_ready(n_ready), .in_data(n_data), .out_valid, .out_ready,
          .out_data);
    end
  endgenerate
endmodule
