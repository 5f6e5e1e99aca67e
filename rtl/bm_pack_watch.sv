// Recognises the carry into one place of an accumulating sum: d = (p - previous p - residue + OFFSET) mod 2^C, where residue
// is the sum of the products w_i a_j of CELLS cells that reach the C bits from POS upwards: (code bit x of w_i) and (code bit y of
// a_j) count 2^(WOFF_i + AOFF_j + x + y - POS). Products below POS (the fields below the boundary) are left out.
// w: the lower bits of the weights one cycle before p shows their step; a_n: those of the activations, inverted; they reset the
// registers that hold the bit products, so an AND costs no LUT. ce and first as at the sum register; with FRESH = 1 the previous p is 0 in
// every step. w_early and a_n_early come one cycle earlier. d is registered, one cycle after p.
// Cost: C = 1 with up to 4 products: 1 LUT; C = 2 with 1, 2, 3 products: 3, 3, 4 LUT (Yosys 0.23, xcup).
module bm_pack_watch #(
    parameter int C = 2,
    parameter int CELLS = 1,
    parameter int NW = 1,
    parameter int NA = 1,
    parameter int BITS = 2,
    parameter int FRESH = 0,
    parameter [16*NW-1:0] WOFF = 0,
    parameter [16*NA-1:0] AOFF = 0,
    parameter int POS = 0,
    parameter [C-1:0] OFFSET = 0
) (
    input  logic clk,
    input  logic ce,
    input  logic first,
    input  logic [CELLS*NW*BITS-1:0] w,
    input  logic [CELLS*NA*BITS-1:0] a_n,
    input  logic [CELLS*NW*BITS-1:0] w_early,
    input  logic [CELLS*NA*BITS-1:0] a_n_early,
    input  logic [C-1:0] p,
    output logic [C-1:0] d
);
  // Number of bit Y of activation J times bit X of weight I of a cell: (((CELL * NW + I) * NA + J) * BITS + X) * BITS + Y.
  // How many bit products count at places up to `most`. Tables, not one call per product: elaboration would take minutes.
  function automatic int count(input int most);
    int i, j, x, y, place;
    count = 0;
    for (i = 0; i < NW; i = i + 1)
      for (j = 0; j < NA; j = j + 1) begin
        place = 32'(WOFF[16*i+:16]) + 32'(AOFF[16*j+:16]) - POS;
        if (place >= 0 && place <= most)
          for (x = 0; x < BITS; x = x + 1)
            for (y = 0; y < BITS; y = y + 1)
              if (place + x + y <= most) count = count + CELLS;
      end
  endfunction
  localparam int TERMS = count(C - 1);
  localparam int TERMS0 = count(0);  // at place 0; they come first
  // The bit products that count, sorted by place.
  function automatic [32*TERMS-1:0] sorted(input int start);
    int i, j, x, y, c, cell_, place, at;
    sorted = '0;
    at = start;
    for (c = 0; c < C; c = c + 1)
      for (cell_ = 0; cell_ < CELLS; cell_ = cell_ + 1)
        for (i = 0; i < NW; i = i + 1)
          for (j = 0; j < NA; j = j + 1) begin
            place = 32'(WOFF[16*i+:16]) + 32'(AOFF[16*j+:16]) - POS;
            if (place >= 0 && place <= c)
              for (x = 0; x < BITS && x <= c - place; x = x + 1) begin
                y = c - place - x;
                if (y < BITS) begin
                  sorted[32*at+:32] = (((cell_ * NW + i) * NA + j) * BITS + x) * BITS + y;
                  at = at + 1;
                end
              end
          end
  endfunction
  localparam [32*TERMS-1:0] TERM = sorted(0);

  // Where many bits meet at the top place, their parity is registered: they are taken one cycle earlier.
  localparam int TOP = C > 1 ? count(C - 2) : TERMS;
  localparam bit EARLY = TERMS - TOP > 4;

  logic [TERMS-1:0] terms;
  logic top_odd;
  logic [C-1:0] p_old, d_next;

  generate
    for (genvar s = 0; s < TERMS; s = s + 1) begin : g_term
      localparam int T = 32'(TERM[32*s+:32]);
      localparam int Y = T % BITS;
      localparam int X = T / BITS % BITS;
      localparam int J = T / BITS / BITS % NA;
      localparam int I = T / BITS / BITS / NA % NW;
      localparam int CELL = T / BITS / BITS / NA / NW;
      always_ff @(posedge clk) begin
        if (EARLY && s >= TOP ? a_n_early[(CELL*NA+J)*BITS+Y] : a_n[(CELL*NA+J)*BITS+Y]) terms[s] <= 1'b0;
        else terms[s] <= EARLY && s >= TOP ? w_early[(CELL*NW+I)*BITS+X] : w[(CELL*NW+I)*BITS+X];
      end
    end
  endgenerate

  always_ff @(posedge clk) begin
    if (first || FRESH != 0) p_old <= '0;
    else if (ce) p_old <= p;
    top_odd <= ^(terms >> TOP);
    d <= d_next;
  end

  // Place 0 subtracts its ones from p[0]; `low` is that difference plus OFFSET modulo 2^C, a function of few bits that one LUT a bit
  // holds. Higher places subtract theirs from 0, so that XORs of bits stay separate.
  localparam int TERMS1 = count(C > 1 ? 1 : 0);
  localparam int END1 = C == 2 && EARLY ? TERMS0 : TERMS1;
  localparam int END2 = C == 3 && EARLY ? TERMS1 : TERMS;
  always_comb begin
    logic [C-1:0] low, high;
    logic borrow, spare;
    low = OFFSET;
    for (int t = 0; t <= TERMS0; t = t + 1) begin
      borrow = t == TERMS0 ? p_old[0] : terms[t<TERMS0?t:0];
      for (int q = 0; q < C; q = q + 1) begin
        spare = ~low[q] & borrow;
        low[q] = low[q] ^ borrow;
        borrow = spare;
      end
    end
    borrow = p[0];
    for (int q = 0; q < C; q = q + 1) begin
      spare = low[q] & borrow;
      low[q] = low[q] ^ borrow;
      borrow = spare;
    end
    high = '0;
    for (int c = 1; c < C; c = c + 1) begin
      for (int t = c == 1 ? TERMS0 : TERMS1; t < (c == 1 ? END1 : END2); t = t + 1) begin
        borrow = terms[t];
        for (int q = c; q < C; q = q + 1) begin
          spare = ~high[q] & borrow;
          high[q] = high[q] ^ borrow;
          borrow = spare;
        end
      end
      borrow = p_old[c];
      for (int q = c; q < C; q = q + 1) begin
        spare = ~high[q] & borrow;
        high[q] = high[q] ^ borrow;
        borrow = spare;
      end
      borrow = p[c];
      for (int q = c; q < C; q = q + 1) begin
        spare = high[q] & borrow;
        high[q] = high[q] ^ borrow;
        borrow = spare;
      end
    end
    if (EARLY) high[C-1] = high[C-1] ^ top_odd;
    borrow = 1'b0;
    for (int q = 0; q < C; q = q + 1) begin
      d_next[q] = low[q] ^ high[q] ^ borrow;
      borrow = (low[q] & high[q]) | (borrow & (low[q] | high[q]));
    end
  end
  wire unused = &{1'b0, w, a_n, w_early, a_n_early, top_odd};
endmodule
