// Sum of one field of one column over lanes and steps: the tree of bm_sign_sum, then an accumulator that takes its sum with the sign of the
// first lane. Magnitudes of at most MOST, signs as there, a cycle before them; valid and last belong to the magnitudes' cycle.
// `sum` is complete $clog2(LANES) + 1 cycles after that cycle of a block's last step.
// The accumulator adds the tree's sum plus 2^(its bits - 1), which is never negative, so that bits above it take no LUT; it starts from
// what that adds in STEPS steps, negative.
// Cost: bm_sign_sum, and for the accumulator one LUT per bit of the tree's sum and one for the sign (Yosys 0.23, synth_xilinx).
module bm_sign_field #(
    parameter int LANES = 8,
    parameter int STEPS = 16,
    parameter int MOST = 56,
    parameter int OUT = 16,
    parameter int IN = $clog2(MOST + 1)
) (
    input  logic clk,
    input  logic restart,
    input  logic valid,
    input  logic last,
    input  logic [LANES*IN-1:0] values,
    input  logic [LANES-1:0] negative_w,
    input  logic [LANES-1:0] negative_a,
    output logic [OUT-1:0] sum
);
  localparam int TREE = $clog2(LANES * MOST + 1) + 1;
  localparam int SUM = TREE < OUT ? TREE : OUT;
  localparam logic [63:0] SHIFTED = 64'(STEPS) << (TREE - 1);
  localparam logic [OUT-1:0] START = OUT'(~SHIFTED + 64'd1);
  logic [TREE-1:0] tree;
  logic [OUT-1:0] addend, total, next;
  logic early_w, early_a, minus, spare;

  bm_sign_sum #(.COUNT(LANES), .MOST(MOST)) u_sum (.clk, .values, .negative_w, .negative_a, .sum(tree));
  bm_conv_delay #(.WIDTH(1), .STAGES($clog2(LANES))) u_w (.clk, .rst(1'b0), .d(negative_w[0]), .q(early_w));
  bm_conv_delay #(.WIDTH(1), .STAGES($clog2(LANES))) u_a (.clk, .rst(1'b0), .d(negative_a[0]), .q(early_a));
  always_ff @(posedge clk) minus <= early_w ^ early_a;

  // Modulo 2^OUT the bias of a sum wider than OUT does not show.
  assign addend[SUM-1:0] = SUM'({~tree[TREE-1], tree[TREE-2:0]} ^ {TREE{minus}});
  generate
    if (SUM < OUT) begin : g_wide
      assign addend[OUT-1:SUM] = '0;
    end
    if (STEPS == 1) begin : g_one
      assign total = START;
      wire unused = &{1'b0, restart, valid};
    end else begin : g_block
      always_ff @(posedge clk) begin
        if (restart) total <= START;
        else if (valid) total <= next;
      end
    end
  endgenerate
  // total + addend + minus, written as in bm_sign_sum.
  assign {next, spare} = {total, minus} - ~{addend, minus};
  always_ff @(posedge clk) if (last) sum <= next;
  wire unused_bits = &{1'b0, spare, tree};
endmodule
