// Memory of constants from a $readmemh file. REGISTERED 1: `q` one cycle after `address`; 0: combinational, for
// small ones. More than 256 registered words may become block RAM, fewer become LUTs.
module bm_rom #(
    parameter int WIDTH = 8,
    parameter int DEPTH = 16,
    parameter int REGISTERED = 1,
    parameter FILE = "",
    parameter int ADDRESS = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input  logic clk,
    input  logic [ADDRESS-1:0] address,
    output logic [WIDTH-1:0] q
);
  generate
    if (DEPTH == 1) begin : g_constant
      (* rom_style = "logic" *) logic [WIDTH-1:0] words[0:0];
      initial $readmemh(FILE, words);
      assign q = words[0];
      wire unused = &{1'b0, clk, address};
    end else if (REGISTERED == 0) begin : g_direct
      (* rom_style = "logic" *) logic [WIDTH-1:0] words[0:DEPTH-1];
      initial $readmemh(FILE, words);
      assign q = words[address];
      wire unused = &{1'b0, clk};
    end else if (DEPTH <= 256) begin : g_registered
      (* rom_style = "logic" *) logic [WIDTH-1:0] words[0:DEPTH-1];
      initial $readmemh(FILE, words);
      always_ff @(posedge clk) q <= words[address];
    end else begin : g_large
      logic [WIDTH-1:0] words[0:DEPTH-1];
      initial $readmemh(FILE, words);
      always_ff @(posedge clk) q <= words[address];
    end
  endgenerate
endmodule
