// Cells of a split SB_MAC16 beside two inferred twins of 8 x 8 each: a cascade of two bm_dsp cells, and bm_mul with c subtracted and added.
// `differs` is high where a sum of 16 bits differs. w: two bytes a cell; a: a byte a cell.
module split_pair #(
    parameter [63:0] BIAS = 0
) (
    input  logic clk,
    input  logic [31:0] w,
    input  logic [15:0] a,
    input  logic [31:0] c,
    output logic differs
);
  logic [15:0] w_q;
  logic [7:0] a_q;
  logic [47:0] cascade, first, last, end_cascade, less, more;
  logic [1:0] halves;
  always_ff @(posedge clk) begin
    w_q <= w[31:16];
    a_q <= a[15:8];
  end
  bm_mac_cell #(.PRIM(4), .NW(2), .WBITS(8), .WOFF({16'd16, 16'd0}), .WPORT(24), .APORT(8), .FIRST(1), .BIAS(BIAS))
      u_first (.clk, .w(w[15:0]), .a(a[7:0]), .pcin(48'b0), .pcout(cascade), .p(first));
  bm_mac_cell #(.PRIM(4), .NW(2), .WBITS(8), .WOFF({16'd16, 16'd0}), .WPORT(24), .APORT(8), .FIRST(0))
      u_last (.clk, .w(w_q), .a(a_q), .pcin(cascade), .pcout(end_cascade), .p(last));
  bm_sign_cell #(.PRIM(4), .WPORT(24), .APORT(8), .SUBTRACT(1)) u_less (
      .clk, .even({w[15:8], 8'b0, w[7:0]}), .odd('0), .a(a[7:0]), .c({16'b0, c}), .p(less));
  bm_sign_cell #(.PRIM(4), .WPORT(24), .APORT(8), .SUBTRACT(0)) u_more (
      .clk, .even({w[15:8], 8'b0, w[7:0]}), .odd('0), .a(a[7:0]), .c({16'b0, c}), .p(more));
  for (genvar h = 0; h < 2; h = h + 1) begin : g_half
    logic [47:0] own, own_first, own_last, own_end, own_less, own_more;
    bm_mac_cell #(.PRIM(0), .NW(1), .WBITS(8), .WPORT(8), .APORT(8), .FIRST(1), .BIAS(64'(BIAS[16*h+:16])))
        u_first (.clk, .w(w[8*h+:8]), .a(a[7:0]), .pcin(48'b0), .pcout(own), .p(own_first));
    bm_mac_cell #(.PRIM(0), .NW(1), .WBITS(8), .WPORT(8), .APORT(8), .FIRST(0))
        u_last (.clk, .w(w_q[8*h+:8]), .a(a_q), .pcin(own), .pcout(own_end), .p(own_last));
    bm_sign_cell #(.PRIM(0), .WPORT(8), .APORT(8), .SUBTRACT(1)) u_less (
        .clk, .even(w[8*h+:8]), .odd('0), .a(a[7:0]), .c(48'(c[16*h+:16])), .p(own_less));
    bm_sign_cell #(.PRIM(0), .WPORT(8), .APORT(8), .SUBTRACT(0)) u_more (
        .clk, .even(w[8*h+:8]), .odd('0), .a(a[7:0]), .c(48'(c[16*h+:16])), .p(own_more));
    assign halves[h] = first[16*h+:16] != own_first[15:0] || last[16*h+:16] != own_last[15:0] ||
        less[16*h+:16] != own_less[15:0] || more[16*h+:16] != own_more[15:0];
    wire unused = &{1'b0, own_first, own_last, own_end, own_less, own_more};
  end
  assign differs = halves != 0;
  wire unused = &{1'b0, first, last, end_cascade, less, more};
endmodule
