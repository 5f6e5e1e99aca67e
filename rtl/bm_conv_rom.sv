// Read-only memory from a $readmemh file, registered read. BLOCK: 1 block RAM, 0 LUTs.
// Cost: BLOCK 1: block RAM; BLOCK 0: about WIDTH * DEPTH / 64 * 1.2 LUT.
module bm_conv_rom #(
    parameter int WIDTH = 8,
    parameter int DEPTH = 16,
    parameter int BLOCK = 0,
    parameter FILE = "",
    parameter int ABITS = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input  logic clk,
    input  logic re,
    input  logic [ABITS-1:0] addr,
    output logic [WIDTH-1:0] data
);
  generate
    if (BLOCK == 1) begin : g_block
      (* rom_style = "block" *) logic [WIDTH-1:0] mem[0:DEPTH-1];
      initial $readmemh(FILE, mem);
      always_ff @(posedge clk) if (re) data <= mem[addr];
    end else begin : g_lut
      (* rom_style = "logic" *) logic [WIDTH-1:0] mem[0:DEPTH-1];
      initial $readmemh(FILE, mem);
      always_ff @(posedge clk) if (re) data <= mem[addr];
    end
  endgenerate
endmodule
