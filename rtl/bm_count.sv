// Counter 0 .. LIMIT-1 that advances when `step` is high; `last` (registered) is high at LIMIT-1.
// Cost: about ceil(log2(LIMIT)) + 1 FF and as many LUTs.
module bm_count #(
    parameter int LIMIT = 2,
    parameter int WIDTH = LIMIT > 1 ? $clog2(LIMIT) : 1
) (
    input  logic clk,
    input  logic rst,
    input  logic step,
    output logic [WIDTH-1:0] value,
    output logic last
);
  generate
    if (LIMIT <= 1) begin : g_one
      assign value = 0;
      assign last = 1'b1;
      wire unused = &{1'b0, clk, rst, step};
    end else begin : g_many
      localparam logic [WIDTH-1:0] BEFORE_LAST = WIDTH'(LIMIT - 2);
      always_ff @(posedge clk) begin
        if (rst) begin
          value <= 0;
          last <= 1'b0;
        end else if (step) begin
          value <= last ? 0 : value + 1'b1;
          last <= !last && value == BEFORE_LAST;
        end
      end
    end
  endgenerate
endmodule
