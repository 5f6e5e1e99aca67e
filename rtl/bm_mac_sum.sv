// Sums COUNT unsigned values modulo 2^OUT by a tree of two-input adders with a register per level:
// $clog2(COUNT) cycles, none for COUNT = 1. IN and OUT are the widths of a value and of the sum.
// Cost: (COUNT - 1) * width LUT.
module bm_mac_sum #(
    parameter int COUNT = 2,
    parameter int IN = 11,
    parameter int OUT = 16
) (
    input  logic clk,
    input  logic [COUNT*IN-1:0] values,
    output logic [OUT-1:0] sum
);
  localparam int HALF = COUNT / 2;
  localparam int REST = COUNT - HALF;
  localparam int LEVEL = $clog2(COUNT);
  localparam int FULL = IN + LEVEL;
  localparam int WIDTH = FULL < OUT ? FULL : OUT;
  generate
    if (COUNT == 1) begin : g_one
      if (IN >= OUT) begin : g_cut
        assign sum = values[OUT-1:0];
      end else begin : g_extend
        assign sum = {{(OUT - IN) {1'b0}}, values};
      end
      wire unused = &{1'b0, clk, values};
    end else begin : g_tree
      logic [WIDTH-1:0] low, high, high_d, sum_q;
      bm_mac_sum #(.COUNT(REST), .IN(IN), .OUT(WIDTH)) u_low (.clk, .values(values[REST*IN-1:0]), .sum(low));
      bm_mac_sum #(.COUNT(HALF), .IN(IN), .OUT(WIDTH)) u_high (.clk, .values(values[COUNT*IN-1:REST*IN]), .sum(high));
      // The smaller half may be a level shallower.
      bm_conv_delay #(.WIDTH(WIDTH), .STAGES($clog2(REST) - $clog2(HALF))) u_align (.clk, .rst(1'b0), .d(high), .q(high_d));
      always_ff @(posedge clk) sum_q <= low + high_d;
      if (WIDTH >= OUT) begin : g_same
        assign sum = sum_q;
      end else begin : g_wider
        assign sum = {{(OUT - WIDTH) {1'b0}}, sum_q};
      end
    end
  endgenerate
endmodule
