// Counts steps modulo COUNT; `last` is registered and high while the counter stands at COUNT - 1.
// Cost: about $clog2(COUNT) + 2 LUT, $clog2(COUNT) + 1 FF; nothing for COUNT = 1.
module bm_conv_counter #(
    parameter int COUNT = 2
) (
    input  logic clk,
    input  logic rst,
    input  logic step,
    output logic last
);
  generate
    if (COUNT <= 1) begin : g_one
      assign last = 1'b1;
      wire unused = &{1'b0, clk, rst, step};
    end else begin : g_many
      localparam int WIDTH = $clog2(COUNT);
      logic [WIDTH-1:0] value;
      always_ff @(posedge clk) begin
        if (rst) begin
          value <= '0;
          last  <= 1'b0;
        end else if (step) begin
          value <= last ? '0 : value + 1'b1;
          last  <= !last && value == WIDTH'(COUNT - 2);
        end
      end
    end
  endgenerate
endmodule
