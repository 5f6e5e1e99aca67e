// Sum of COUNT signed values of IN bits, those with MINUS negated, plus CARRY, modulo 2^OUT, by a tree of two-input adders with a register
// per level: $clog2(COUNT) cycles, none for COUNT = 1. A sum of negated values only is the sum of the values itself: its parent subtracts
// it. CARRY needs two values and more, none negated.
// Cost: (COUNT - 1) adders of at most OUT bits.
module bm_linear_tree #(
    parameter int COUNT = 2,
    parameter int IN = 4,
    parameter int OUT = 6,
    parameter [COUNT-1:0] MINUS = 0,
    parameter int CARRY = 0
) (
    input  logic clk,
    input  logic [COUNT*IN-1:0] values,
    output logic [OUT-1:0] sum
);
  localparam int HALF = COUNT / 2;
  localparam int REST = COUNT - HALF;
  localparam int FULL = IN + $clog2(COUNT);
  localparam int WIDTH = FULL < OUT ? FULL : OUT;
  generate
    if (COUNT == 1) begin : g_one
      bm_extend #(.FROM(IN), .TO(OUT), .IS_SIGNED(1)) u_extend (.in(values), .out(sum));
      wire unused = &{1'b0, clk};
    end else begin : g_tree
      localparam bit LOW_MINUS = &MINUS[REST-1:0];
      localparam bit HIGH_MINUS = &MINUS[COUNT-1:REST];
      logic [WIDTH-1:0] low, high, high_d, sum_q;
      bm_linear_tree #(.COUNT(REST), .IN(IN), .OUT(WIDTH), .MINUS(MINUS[REST-1:0]))
          u_low (.clk, .values(values[REST*IN-1:0]), .sum(low));
      bm_linear_tree #(.COUNT(HALF), .IN(IN), .OUT(WIDTH), .MINUS(MINUS[COUNT-1:REST]))
          u_high (.clk, .values(values[COUNT*IN-1:REST*IN]), .sum(high));
      // The smaller half may be a level shallower.
      bm_conv_delay #(.WIDTH(WIDTH), .STAGES($clog2(REST) - $clog2(HALF))) u_align (.clk, .rst(1'b0), .d(high), .q(high_d));
      if (CARRY != 0) begin : g_carry
        logic [WIDTH:0] grown;
        assign grown = {low, 1'b1} + {high_d, 1'b1};
        always_ff @(posedge clk) sum_q <= grown[WIDTH:1];
        wire unused = &{1'b0, grown};
      end else if (LOW_MINUS == HIGH_MINUS) begin : g_plus
        always_ff @(posedge clk) sum_q <= low + high_d;
      end else if (HIGH_MINUS) begin : g_minus
        always_ff @(posedge clk) sum_q <= low - high_d;
      end else begin : g_reverse
        always_ff @(posedge clk) sum_q <= high_d - low;
      end
      bm_extend #(.FROM(WIDTH), .TO(OUT), .IS_SIGNED(1)) u_extend (.in(sum_q), .out(sum));
    end
  endgenerate
endmodule
