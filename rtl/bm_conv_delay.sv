// Delays WIDTH bits by STAGES clocks (0: wires); with RESET = 1 the stages are cleared by rst.
// Cost: WIDTH * STAGES FF.
module bm_conv_delay #(
    parameter int WIDTH = 1,
    parameter int STAGES = 1,
    parameter int RESET = 0
) (
    input  logic clk,
    input  logic rst,
    input  logic [WIDTH-1:0] d,
    output logic [WIDTH-1:0] q
);
  generate
    if (STAGES == 0) begin : g_wire
      assign q = d;
      wire unused = &{1'b0, clk, rst};
    end else begin : g_regs
      logic [WIDTH*STAGES-1:0] line;
      always_ff @(posedge clk) begin
        if (RESET != 0 && rst) line <= '0;
        else line <= (WIDTH * STAGES)'({line, d});
      end
      assign q = line[WIDTH*(STAGES-1)+:WIDTH];
      wire unused = &{1'b0, rst};
    end
  endgenerate
endmodule
