// Register slice: one beat per cycle, `valid`, `data` and `ready` all registered, latency 1.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten):
// WIDTH 32: 37 LUT, 66 FF.
module bm_skid #(
    parameter int WIDTH = 8
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
  logic spilled;
  logic [WIDTH-1:0] spill;

  assign in_ready = !spilled;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      spilled <= 1'b0;
      out_valid <= 1'b0;
    end else if (!out_valid || out_ready) begin
      out_valid <= in_valid || spilled;
      spilled <= 1'b0;
    end else begin
      spilled <= in_valid || spilled;
    end
  end

  always_ff @(posedge clk) begin
    if (!spilled) spill <= in_data;
    if (!out_valid || out_ready) out_data <= spilled ? spill : in_data;
  end
endmodule
