// Memory whose read port is a stream: addresses in, words out in the same order, one per cycle, outputs
// registered (with BLOCK 1 one register behind the memory's own). Latency 1, with BLOCK 1 2.
// `addr_ready` comes from registered state and `out_ready`.
module bm_ram_stream #(
    parameter int WIDTH = 8,
    parameter int DEPTH = 16,
    parameter int BLOCK = 0,
    parameter int ADDRESS = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input  logic clk,
    input  logic rst_n,
    input  logic write,
    input  logic [ADDRESS-1:0] write_address,
    input  logic [WIDTH-1:0] write_data,
    input  logic addr_valid,
    output logic addr_ready,
    input  logic [ADDRESS-1:0] addr_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [WIDTH-1:0] out_data
);
  logic [WIDTH-1:0] q;

  bm_ram #(.WIDTH(WIDTH), .DEPTH(DEPTH), .BLOCK(BLOCK)) u_ram (
      .clk, .write, .write_address, .d(write_data), .read(addr_valid && addr_ready), .read_address(addr_data), .q);

  generate
    if (BLOCK == 1) begin : g_block
      logic q_valid, move;
      assign move = !out_valid || out_ready;
      assign addr_ready = !q_valid || move;
      always_ff @(posedge clk) begin
        if (!rst_n) begin
          q_valid <= 1'b0;
          out_valid <= 1'b0;
        end else begin
          if (addr_ready) q_valid <= addr_valid;
          if (move) out_valid <= q_valid;
        end
      end
      always_ff @(posedge clk) if (move) out_data <= q;
    end else begin : g_lut
      assign addr_ready = !out_valid || out_ready;
      assign out_data = q;
      always_ff @(posedge clk) begin
        if (!rst_n) out_valid <= 1'b0;
        else if (addr_ready) out_valid <= addr_valid;
      end
    end
  endgenerate
endmodule
