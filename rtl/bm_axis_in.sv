// AXI4-Stream input: drops the byte padding above WIDTH bits. Frames have BEATS beats, so `tlast` carries
// nothing and is ignored. One beat per cycle, all outputs registered.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten):
// WIDTH 30: 35 LUT, 62 FF.
module bm_axis_in #(
    parameter int WIDTH = 8,
    /* verilator lint_off UNUSEDPARAM */
    parameter int BEATS = 1
    /* verilator lint_on UNUSEDPARAM */
) (
    input  logic clk,
    input  logic rst_n,
    input  logic [(WIDTH+7)/8*8-1:0] s_axis_tdata,
    input  logic s_axis_tvalid,
    output logic s_axis_tready,
    input  logic s_axis_tlast,
    output logic out_valid,
    input  logic out_ready,
    output logic [WIDTH-1:0] out_data
);
  bm_skid #(.WIDTH(WIDTH)) u_skid (
      .clk, .rst_n, .in_valid(s_axis_tvalid), .in_ready(s_axis_tready), .in_data(s_axis_tdata[WIDTH-1:0]),
      .out_valid, .out_ready, .out_data);

  wire unused = &{1'b0, s_axis_tlast, s_axis_tdata};
endmodule
