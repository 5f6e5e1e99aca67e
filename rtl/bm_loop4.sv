// Address of four nested loops, N3 outermost to N0 innermost, with a stride each; `last` marks the final step of all.
// One addition of a chosen constant per step.
module bm_loop4 #(
    parameter int ABITS = 8,
    parameter int N0 = 1,
    parameter int N1 = 1,
    parameter int N2 = 1,
    parameter int N3 = 1,
    parameter int S0 = 1,
    parameter int S1 = 1,
    parameter int S2 = 1,
    parameter int S3 = 1
) (
    input  logic clk,
    input  logic rst_n,
    input  logic step,
    output logic [ABITS-1:0] addr,
    output logic last
);
  // What a step adds when the loops below the named one wrap.
  localparam int D0 = S0;
  localparam int D1 = S1 - S0 * (N0 - 1);
  localparam int D2 = S2 - S1 * (N1 - 1) - S0 * (N0 - 1);
  localparam int D3 = S3 - S2 * (N2 - 1) - S1 * (N1 - 1) - S0 * (N0 - 1);
  logic last0, last1, last2, last3;

  bm_conv_counter #(.COUNT(N0)) u_0 (.clk(clk), .rst(!rst_n), .step(step), .last(last0));
  bm_conv_counter #(.COUNT(N1)) u_1 (.clk(clk), .rst(!rst_n), .step(step && last0), .last(last1));
  bm_conv_counter #(.COUNT(N2)) u_2 (.clk(clk), .rst(!rst_n), .step(step && last0 && last1), .last(last2));
  bm_conv_counter #(.COUNT(N3)) u_3 (.clk(clk), .rst(!rst_n), .step(step && last0 && last1 && last2), .last(last3));
  assign last = last0 && last1 && last2 && last3;

  always_ff @(posedge clk) begin
    if (!rst_n) addr <= '0;
    else if (step) begin
      if (last) addr <= '0;
      else if (!last0) addr <= addr + ABITS'(D0);
      else if (!last1) addr <= addr + ABITS'(D1);
      else if (!last2) addr <= addr + ABITS'(D2);
      else addr <= addr + ABITS'(D3);
    end
  end
endmodule
