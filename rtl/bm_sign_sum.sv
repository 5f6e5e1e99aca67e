// Sum of COUNT magnitudes of at most MOST with signs, less the sign of the first: sum = m_0 + sum of +-m_i, minus where sign i differs from
// sign 0. A tree of two-input adders with a register per level, $clog2(COUNT) cycles, none for COUNT = 1: +-x +- y is +-(x +- y),
// so the relative sign enters an adder (an XOR in its LUTs and the carry in) and the outer one is left to the next level.
// A sign is the XOR of `negative_w` and `negative_a`, given one cycle before the values.
// Cost: for a node of two sums of N bits N LUT, one for the relative sign (Yosys 0.23, synth_xilinx).
module bm_sign_sum #(
    parameter int COUNT = 2,
    parameter int MOST = 56,
    parameter int IN = $clog2(MOST + 1),
    parameter int OUT = $clog2(COUNT * MOST + 1) + 1
) (
    input  logic clk,
    input  logic [COUNT*IN-1:0] values,
    input  logic [COUNT-1:0] negative_w,
    input  logic [COUNT-1:0] negative_a,
    output logic [OUT-1:0] sum
);
  localparam int HALF = COUNT / 2;
  localparam int REST = COUNT - HALF;
  localparam int LOW = $clog2(REST * MOST + 1) + 1;
  localparam int HIGH = $clog2(HALF * MOST + 1) + 1;
  generate
    if (COUNT == 1) begin : g_one
      assign sum = {1'b0, values};
      wire unused = &{1'b0, clk, negative_w, negative_a};
    end else begin : g_tree
      logic [LOW-1:0] low;
      logic [HIGH-1:0] high, high_d;
      logic [OUT-1:0] wide, next;
      logic [3:0] now, signs;
      logic minus, spare;
      bm_sign_sum #(.COUNT(REST), .MOST(MOST)) u_low (
          .clk, .values(values[REST*IN-1:0]), .negative_w(negative_w[REST-1:0]), .negative_a(negative_a[REST-1:0]), .sum(low));
      bm_sign_sum #(.COUNT(HALF), .MOST(MOST)) u_high (
          .clk, .values(values[COUNT*IN-1:REST*IN]), .negative_w(negative_w[COUNT-1:REST]),
          .negative_a(negative_a[COUNT-1:REST]), .sum(high));
      // The smaller half may be a level shallower.
      bm_conv_delay #(.WIDTH(HIGH), .STAGES($clog2(REST) - $clog2(HALF))) u_align (.clk, .rst(1'b0), .d(high), .q(high_d));
      // Each sign on its own, so that equal registers of other fields merge.
      assign now = {negative_w[REST], negative_a[REST], negative_w[0], negative_a[0]};
      for (genvar i = 0; i < 4; i = i + 1) begin : g_sign
        logic one;
        bm_conv_delay #(.WIDTH(1), .STAGES($clog2(REST))) u_sign (.clk, .rst(1'b0), .d(now[i]), .q(one));
        assign signs[i] = one;
      end
      always_ff @(posedge clk) minus <= ^signs;
      // low + (high ^ minus) + minus. The bit below hands the carry on, with the sign register on both sides no LUT; subtracting the complement
      // fixes the operand order of the adder, which leaves the XOR to its LUTs.
      assign wide = {{(OUT - HIGH) {high_d[HIGH-1]}}, high_d};
      assign {next, spare} = {{(OUT - LOW) {low[LOW-1]}}, low, minus} - ~{wide ^ {OUT{minus}}, minus};
      always_ff @(posedge clk) sum <= next;
      wire unused = &{1'b0, spare};
    end
  endgenerate
endmodule
