// Recognises the carry into one place of an accumulating sum: d = (p - previous p - residue + OFFSET) mod 2^C, where residue
// is the sum of the products w_i a_j of CELLS cells that reach the C bits from POS upwards: (code bit x of w_i) and (code bit y of
// a_j) count 2^(WOFF_i + AOFF_j + x + y - POS). Products below POS (the fields below the boundary) are left out.
// w: the lower bits of the weights one cycle before p shows their step; a_n: those of the activations, inverted; they reset the
// registers that hold the bit products, so an AND costs no LUT. ce and first as at the sum register. d is registered, one cycle
// after p. Bits above the code repeat the sign (SIGNED) or are 0.
// Cost: C = 1: a LUT per 3 products' bits; C = 2 with 1, 2, 3 products: 3, 3, 4 LUT (Yosys 0.23, xcup).
module bm_pack_watch #(
    parameter int C = 2,
    parameter int CELLS = 1,
    parameter int NW = 1,
    parameter int NA = 1,
    parameter int WLOW = 2,
    parameter int ALOW = 2,
    parameter [16*NW-1:0] WOFF = 0,
    parameter [16*NA-1:0] AOFF = 0,
    parameter int POS = 0,
    parameter [C-1:0] OFFSET = 0
) (
    input  logic clk,
    input  logic ce,
    input  logic first,
    input  logic [CELLS*NW*WLOW-1:0] w,
    input  logic [CELLS*NA*ALOW-1:0] a_n,
    input  logic [C-1:0] p,
    output logic [C-1:0] d
);
  localparam int TERMS = CELLS * NW * NA * WLOW * ALOW;
  logic [C*TERMS-1:0] terms;
  logic [C-1:0] p_old, d_next;

  generate
    for (genvar t = 0; t < TERMS; t = t + 1) begin : g_term
      localparam int Y = t % ALOW;
      localparam int X = t / ALOW % WLOW;
      localparam int J = t / ALOW / WLOW % NA;
      localparam int I = t / ALOW / WLOW / NA % NW;
      localparam int CELL = t / ALOW / WLOW / NA / NW;
      localparam int FIELD = 32'(WOFF[16*I+:16]) + 32'(AOFF[16*J+:16]) - POS;
      localparam int PLACE = FIELD + X + Y;
      if (FIELD >= 0 && PLACE < C) begin : g_and
        logic q;
        always_ff @(posedge clk) begin
          if (a_n[(CELL*NA+J)*ALOW+Y]) q <= 1'b0;
          else q <= w[(CELL*NW+I)*WLOW+X];
        end
        for (genvar c = 0; c < C; c = c + 1) begin : g_place
          assign terms[c*TERMS+t] = c == PLACE ? q : 1'b0;
        end
      end else begin : g_none
        for (genvar c = 0; c < C; c = c + 1) begin : g_place
          assign terms[c*TERMS+t] = 1'b0;
        end
      end
    end
  endgenerate

  always_ff @(posedge clk) begin
    if (first) p_old <= '0;
    else if (ce) p_old <= p;
    d <= d_next;
  end

  // Place 0 subtracts its ones from p[0]; `low` is that difference modulo 2^C, a function of few bits that one LUT a bit holds.
  // Higher places add their ones to what is left, as parities, so that XORs of bits stay separate.
  always_comb begin
    logic [C-1:0] low, high;
    logic carry, spare;
    low = C'(OFFSET);
    high = '0;
    for (int c = 0; c < C; c = c + 1) begin
      for (int t = 0; t <= TERMS + 1; t = t + 1) begin
        // Subtracting a bit: the borrow passes where the place is 0. Adding p: the carry passes where it is 1.
        carry = t == TERMS + 1 ? p[c] : t == TERMS ? p_old[c] : terms[c*TERMS+t];
        for (int q = c; q < C; q = q + 1) begin
          if (c == 0) begin
            spare = (t == TERMS + 1 ? low[q] : ~low[q]) & carry;
            low[q] = low[q] ^ carry;
          end else begin
            spare = (t == TERMS + 1 ? high[q] : ~high[q]) & carry;
            high[q] = high[q] ^ carry;
          end
          carry = spare;
        end
      end
    end
    d_next[0] = low[0];
    carry = 1'b0;
    for (int q = 1; q < C; q = q + 1) begin
      d_next[q] = low[q] ^ high[q] ^ carry;
      carry = (low[q] & high[q]) | (carry & (low[q] | high[q]));
    end
  end
  wire unused = &{1'b0, w, a_n, terms};
endmodule
