// The DSP cell on iCE40 UltraPlus (SB_MAC16), same ports, latency and result (modulo 2^32) as bm_dsp_inferred. Weights are packed
// in fabric one register before the cell; the 32-bit sum of product and cascade (or BIAS), through C and D, is the block's own.
// Registers: packed weights in fabric, inputs, product and sum in the block.
// WPORT 24: two multipliers of 8 x 8 (bm_sb_mac16), each with that result modulo 2^16 of its own byte of weights.
// Cost: 1 SB_MAC16; the packed width in LC (Yosys 0.23, synth_ice40).
module bm_dsp_sb_mac16 #(
    parameter int NW = 1,
    parameter int WBITS = 4,
    parameter [16*NW-1:0] WOFF = 0,
    parameter int WPORT = 16,
    parameter int APORT = 16,
    parameter int FIRST = 1,
    parameter [63:0] BIAS = 0
) (
    input  logic clk,
    input  logic [NW*WBITS-1:0] w,
    input  logic [APORT-1:0] a,
    input  logic [47:0] pcin,
    output logic [47:0] pcout,
    output logic [47:0] p
);
  logic [WPORT-1:0] low, sign, w_q;
  logic [APORT-1:0] a_q;
  logic [31:0] addend, sum;

  bm_dsp_fields #(.COUNT(NW), .BITS(WBITS), .WIDTH(WPORT), .OFF(WOFF)) u_fields (.fields(w), .low, .sign);
  always_ff @(posedge clk) a_q <= a;
  generate
    if (WPORT > 16) begin : g_split
      for (genvar i = 0; i < NW; i = i + 1) begin : g_field
        if (32'(WOFF[16*i+:16]) % 16 + WBITS > 8) begin : g_bad
          bm_dsp_sb_mac16_split_fields_stay_on_their_bytes u_error ();
        end
      end
      // Two bytes: a negative lower one borrows nothing.
      always_ff @(posedge clk) w_q <= {low[WPORT-1:8] - sign[WPORT-1:8], low[7:0] - sign[7:0]};
    end else begin : g_whole
      always_ff @(posedge clk) w_q <= low - sign;
    end
  endgenerate
  assign addend = FIRST != 0 ? BIAS[31:0] : pcin[31:0];
  assign p = {16'b0, sum};
  assign pcout = p;

  bm_sb_mac16 #(.WPORT(WPORT), .APORT(APORT)) u_dsp (.clk, .ce(1'b1), .w(w_q), .a(a_q), .addend, .sum);

  wire unused = &{1'b0, pcin, BIAS};
endmodule
