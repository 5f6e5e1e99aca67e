// Space to depth, depth to space, upsampling.
// Stream k is slot k of the ports, 128 bits each.
`define BM_SLOT(k, WI) .clk, .rst_n, .in_valid(in_valid[k]), .in_ready(in_ready[k]), .in_data(in_data[128*k+:WI]), \
      .out_valid(out_valid[k]), .out_ready(out_ready[k])
`define BM_OUT(k, WO) logic [WO-1:0] out``k; assign out_data[128*k+:128] = 128'(out``k);

module rearrange_top (
    input  logic clk,
    input  logic rst_n,
    input  logic [10:0] in_valid,
    output logic [10:0] in_ready,
    input  logic [128*11-1:0] in_data,
    output logic [10:0] out_valid,
    input  logic [10:0] out_ready,
    output logic [128*11-1:0] out_data
);
  `BM_OUT(0, 8)
  bm_space_to_depth #(.C(4), .CH(2), .BITS(4), .H(4), .W(6), .B(2), .CRD(0), .CH_OUT(2), .BLOCK(0)) u0 (
      `BM_SLOT(0, 8), .out_data(out0));
  `BM_OUT(1, 30)
  bm_space_to_depth #(.C(6), .CH(2), .BITS(5), .H(6), .W(9), .B(3), .CRD(0), .CH_OUT(6), .BLOCK(1)) u1 (
      `BM_SLOT(1, 10), .out_data(out1));
  `BM_OUT(2, 8)
  bm_space_to_depth #(.C(4), .CH(2), .BITS(4), .H(4), .W(6), .B(2), .CRD(1), .CH_OUT(2), .BLOCK(0)) u2 (
      `BM_SLOT(2, 8), .out_data(out2));
  `BM_OUT(3, 24)
  bm_space_to_depth #(.C(3), .CH(1), .BITS(6), .H(2), .W(4), .B(2), .CRD(1), .CH_OUT(4), .BLOCK(0)) u3 (
      `BM_SLOT(3, 6), .out_data(out3));
  `BM_OUT(4, 8)
  bm_depth_to_space #(.C(8), .CH(2), .BITS(4), .H(3), .W(5), .B(2), .CRD(0), .CH_OUT(2), .BLOCK(0)) u4 (
      `BM_SLOT(4, 8), .out_data(out4));
  `BM_OUT(5, 8)
  bm_depth_to_space #(.C(8), .CH(1), .BITS(4), .H(2), .W(3), .B(2), .CRD(0), .CH_OUT(2), .BLOCK(1)) u5 (
      `BM_SLOT(5, 4), .out_data(out5));
  `BM_OUT(6, 8)
  bm_depth_to_space #(.C(8), .CH(2), .BITS(4), .H(3), .W(5), .B(2), .CRD(1), .CH_OUT(2), .BLOCK(0)) u6 (
      `BM_SLOT(6, 8), .out_data(out6));
  `BM_OUT(7, 6)
  bm_depth_to_space #(.C(18), .CH(6), .BITS(3), .H(2), .W(3), .B(3), .CRD(1), .CH_OUT(2), .BLOCK(0)) u7 (
      `BM_SLOT(7, 18), .out_data(out7));
  `BM_OUT(8, 8)
  bm_upsample #(.C(4), .CH(2), .BITS(4), .H(3), .W(5), .FH(2), .FW(2), .BLOCK(0)) u8 (
      `BM_SLOT(8, 8), .out_data(out8));
  `BM_OUT(9, 8)
  bm_upsample #(.C(1), .CH(1), .BITS(8), .H(2), .W(1), .FH(3), .FW(1), .BLOCK(0)) u9 (
      `BM_SLOT(9, 8), .out_data(out9));
  `BM_OUT(10, 15)
  bm_upsample #(.C(3), .CH(3), .BITS(5), .H(2), .W(4), .FH(1), .FW(3), .BLOCK(1)) u10 (
      `BM_SLOT(10, 15), .out_data(out10));

  generate
    genvar k;
    for (k = 0; k < 11; k = k + 1) begin : g_check
      bm_stream_checker #(.WIDTH(128)) u_check (
          .clk, .rst_n, .valid(out_valid[k]), .ready(out_ready[k]), .data(out_data[128*k+:128]));
    end
  endgenerate

  wire unused = &{1'b0, in_data};
endmodule
