// A cascade of two cells of one DSP file beside the same cascade of the inferred twin; `differs` is high where their
// sums differ modulo 2^SUM. The second cell's operands come a cycle later, as in bm_mac_array.
module dsp_pair #(
    parameter int PRIM = 1,
    parameter int NW = 3,
    parameter int WBITS = 4,
    parameter [16*NW-1:0] WOFF = 0,
    parameter int WPORT = 27,
    parameter int APORT = 18,
    parameter int SUM = 48,
    parameter [63:0] BIAS = 0
) (
    input  logic clk,
    input  logic [2*NW*WBITS-1:0] w,
    input  logic [2*APORT-1:0] a,
    output logic [47:0] sum,
    output logic differs
);
  logic [NW*WBITS-1:0] w_q;
  logic [APORT-1:0] a_q;
  logic [47:0] cascade, cascade_twin, first, first_twin, last, last_twin, end_cascade, end_cascade_twin;
  always_ff @(posedge clk) begin
    w_q <= w[NW*WBITS+:NW*WBITS];
    a_q <= a[APORT+:APORT];
  end
  bm_mac_cell #(.PRIM(PRIM), .NW(NW), .WBITS(WBITS), .WOFF(WOFF), .WPORT(WPORT), .APORT(APORT), .FIRST(1), .BIAS(BIAS))
      u_first (.clk, .w(w[NW*WBITS-1:0]), .a(a[APORT-1:0]), .pcin(48'b0), .pcout(cascade), .p(first));
  bm_mac_cell #(.PRIM(PRIM), .NW(NW), .WBITS(WBITS), .WOFF(WOFF), .WPORT(WPORT), .APORT(APORT), .FIRST(0), .BIAS(BIAS))
      u_last (.clk, .w(w_q), .a(a_q), .pcin(cascade), .pcout(end_cascade), .p(last));
  bm_mac_cell #(.PRIM(0), .NW(NW), .WBITS(WBITS), .WOFF(WOFF), .WPORT(WPORT), .APORT(APORT), .FIRST(1), .BIAS(BIAS))
      u_first_twin (.clk, .w(w[NW*WBITS-1:0]), .a(a[APORT-1:0]), .pcin(48'b0), .pcout(cascade_twin), .p(first_twin));
  bm_mac_cell #(.PRIM(0), .NW(NW), .WBITS(WBITS), .WOFF(WOFF), .WPORT(WPORT), .APORT(APORT), .FIRST(0), .BIAS(BIAS))
      u_last_twin (.clk, .w(w_q), .a(a_q), .pcin(cascade_twin), .pcout(end_cascade_twin), .p(last_twin));
  assign differs = first[SUM-1:0] != first_twin[SUM-1:0] || last[SUM-1:0] != last_twin[SUM-1:0];
  assign sum = last_twin;
  wire unused = &{1'b0, first, first_twin, last, end_cascade, end_cascade_twin};
endmodule
