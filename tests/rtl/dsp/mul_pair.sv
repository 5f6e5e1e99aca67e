// One cell of bm_mul_<primitive> beside the inferred twin, c subtracted and added; `differs` is high where their sums differ modulo 2^SUM.
module mul_pair #(
    parameter int PRIM = 1,
    parameter int WPORT = 27,
    parameter int APORT = 18,
    parameter int SUM = 48
) (
    input  logic clk,
    input  logic [WPORT-1:0] even,
    input  logic [WPORT-1:0] odd,
    input  logic [APORT-1:0] a,
    input  logic [47:0] c,
    output logic differs
);
  logic [47:0] less, more, less_twin, more_twin;
  bm_sign_cell #(.PRIM(PRIM), .WPORT(WPORT), .APORT(APORT), .SUBTRACT(1)) u_less (.clk, .even, .odd, .a, .c, .p(less));
  bm_sign_cell #(.PRIM(PRIM), .WPORT(WPORT), .APORT(APORT), .SUBTRACT(0)) u_more (.clk, .even, .odd, .a, .c, .p(more));
  bm_sign_cell #(.PRIM(0), .WPORT(WPORT), .APORT(APORT), .SUBTRACT(1)) u_less_twin (.clk, .even, .odd, .a, .c, .p(less_twin));
  bm_sign_cell #(.PRIM(0), .WPORT(WPORT), .APORT(APORT), .SUBTRACT(0)) u_more_twin (.clk, .even, .odd, .a, .c, .p(more_twin));
  assign differs = less[SUM-1:0] != less_twin[SUM-1:0] || more[SUM-1:0] != more_twin[SUM-1:0];
  wire unused = &{1'b0, less, more, less_twin, more_twin};
endmodule
