// Channels of COUNT inputs one after another: GROUPS (32 bits per input, input 0 lowest) beats of each per
// pixel. One beat per cycle. `in_ready` comes from registered state and `out_ready`. Latency 1.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten):
// 3 inputs, CH 4 of 4 bit: 30 LUT, 20 FF.
module bm_concat #(
    parameter int BITS = 8,
    parameter int CH = 1,
    parameter int COUNT = 2,
    parameter [32*COUNT-1:0] GROUPS = {COUNT{32'd1}}
) (
    input  logic clk,
    input  logic rst_n,
    input  logic [COUNT-1:0] in_valid,
    output logic [COUNT-1:0] in_ready,
    input  logic [COUNT*CH*BITS-1:0] in_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [CH*BITS-1:0] out_data
);
  localparam int WIDTH = CH * BITS;

  logic free, step;
  logic [COUNT-1:0] turn, last;
  logic [WIDTH-1:0] chosen;

  assign free = !out_valid || out_ready;
  assign in_ready = free ? turn : 0;
  assign step = (in_valid & in_ready) != 0;

  generate
    genvar k;
    for (k = 0; k < COUNT; k = k + 1) begin : g_input
      /* verilator lint_off PINCONNECTEMPTY */
      bm_count #(.LIMIT(GROUPS[32*k+:32])) u_beat (
          .clk, .rst(!rst_n), .step(step && turn[k]), .value(), .last(last[k]));
      /* verilator lint_on PINCONNECTEMPTY */
    end
    if (COUNT == 1) begin : g_one
      assign turn = 1'b1;
      wire unused = &{1'b0, last};
    end else begin : g_turn
      always_ff @(posedge clk) begin
        if (!rst_n) turn <= COUNT'(1);
        else if (step && (turn & last) != 0) turn <= {turn[COUNT-2:0], turn[COUNT-1]};
      end
    end
  endgenerate

  always_comb begin
    chosen = 0;
    for (int i = 0; i < COUNT; i = i + 1) begin
      chosen = chosen | (in_data[i*WIDTH+:WIDTH] & {WIDTH{turn[i]}});
    end
  end

  always_ff @(posedge clk) begin
    if (!rst_n) out_valid <= 1'b0;
    else if (free) out_valid <= step;
  end
  always_ff @(posedge clk) if (free) out_data <= chosen;
endmodule
