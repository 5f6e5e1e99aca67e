// Register slice and FIFOs side by side.
module buffers_top (
    input  logic clk,
    input  logic rst_n,
    input  logic [4:0] in_valid,
    output logic [4:0] in_ready,
    input  logic [16:0] in0, in1, in2,
    input  logic [99:0] in3, in4,
    output logic [4:0] out_valid,
    input  logic [4:0] out_ready,
    output logic [16:0] out0, out1, out2,
    output logic [99:0] out3, out4
);
  bm_skid #(.WIDTH(17)) u0 (
      .clk, .rst_n, .in_valid(in_valid[0]), .in_ready(in_ready[0]), .in_data(in0), .out_valid(out_valid[0]),
      .out_ready(out_ready[0]), .out_data(out0));
  bm_fifo #(.WIDTH(17), .DEPTH(2), .BLOCK(0)) u1 (
      .clk, .rst_n, .in_valid(in_valid[1]), .in_ready(in_ready[1]), .in_data(in1), .out_valid(out_valid[1]),
      .out_ready(out_ready[1]), .out_data(out1));
  bm_fifo #(.WIDTH(17), .DEPTH(7), .BLOCK(1)) u2 (
      .clk, .rst_n, .in_valid(in_valid[2]), .in_ready(in_ready[2]), .in_data(in2), .out_valid(out_valid[2]),
      .out_ready(out_ready[2]), .out_data(out2));
  bm_fifo #(.WIDTH(100), .DEPTH(32), .BLOCK(0)) u3 (
      .clk, .rst_n, .in_valid(in_valid[3]), .in_ready(in_ready[3]), .in_data(in3), .out_valid(out_valid[3]),
      .out_ready(out_ready[3]), .out_data(out3));
  bm_fifo #(.WIDTH(100), .DEPTH(51), .BLOCK(1)) u4 (
      .clk, .rst_n, .in_valid(in_valid[4]), .in_ready(in_ready[4]), .in_data(in4), .out_valid(out_valid[4]),
      .out_ready(out_ready[4]), .out_data(out4));

  generate
    genvar k;
    for (k = 0; k < 5; k = k + 1) begin : g_check
      bm_stream_checker #(.WIDTH(100)) u_check (
          .clk, .rst_n, .valid(out_valid[k]), .ready(out_ready[k]),
          .data(k == 0 ? {83'd0, out0} : k == 1 ? {83'd0, out1} : k == 2 ? {83'd0, out2} : k == 3 ? out3 : out4));
    end
  endgenerate
endmodule
