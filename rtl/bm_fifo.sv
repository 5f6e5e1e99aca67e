// First-word-fall-through FIFO of at least DEPTH beats (DEPTH >= 2), one beat per cycle in and out at once.
// `out_valid`, `out_data` and `in_ready` are registered. BLOCK as in bm_ram. Latency 2, with BLOCK 1 3.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten):
// WIDTH 32: DEPTH 64 87 LUT (40 of them memory), 56 FF; DEPTH 1024, BLOCK 1: 80 LUT, 69 FF, 2 BRAM18.
module bm_fifo #(
    parameter int WIDTH = 8,
    parameter int DEPTH = 16,
    parameter int BLOCK = 0
) (
    input  logic clk,
    input  logic rst_n,
    input  logic in_valid,
    output logic in_ready,
    input  logic [WIDTH-1:0] in_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [WIDTH-1:0] out_data
);
  localparam int ADDRESS = $clog2(DEPTH);

  logic push, pop, filled, full, read_ready;
  logic [ADDRESS-1:0] write_address, read_address;
  logic [ADDRESS:0] count;

  assign in_ready = !full;
  assign push = in_valid && !full;
  assign pop = filled && read_ready;

  /* verilator lint_off PINCONNECTEMPTY */
  bm_count #(.LIMIT(DEPTH)) u_write (.clk, .rst(!rst_n), .step(push), .value(write_address), .last());
  bm_count #(.LIMIT(DEPTH)) u_read (.clk, .rst(!rst_n), .step(pop), .value(read_address), .last());
  /* verilator lint_on PINCONNECTEMPTY */
  bm_ram_stream #(.WIDTH(WIDTH), .DEPTH(DEPTH), .BLOCK(BLOCK)) u_ram (
      .clk, .rst_n, .write(push), .write_address, .write_data(in_data), .addr_valid(filled),
      .addr_ready(read_ready), .addr_data(read_address), .out_valid, .out_ready, .out_data);

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      count <= 0;
      filled <= 1'b0;
      full <= 1'b0;
    end else if (push != pop) begin
      // Only `push` chooses the direction: `out_ready` reaches the clock enable, never the carry chain.
      count <= count + {{ADDRESS{!push}}, 1'b1};
      filled <= push || count != 1;
      full <= push && count == (ADDRESS + 1)'(DEPTH - 1);
    end
  end
endmodule
