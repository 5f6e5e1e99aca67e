// y = (a >= b), unsigned, with carry chains of at most 24 bits up to WIDTH = 48. Combinational.
module bm_at_least #(
    parameter int WIDTH = 8
) (
    input  logic [WIDTH-1:0] a,
    input  logic [WIDTH-1:0] b,
    output logic y
);
  generate
    if (WIDTH <= 24) begin : g_narrow
      assign y = a >= b;
    end else begin : g_wide
      localparam int LOW = WIDTH / 2;
      logic above, equal, low;
      assign above = a[WIDTH-1:LOW] > b[WIDTH-1:LOW];
      assign equal = a[WIDTH-1:LOW] == b[WIDTH-1:LOW];
      assign low = a[LOW-1:0] >= b[LOW-1:0];
      assign y = above || (equal && low);
    end
  endgenerate
endmodule
