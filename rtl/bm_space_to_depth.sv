// (C, H, W) to (C * B^2, H / B, W / B); deep channel CRD 0: (dy * B + dx) * C + c, CRD 1: (c * B + dy) * B + dx.
// One input beat per cycle; two buffers of B rows. C, H, W are the input's; CH divides C; CH_OUT and CH (CRD 1:
// CH * B^2) divide one another. `in_ready` is registered.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten):
// 64 channels 20x40, B 2, CH 4 of 4 bit, BLOCK 1: 87 LUT, 59 FF, 4 BRAM18.
module bm_space_to_depth #(
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
  localparam int G = C / CH;
  localparam int SIZE = B * W * G;

  logic r_valid, r_ready;
  logic [CH*BITS-1:0] r_data;

  generate
    if (CRD == 0) begin : g_dcr
      bm_reorder #(.WIDTH(CH * BITS), .SIZE(SIZE), .N1(1), .T1(0), .N2(W / B), .T2(B * G), .N3(B), .T3(W * G),
                   .N4(B * G), .T4(1), .BLOCK(BLOCK)) u_reorder (
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
      // The B^2 pixels of a channel group come together, their elements change places in one wide beat.
      localparam int WIDE = CH * B * B;
      logic w_valid, w_ready;
      logic [WIDE*BITS-1:0] w_data, t_data;
      genvar c, p;
      bm_reorder #(.WIDTH(CH * BITS), .SIZE(SIZE), .N1(W / B), .T1(B * G), .N2(G), .T2(1), .N3(B), .T3(W * G),
                   .N4(B), .T4(G), .BLOCK(BLOCK)) u_reorder (
          .clk, .rst_n, .in_valid, .in_ready, .in_data, .out_valid(r_valid), .out_ready(r_ready),
          .out_data(r_data));
      bm_repack #(.BITS(BITS), .CH_IN(CH), .CH_OUT(WIDE)) u_gather (
          .clk, .rst_n, .in_valid(r_valid), .in_ready(r_ready), .in_data(r_data), .out_valid(w_valid),
          .out_ready(w_ready), .out_data(w_data));
      for (c = 0; c < CH; c = c + 1) begin : g_channel
        for (p = 0; p < B * B; p = p + 1) begin : g_pixel
          assign t_data[(c*B*B+p)*BITS+:BITS] = w_data[(p*CH+c)*BITS+:BITS];
        end
      end
      bm_repack #(.BITS(BITS), .CH_IN(WIDE), .CH_OUT(CH_OUT)) u_scatter (
          .clk, .rst_n, .in_valid(w_valid), .in_ready(w_ready), .in_data(t_data), .out_valid, .out_ready,
          .out_data);
    end
  endgenerate
endmodule
