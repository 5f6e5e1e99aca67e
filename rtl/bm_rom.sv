// Memory of constants from a $readmemh file, the read registered (`q` holds while `read` is low); a single word is a
// constant. BLOCK 1: block RAM; 0: LUTs; 2: LUTs up to 256 words, as the tool chooses above.
module bm_rom #(
    parameter int WIDTH = 8,
    parameter int DEPTH = 16,
    parameter int BLOCK = 2,
    parameter FILE = "",
    parameter int ADDRESS = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input  logic clk,
    input  logic read,
    input  logic [ADDRESS-1:0] address,
    output logic [WIDTH-1:0] q
);
  generate
    if (DEPTH == 1) begin : g_constant
      (* rom_style = "logic" *) logic [WIDTH-1:0] words[0:0];
      initial $readmemh(FILE, words);
      assign q = words[0];
      wire unused = &{1'b0, clk, read, address};
    end else if (BLOCK == 1) begin : g_block
      (* rom_style = "block" *) logic [WIDTH-1:0] words[0:DEPTH-1];
      initial $readmemh(FILE, words);
      always_ff @(posedge clk) if (read) q <= words[address];
    end else if (BLOCK == 0 || DEPTH <= 256) begin : g_lut
      (* rom_style = "logic" *) logic [WIDTH-1:0] words[0:DEPTH-1];
      initial $readmemh(FILE, words);
      always_ff @(posedge clk) if (read) q <= words[address];
    end else begin : g_any
      logic [WIDTH-1:0] words[0:DEPTH-1];
      initial $readmemh(FILE, words);
      always_ff @(posedge clk) if (read) q <= words[address];
    end
  endgenerate
endmodule
