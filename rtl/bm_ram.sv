// Memory with one write and one read port; the read is registered (`q` holds while `read` is low).
// Reading an address in the cycle that writes it returns either content: users avoid it or ignore the result.
// BLOCK 1: block RAM; 3: UltraRAM, in parts of at most 72 bits; 0: LUT RAM, an error on parts without it (iCE40); 2: as the tool chooses.
// What may become block RAM consists of memories of at most 36 bits a word: Yosys 0.23 connects the parity of
// UltraScale+ memories of 72 bits wrongly (docs/verification.md).
module bm_ram #(
    parameter int WIDTH = 8,
    parameter int DEPTH = 16,
    parameter int BLOCK = 0,
    parameter int ADDRESS = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input  logic clk,
    input  logic write,
    input  logic [ADDRESS-1:0] write_address,
    input  logic [WIDTH-1:0] d,
    input  logic read,
    input  logic [ADDRESS-1:0] read_address,
    output logic [WIDTH-1:0] q
);
  localparam int WIDEST = BLOCK == 0 ? WIDTH : BLOCK == 3 ? 72 : 36;
  localparam int PARTS = (WIDTH + WIDEST - 1) / WIDEST;

  generate
    genvar k;
    for (k = 0; k < PARTS; k = k + 1) begin : g_part
      localparam int FROM = k * WIDEST;
      localparam int BITS = WIDTH - FROM < WIDEST ? WIDTH - FROM : WIDEST;
      logic [BITS-1:0] word;
      assign q[FROM+:BITS] = word;
      if (BLOCK == 1) begin : g_block
        (* ram_style = "block" *) logic [BITS-1:0] words[0:DEPTH-1];
        always_ff @(posedge clk) begin
          if (write) words[write_address] <= d[FROM+:BITS];
          if (read) word <= words[read_address];
        end
      end else if (BLOCK == 3) begin : g_ultra
        (* ram_style = "ultra" *) logic [BITS-1:0] words[0:DEPTH-1];
        always_ff @(posedge clk) begin
          if (write) words[write_address] <= d[FROM+:BITS];
          if (read) word <= words[read_address];
        end
      end else if (BLOCK == 0) begin : g_lut
        (* ram_style = "distributed" *) logic [BITS-1:0] words[0:DEPTH-1];
        always_ff @(posedge clk) begin
          if (write) words[write_address] <= d[FROM+:BITS];
          if (read) word <= words[read_address];
        end
      end else begin : g_any
        logic [BITS-1:0] words[0:DEPTH-1];
        always_ff @(posedge clk) begin
          if (write) words[write_address] <= d[FROM+:BITS];
          if (read) word <= words[read_address];
        end
      end
    end
  endgenerate
endmodule
