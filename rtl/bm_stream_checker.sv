// Protocol of a ready/valid stream: once high, `valid` stays with stable data until accepted; outside reset
// `valid` and `ready` are known, and so is `data` while `valid`. Stops the simulation on a violation.
// For simulation only.
module bm_stream_checker #(
    parameter int WIDTH = 8
) (
    input logic clk,
    input logic rst_n,
    input logic valid,
    input logic ready,
    input logic [WIDTH-1:0] data
);
  logic waiting, known;
  logic [WIDTH-1:0] held;

  initial waiting = 1'b0;
  initial known = 1'b0;

  always @(posedge clk) begin
    known <= rst_n;
    waiting <= rst_n && valid && !ready;
    held <= data;
    if (rst_n && waiting && !valid) $fatal(1, "%m: valid fell before the beat was accepted");
    if (rst_n && waiting && data !== held) $fatal(1, "%m: data changed before the beat was accepted");
    if (rst_n && known && (^{valid, ready}) === 1'bx) $fatal(1, "%m: valid or ready is unknown");
    if (rst_n && known && valid && (^data) === 1'bx) $fatal(1, "%m: data is unknown");
  end
endmodule
