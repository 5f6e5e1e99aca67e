// Golden form of the accumulating cell bm_acc_dsp48e2, same ports, latency and result, modulo 2^48. Written with `*` and `+`: for simulation
// and equivalence, not for resources.
// Cost: one inferred multiplier; Yosys 0.23 leaves its registers in fabric.
module bm_acc_inferred #(
    parameter int NW = 1,
    parameter int WBITS = 4,
    parameter int WSIGNED = 1,
    parameter [16*NW-1:0] WOFF = 0,
    parameter int WPORT = 27,
    parameter int APORT = 18,
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
  logic [WPORT-1:0] low, sign, low_q, sign_q, packed_q;
  logic [APORT-1:0] a_q, a_qq;
  logic [47:0] product_q;

  bm_acc_fields #(.COUNT(NW), .BITS(WBITS), .SIGNED(WSIGNED), .WIDTH(WPORT), .OFF(WOFF)) u_fields (.fields(w), .low, .sign);

  always_ff @(posedge clk) begin
    low_q <= low;
    sign_q <= sign;
    a_q <= a;
    packed_q <= low_q - sign_q;
    a_qq <= a_q;
    product_q <= {{(48 - WPORT) {packed_q[WPORT-1]}}, packed_q} * {{(48 - APORT) {a_qq[APORT-1]}}, a_qq};
    if (ce) p <= product_q + (BIASED != 0 ? BIAS : pcin) + (ACCUM != 0 && first_n ? p : 48'b0);
  end
  assign pcout = p;

  wire unused = &{1'b0, pcin, first_n};
endmodule
