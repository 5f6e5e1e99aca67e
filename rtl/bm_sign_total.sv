// Sum of COUNT words modulo 2^WIDTH by a tree of two-input adders with a register per level, $clog2(COUNT) cycles. CUT > 0 cuts each adder in two: the
// bits from CUT up come a cycle later than those below, at the words as at the sum, so that a carry chain is no longer than either part.
// CUT 0: bm_mac_sum.
// Cost: (COUNT - 1) * WIDTH LUT where all bits overlap, a FF per adder for the carry (Yosys 0.23, synth_xilinx).
module bm_sign_total #(
    parameter int COUNT = 2,
    parameter int WIDTH = 48,
    parameter int CUT = 0
) (
    input  logic clk,
    input  logic [COUNT*WIDTH-1:0] words,
    output logic [WIDTH-1:0] sum
);
  localparam int HALF = COUNT / 2;
  localparam int REST = COUNT - HALF;
  generate
    if (CUT == 0 || COUNT == 1) begin : g_whole
      bm_mac_sum #(.COUNT(COUNT), .IN(WIDTH), .OUT(WIDTH)) u_sum (.clk, .values(words), .sum);
    end else begin : g_cut
      logic [WIDTH-1:0] low, high, high_d;
      logic carry, spare;
      bm_sign_total #(.COUNT(REST), .WIDTH(WIDTH), .CUT(CUT)) u_low (.clk, .words(words[REST*WIDTH-1:0]), .sum(low));
      bm_sign_total #(.COUNT(HALF), .WIDTH(WIDTH), .CUT(CUT)) u_high (.clk, .words(words[COUNT*WIDTH-1:REST*WIDTH]), .sum(high));
      // The smaller half may be a level shallower.
      bm_conv_delay #(.WIDTH(WIDTH), .STAGES($clog2(REST) - $clog2(HALF))) u_align (.clk, .rst(1'b0), .d(high), .q(high_d));
      always_ff @(posedge clk) begin
        {carry, sum[CUT-1:0]} <= {1'b0, low[CUT-1:0]} + {1'b0, high_d[CUT-1:0]};
        {sum[WIDTH-1:CUT], spare} <= {low[WIDTH-1:CUT], carry} + {high_d[WIDTH-1:CUT], carry};
      end
      wire unused = &{1'b0, spare};
    end
  endgenerate
endmodule
