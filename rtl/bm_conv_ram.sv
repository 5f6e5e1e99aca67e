// Simple dual-port memory, one clock, registered read with enable. BLOCK: 1 block RAM, 0 LUT memory,
// 2 left to the tool. A read of the word being written returns either value: callers avoid it.
// Cost: the memory alone.
module bm_conv_ram #(
    parameter int WIDTH = 8,
    parameter int DEPTH = 16,
    parameter int BLOCK = 0,
    parameter int ABITS = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input  logic clk,
    input  logic we,
    input  logic [ABITS-1:0] waddr,
    input  logic [WIDTH-1:0] wdata,
    input  logic re,
    input  logic [ABITS-1:0] raddr,
    output logic [WIDTH-1:0] rdata
);
  generate
    if (BLOCK == 1) begin : g_block
      (* ram_style = "block" *) logic [WIDTH-1:0] mem[0:DEPTH-1];
      always_ff @(posedge clk) begin
        if (we) mem[waddr] <= wdata;
        if (re) rdata <= mem[raddr];
      end
    end else if (BLOCK == 0) begin : g_lut
      (* ram_style = "distributed" *) logic [WIDTH-1:0] mem[0:DEPTH-1];
      always_ff @(posedge clk) begin
        if (we) mem[waddr] <= wdata;
        if (re) rdata <= mem[raddr];
      end
    end else begin : g_any
      logic [WIDTH-1:0] mem[0:DEPTH-1];
      always_ff @(posedge clk) begin
        if (we) mem[waddr] <= wdata;
        if (re) rdata <= mem[raddr];
      end
    end
  endgenerate
endmodule
