// Recognises carries of more than 3 bits into one place of a sum, as bm_pack_watch does those of less: d = (p - previous p - residue + OFFSET)
// mod 2^C, where residue is the sum of the products w_i a_j of CELLS cells that reach the C bits from POS upwards.
// products: modulo 2^C, one cycle before p shows their step, as bm_pack_products gives them (cell c, weight i, activation j at index
// ((c * NW + i) * NA + j) * C). They are summed in that cycle; d comes one after p. ce, first and FRESH as in bm_pack_watch.
// Cost: C = 4 at gaps of 1 bit, four products: 14 LUT (Yosys 0.23, xcup).
module bm_pack_watch_wide #(
    parameter int C = 4,
    parameter int CELLS = 1,
    parameter int NW = 1,
    parameter int NA = 1,
    parameter int FRESH = 0,
    parameter [16*NW-1:0] WOFF = 16'd1,
    parameter [16*NA-1:0] AOFF = 0,
    parameter int POS = 1,
    parameter [C-1:0] OFFSET = 0
) (
    input  logic clk,
    input  logic ce,
    input  logic first,
    input  logic [CELLS*NW*NA*C-1:0] products,
    input  logic [C-1:0] p,
    output logic [C-1:0] d
);
  // x + y modulo 2^C by LUTs: tools would give `+` a carry chain.
  function automatic [C-1:0] plus(input [C-1:0] x, input [C-1:0] y);
    int q;
    logic carry;
    carry = 1'b0;
    for (q = 0; q < C; q = q + 1) begin
      plus[q] = x[q] ^ y[q] ^ carry;
      carry = (x[q] & y[q]) | (carry & (x[q] | y[q]));
    end
  endfunction

  logic [C-1:0] rest, rest_next, p_old;
  always_comb begin
    // OFFSET - residue, as the complement of the complement's sum.
    rest_next = ~OFFSET;
    for (int i = 0; i < NW; i = i + 1)
      for (int j = 0; j < NA; j = j + 1)
        if (32'(WOFF[16*i+:16]) + 32'(AOFF[16*j+:16]) >= POS && 32'(WOFF[16*i+:16]) + 32'(AOFF[16*j+:16]) < POS + C)
          for (int cell_ = 0; cell_ < CELLS; cell_ = cell_ + 1)
            rest_next = plus(rest_next, products[((cell_*NW+i)*NA+j)*C+:C] << (32'(WOFF[16*i+:16]) + 32'(AOFF[16*j+:16]) - POS));
  end
  always_ff @(posedge clk) begin
    if (first || FRESH != 0) p_old <= '0;
    else if (ce) p_old <= p;
    rest <= ~rest_next;
    d <= plus(plus(p, rest), FRESH != 0 ? '0 : plus(~p_old, C'(1)));
  end
  wire unused = &{1'b0, products, ce, first};
endmodule
