// Copies each beat to COUNT consumers, each at its own pace; one beat per cycle when all are ready.
// The copies share `out_data`. `in_ready` comes from registered state and `out_ready`. Latency 1.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten):
// WIDTH 32, COUNT 2: 35 LUT, 34 FF.
module bm_fork #(
    parameter int WIDTH = 8,
    parameter int COUNT = 2
) (
    input  logic clk,
    input  logic rst_n,
    input  logic in_valid,
    output logic in_ready,
    input  logic [WIDTH-1:0] in_data,
    output logic [COUNT-1:0] out_valid,
    input  logic [COUNT-1:0] out_ready,
    output logic [WIDTH-1:0] out_data
);
  logic [COUNT-1:0] remaining;

  assign remaining = out_valid & ~out_ready;
  assign in_ready = remaining == 0;

  always_ff @(posedge clk) begin
    if (!rst_n) out_valid <= 0;
    else out_valid <= in_ready ? {COUNT{in_valid}} : remaining;
  end
  always_ff @(posedge clk) if (in_ready) out_data <= in_data;
endmodule
