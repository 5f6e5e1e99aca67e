// ROWS constant linear combinations of COUNT values: y_r = (sum of M_ri x_i + CONST_r) >>> SHIFT, modulo 2^OUT, signed. M_ri is 0
// or +-2^k: byte r * COUNT + i of M holds {used, negative, k}. x: BITS each, two's complement where SIGNED, else unsigned.
// LEVELS cycles from x to y, a new x every cycle: a tree of two-input adders with a register per level, LEVELS at least
// $clog2 of the most leaves of a row (terms, and one for what is left of CONST). Every row has a positive coefficient.
// CONST of unsigned values costs no adder where it is -2^(BITS-1) times the sum of coefficients, or one more with two terms and
// more, all positive: the top bits are inverted (x - 2^(BITS-1) as a signed code) and the rest is the last adder's carry.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten): 4 bit x0 + x1: 4 LUT, 5 FF; x0 + x1 - 15: 5 LUT, 5 FF; the four
// activations of F(2,3), 8 bit: 32 LUT, 36 FF.
module bm_linear #(
    parameter int COUNT = 2,
    parameter int ROWS = 1,
    parameter int BITS = 4,
    parameter int SIGNED = 0,
    parameter int OUT = 6,
    parameter int SHIFT = 0,
    parameter int LEVELS = 1,
    parameter [8*COUNT*ROWS-1:0] M = 16'h8080,
    parameter [32*ROWS-1:0] CONST = 0
) (
    input  logic clk,
    input  logic [COUNT*BITS-1:0] x,
    output logic [ROWS*OUT-1:0] y
);
  localparam int FULL = OUT + SHIFT;

  function automatic int terms(input [8*COUNT-1:0] row);
    int i;
    terms = 0;
    for (i = 0; i < COUNT; i = i + 1) if (row[8*i+7]) terms = terms + 1;
  endfunction
  // Value of the t-th used coefficient; COUNT - 1 where there are fewer.
  function automatic int place(input [8*COUNT-1:0] row, input int t);
    int i, seen;
    seen  = 0;
    place = COUNT - 1;
    for (i = COUNT - 1; i >= 0; i = i - 1)
      if (row[8*i+7]) begin
        seen = seen + 1;
        if (seen == terms(row) - t) place = i;
      end
  endfunction
  function automatic int sum(input [8*COUNT-1:0] row);
    int i;
    sum = 0;
    for (i = 0; i < COUNT; i = i + 1)
      if (row[8*i+7]) sum = sum + (row[8*i+6] ? -(1 << row[8*i+:6]) : 1 << row[8*i+:6]);
  endfunction
  function automatic int negatives(input [8*COUNT-1:0] row);
    int i;
    negatives = 0;
    for (i = 0; i < COUNT; i = i + 1) if (row[8*i+7] && row[8*i+6]) negatives = negatives + 1;
  endfunction
  // Signs of the used coefficients, one after another.
  function automatic [COUNT:0] minus(input [8*COUNT-1:0] row);
    int i, seen;
    minus = '0;
    seen  = 0;
    for (i = 0; i < COUNT; i = i + 1)
      if (row[8*i+7]) begin
        minus[seen] = row[8*i+6];
        seen = seen + 1;
      end
  endfunction
  function automatic int most_shift(input [8*COUNT-1:0] row);
    int i;
    most_shift = 0;
    for (i = 0; i < COUNT; i = i + 1) if (row[8*i+7] && 32'(row[8*i+:6]) > most_shift) most_shift = 32'(row[8*i+:6]);
  endfunction

  generate
    for (genvar r = 0; r < ROWS; r = r + 1) begin : g_row
      localparam [8*COUNT-1:0] ROW = M[8*COUNT*r+:8*COUNT];
      localparam int TERMS = terms(ROW);
      localparam int FLIP = SIGNED == 0 && CONST[32*r+:32] != 0 ? 1 : 0;
      localparam int REST = 32'(CONST[32*r+:32]) + (FLIP != 0 ? sum(ROW) << (BITS - 1) : 0);
      localparam int CARRY = REST == 1 && TERMS > 1 && negatives(ROW) == 0 ? 1 : 0;
      localparam int LEAVES = TERMS + (REST != 0 && CARRY == 0 ? 1 : 0);
      localparam int REST_BITS = REST == 0 ? 1 : $clog2((REST < 0 ? -REST : REST) + 1) + 1;
      localparam int TERM_BITS = BITS + (SIGNED != 0 || FLIP != 0 ? 0 : 1) + most_shift(ROW);
      localparam int NEED = TERM_BITS > REST_BITS ? TERM_BITS : REST_BITS;
      localparam int WIDTH = NEED < FULL ? NEED : FULL;
      if (TERMS == negatives(ROW)) begin : g_bad_row
        bm_linear_rows_need_a_positive_coefficient u_error ();
      end
      if ($clog2(LEAVES) > LEVELS) begin : g_bad_levels
        bm_linear_needs_more_levels u_error ();
      end
      logic [LEAVES*WIDTH-1:0] leaves;
      logic [FULL-1:0] total, late;
      localparam [COUNT:0] MINUS = minus(ROW);
      for (genvar t = 0; t < TERMS; t = t + 1) begin : g_term
        localparam int I = place(ROW, t);
        localparam int K = 32'(ROW[8*I+:6]);
        logic [BITS-1:0] code;
        logic [NEED-1:0] wide;
        if (FLIP != 0) assign code = x[I*BITS+:BITS] ^ (BITS'(1) << (BITS - 1));
        else assign code = x[I*BITS+:BITS];
        bm_extend #(.FROM(BITS), .TO(NEED), .IS_SIGNED(SIGNED + FLIP)) u_extend (.in(code), .out(wide));
        assign leaves[t*WIDTH+:WIDTH] = WIDTH'(wide << K);
      end
      if (LEAVES > TERMS) begin : g_rest
        assign leaves[TERMS*WIDTH+:WIDTH] = WIDTH'(REST);
      end
      bm_linear_tree #(.COUNT(LEAVES), .IN(WIDTH), .OUT(FULL), .MINUS(MINUS[LEAVES-1:0]), .CARRY(CARRY))
          u_tree (.clk, .values(leaves), .sum(total));
      bm_conv_delay #(.WIDTH(FULL), .STAGES(LEVELS - $clog2(LEAVES))) u_align (.clk, .rst(1'b0), .d(total), .q(late));
      assign y[r*OUT+:OUT] = late[SHIFT+:OUT];
      wire unused = &{1'b0, late};
    end
  endgenerate
  wire unused = &{1'b0, x};
endmodule
