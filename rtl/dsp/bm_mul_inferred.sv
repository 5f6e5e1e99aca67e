// Golden form of the multiplying cell, every bm_mul_<primitive>: p = (even + odd) * a - c (SUBTRACT 0: + c), modulo 2^48. Words and a are
// two's complement of WPORT and APORT bits, even + odd modulo 2^WPORT. p shows four cycles after words and a (word registers, packed
// word, product, sum), c belongs to the second of them.
// Written with `*` and `+`: for simulation and equivalence, not for resources.
// Cost: one inferred multiplier; Yosys 0.23 leaves its registers in fabric.
module bm_mul_inferred #(
    parameter int WPORT = 27,
    parameter int APORT = 18,
    parameter int SUBTRACT = 1
) (
    input  logic clk,
    input  logic [WPORT-1:0] even,
    input  logic [WPORT-1:0] odd,
    input  logic [APORT-1:0] a,
    input  logic [47:0] c,
    output logic [47:0] p
);
  logic [WPORT-1:0] even_q, odd_q, packed_q;
  logic [APORT-1:0] a_q, a_qq;
  logic [47:0] product_q, c_q;

  always_ff @(posedge clk) begin
    even_q <= even;
    odd_q <= odd;
    a_q <= a;
    packed_q <= even_q + odd_q;
    a_qq <= a_q;
    c_q <= c;
    product_q <= {{(48 - WPORT) {packed_q[WPORT-1]}}, packed_q} * {{(48 - APORT) {a_qq[APORT-1]}}, a_qq};
    p <= SUBTRACT != 0 ? product_q - c_q : product_q + c_q;
  end
endmodule
