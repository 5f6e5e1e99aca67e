// The accumulating cell on iCE40 UltraPlus (SB_MAC16): ports, latency and result (modulo 2^32) of bm_acc_dsp48e1. The block's own feedback
// cannot choose a start value, so the sum returns through C and D. Weights are packed in fabric one register before the cell.
// WPORT 24: two multipliers of 8 x 8 (bm_sb_mac16), each with that result modulo 2^16 of its own byte of weights.
// Cost: 1 SB_MAC16; the packed width and 32 LC (Yosys 0.23, synth_ice40 without -dsp).
module bm_acc_sb_mac16 #(
    parameter int NW = 1,
    parameter int WBITS = 4,
    parameter int WSIGNED = 1,
    parameter [16*NW-1:0] WOFF = 0,
    parameter int WPORT = 16,
    parameter int APORT = 16,
    parameter int BIASED = 1,
    parameter int ACCUM = 1,
    parameter [47:0] BIAS = 0
) (
    input  logic clk,
    input  logic ce,
    input  logic first_n,
    input  logic [NW*WBITS-1:0] w,
    input  logic [APORT-1:0] a,
    input  logic [47:0] pcin,
    output logic [47:0] pcout,
    output logic [47:0] p
);
  logic [WPORT-1:0] low, sign, w_q;
  logic [APORT-1:0] a_q;
  logic [31:0] addend, sum;

  bm_acc_fields #(.COUNT(NW), .BITS(WBITS), .SIGNED(WSIGNED), .WIDTH(WPORT), .OFF(WOFF)) u_fields (.fields(w), .low, .sign);
  always_ff @(posedge clk) a_q <= a;
  generate
    if (WPORT > 16) begin : g_split
      for (genvar i = 0; i < NW; i = i + 1) begin : g_field
        if (ACCUM != 0 || 32'(WOFF[16*i+:16]) % 16 + WBITS > 8) begin : g_bad
          bm_acc_sb_mac16_split_fields_stay_on_their_bytes_and_do_not_accumulate u_error ();
        end
      end
      // Two bytes: a negative lower one borrows nothing.
      always_ff @(posedge clk) w_q <= {low[WPORT-1:8] - sign[WPORT-1:8], low[7:0] - sign[7:0]};
    end else begin : g_whole
      always_ff @(posedge clk) w_q <= low - sign;
    end
  endgenerate
  assign addend = BIASED == 0 ? pcin[31:0] : ACCUM != 0 && first_n ? sum : BIAS[31:0];
  assign p = {16'b0, sum};
  assign pcout = p;

  bm_sb_mac16 #(.WPORT(WPORT), .APORT(APORT)) u_dsp (.clk, .ce, .w(w_q), .a(a_q), .addend, .sum);

  wire unused = &{1'b0, pcin, BIAS, first_n};
endmodule
