// One region of bm_axi_weights: asks for its BEATS beats again and again, in bursts of BURST beats or what is left of the region, and
// holds what comes in a FIFO of DEPTH beats. A burst is asked for only when the FIFO has room for all of it, so a beat
// that arrives (`push`) is always taken. `position` and `length` (beats, less one) describe the next burst; `grant` takes it.
// Cost: the FIFO and about 100 LUT, 190 FF; see bm_axi_weights.
module bm_axi_channel #(
    parameter int DATA = 64,
    parameter int BEATS = 64,
    parameter int BURST = 16,
    parameter int DEPTH = 64,
    parameter int PLACEW = BEATS > 1 ? $clog2(BEATS) : 1
) (
    input  logic clk,
    input  logic rst_n,
    output logic request,
    output logic [PLACEW-1:0] position,
    output logic [7:0] length,
    input  logic grant,
    input  logic push,
    input  logic [DATA-1:0] beat,
    output logic out_valid,
    input  logic out_ready,
    output logic [DATA-1:0] out_data
);
  localparam int ROOMW = $clog2(DEPTH + 1);
  localparam int REST = BEATS % BURST == 0 ? BURST : BEATS % BURST;
  localparam int LAST = BEATS - REST;

  logic [ROOMW-1:0] room, taken;
  logic at_last, left;
  assign at_last = position == PLACEW'(LAST);
  assign length = at_last ? 8'(REST - 1) : 8'(BURST - 1);
  assign taken = grant ? ROOMW'(length) + 1'b1 : '0;
  // `room` is a cycle old: a burst that was just granted is not in it yet.
  always_ff @(posedge clk) begin
    if (!rst_n) begin
      room <= ROOMW'(DEPTH);
      request <= 1'b0;
      position <= '0;
      left <= 1'b0;
    end else begin
      left <= out_valid && out_ready;
      room <= room - taken + ROOMW'(left);
      request <= !grant && room >= ROOMW'(BURST);
      if (grant) position <= at_last ? '0 : position + PLACEW'(BURST);
    end
  end
  /* verilator lint_off PINCONNECTEMPTY */
  bm_fifo #(.WIDTH(DATA), .DEPTH(DEPTH), .BLOCK(0)) u_fifo (
      .clk, .rst_n, .in_valid(push), .in_ready(), .in_data(beat), .out_valid, .out_ready, .out_data);
  /* verilator lint_on PINCONNECTEMPTY */
endmodule
