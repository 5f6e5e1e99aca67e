// AXI4-Stream output: zero bits fill the last byte, `tlast` marks every BEATS-th beat. One beat per cycle,
// all outputs registered.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten):
// WIDTH 30, 512000 beats: 63 LUT, 84 FF.
module bm_axis_out #(
    parameter int WIDTH = 8,
    parameter int BEATS = 1
) (
    input  logic clk,
    input  logic rst_n,
    input  logic in_valid,
    output logic in_ready,
    input  logic [WIDTH-1:0] in_data,
    output logic [(WIDTH+7)/8*8-1:0] m_axis_tdata,
    output logic m_axis_tvalid,
    input  logic m_axis_tready,
    output logic m_axis_tlast
);
  localparam int PADDED = (WIDTH + 7) / 8 * 8;

  logic last;
  logic [WIDTH-1:0] data;

  /* verilator lint_off PINCONNECTEMPTY */
  bm_count #(.LIMIT(BEATS)) u_beat (.clk, .rst(!rst_n), .step(in_valid && in_ready), .value(), .last);
  /* verilator lint_on PINCONNECTEMPTY */
  bm_skid #(.WIDTH(WIDTH + 1)) u_skid (
      .clk, .rst_n, .in_valid, .in_ready, .in_data({last, in_data}), .out_valid(m_axis_tvalid),
      .out_ready(m_axis_tready), .out_data({m_axis_tlast, data}));

  generate
    if (PADDED == WIDTH) begin : g_whole
      assign m_axis_tdata = data;
    end else begin : g_padded
      assign m_axis_tdata = {{(PADDED - WIDTH) {1'b0}}, data};
    end
  endgenerate
endmodule
