// Nearest repetition: out[y][x] = in[y / FH][x / FW]. One output beat per cycle; two row buffers.
// Outputs and `in_ready` are registered.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten):
// 64 channels 10x20 by 2, CH 4 of 4 bit, BLOCK 1: 85 LUT, 56 FF, 1 BRAM18.
module bm_upsample #(
    parameter int C = 1,
    parameter int CH = 1,
    parameter int BITS = 8,
    /* verilator lint_off UNUSEDPARAM */
    parameter int H = 4,
    /* verilator lint_on UNUSEDPARAM */
    parameter int W = 4,
    parameter int FH = 2,
    parameter int FW = 2,
    parameter int BLOCK = 0
) (
    input  logic clk,
    input  logic rst_n,
    input  logic in_valid,
    output logic in_ready,
    input  logic [CH*BITS-1:0] in_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [CH*BITS-1:0] out_data
);
  localparam int G = C / CH;

  bm_reorder #(.WIDTH(CH * BITS), .SIZE(W * G), .N1(FH), .T1(0), .N2(W), .T2(G), .N3(FW), .T3(0), .N4(G),
               .T4(1), .BLOCK(BLOCK)) u_reorder (
      .clk, .rst_n, .in_valid, .in_ready, .in_data, .out_valid, .out_ready, .out_data);
endmodule
