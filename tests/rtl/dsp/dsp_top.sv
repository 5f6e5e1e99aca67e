// Every DSP file on both ports, and multipliers in LUTs, beside the inferred twin: w4 with three taps at 0, 11, 22, w8 with two channels,
// w1 with four; the multiplying cells on words of w, their third operand of both; SB_MAC16 split in two.
module dsp_top (
    input  logic clk,
    input  logic [63:0] w,
    input  logic [63:0] a,
    output logic [47:0] sum,
    output logic [18:0] differs
);
  logic [11*48-1:0] sums;
  dsp_pair #(.PRIM(1), .NW(3), .WBITS(4), .WOFF({16'd22, 16'd11, 16'd0}), .WPORT(27), .APORT(18), .BIAS(64'h1234_5678_9abc))
      u_e2_wide (.clk, .w(w[23:0]), .a(a[35:0]), .sum, .differs(differs[0]));
  dsp_pair #(.PRIM(1), .NW(2), .WBITS(4), .WOFF({16'd14, 16'd0}), .WPORT(18), .APORT(27), .BIAS(64'h8000))
      u_e2_narrow (.clk, .w(w[15:0]), .a(a[53:0]), .sum(sums[0*48+:48]), .differs(differs[1]));
  dsp_pair #(.PRIM(1), .NW(2), .WBITS(8), .WOFF({16'd18, 16'd0}), .WPORT(27), .APORT(18), .BIAS(64'h0))
      u_e2_bytes (.clk, .w(w[31:0]), .a(a[35:0]), .sum(sums[1*48+:48]), .differs(differs[2]));
  dsp_pair #(.PRIM(2), .NW(2), .WBITS(4), .WOFF({16'd20, 16'd0}), .WPORT(25), .APORT(18), .BIAS(64'hffff_0000_0001))
      u_e1_wide (.clk, .w(w[15:0]), .a(a[35:0]), .sum(sums[2*48+:48]), .differs(differs[3]));
  dsp_pair #(.PRIM(2), .NW(2), .WBITS(8), .WOFF({16'd10, 16'd0}), .WPORT(18), .APORT(25), .BIAS(64'h77))
      u_e1_narrow (.clk, .w(w[31:0]), .a(a[49:0]), .sum(sums[3*48+:48]), .differs(differs[4]));
  dsp_pair #(.PRIM(3), .NW(2), .WBITS(4), .WOFF({16'd13, 16'd0}), .WPORT(18), .APORT(18), .SUM(36), .BIAS(64'habcdef))
      u_ecp5 (.clk, .w(w[15:0]), .a(a[35:0]), .sum(sums[4*48+:48]), .differs(differs[5]));
  dsp_pair #(.PRIM(3), .NW(4), .WBITS(1), .WOFF({16'd17, 16'd9, 16'd5, 16'd0}), .WPORT(18), .APORT(18), .SUM(36), .BIAS(64'h0))
      u_ecp5_bits (.clk, .w(w[7:0]), .a(a[35:0]), .sum(sums[5*48+:48]), .differs(differs[6]));
  dsp_pair #(.PRIM(4), .NW(2), .WBITS(4), .WOFF({16'd11, 16'd0}), .WPORT(16), .APORT(16), .SUM(32), .BIAS(64'h1_0001))
      u_ice40 (.clk, .w(w[15:0]), .a(a[31:0]), .sum(sums[6*48+:48]), .differs(differs[7]));
  dsp_pair #(.PRIM(1), .NW(4), .WBITS(1), .WOFF({16'd26, 16'd9, 16'd5, 16'd0}), .WPORT(27), .APORT(18), .BIAS(64'h0))
      u_e2_bits (.clk, .w(w[7:0]), .a(a[35:0]), .sum(sums[7*48+:48]), .differs(differs[8]));
  dsp_pair #(.PRIM(5), .NW(1), .WBITS(4), .WOFF(16'd0), .WPORT(27), .APORT(5), .BIAS(64'h1_2345))
      u_luts (.clk, .w(w[7:0]), .a(a[9:0]), .sum(sums[8*48+:48]), .differs(differs[9]));
  dsp_pair #(.PRIM(5), .NW(1), .WBITS(7), .WOFF(16'd0), .WPORT(27), .APORT(9), .BIAS(64'h0))
      u_luts_odd (.clk, .w(w[13:0]), .a(a[17:0]), .sum(sums[9*48+:48]), .differs(differs[10]));
  dsp_pair #(.PRIM(5), .NW(1), .WBITS(1), .WOFF(16'd0), .WPORT(27), .APORT(3), .BIAS(64'hffff_ffff_ffff))
      u_luts_bit (.clk, .w(w[1:0]), .a(a[5:0]), .sum(sums[10*48+:48]), .differs(differs[11]));
  logic [47:0] c;
  assign c = w[47:0] ^ {a[23:0], a[47:24]};
  mul_pair #(.PRIM(1), .WPORT(27), .APORT(18), .SUM(48)) u_mul_e2_wide (
      .clk, .even(w[26:0]), .odd(w[53:27]), .a(a[17:0]), .c, .differs(differs[12]));
  mul_pair #(.PRIM(1), .WPORT(18), .APORT(27), .SUM(48)) u_mul_e2_narrow (
      .clk, .even(w[17:0]), .odd(w[35:18]), .a(a[26:0]), .c, .differs(differs[13]));
  mul_pair #(.PRIM(2), .WPORT(25), .APORT(18), .SUM(48)) u_mul_e1_wide (
      .clk, .even(w[24:0]), .odd(w[49:25]), .a(a[17:0]), .c, .differs(differs[14]));
  mul_pair #(.PRIM(2), .WPORT(18), .APORT(25), .SUM(48)) u_mul_e1_narrow (
      .clk, .even(w[17:0]), .odd(w[35:18]), .a(a[24:0]), .c, .differs(differs[15]));
  mul_pair #(.PRIM(3), .WPORT(18), .APORT(18), .SUM(36)) u_mul_ecp5 (
      .clk, .even(w[17:0]), .odd(w[35:18]), .a(a[17:0]), .c, .differs(differs[16]));
  mul_pair #(.PRIM(4), .WPORT(16), .APORT(16), .SUM(32)) u_mul_ice40 (
      .clk, .even(w[15:0]), .odd(w[31:16]), .a(a[15:0]), .c, .differs(differs[17]));
  split_pair #(.BIAS(64'h8001_ffff)) u_split (.clk, .w(w[31:0]), .a(a[15:0]), .c(c[31:0]), .differs(differs[18]));
  wire unused = &{1'b0, sums, w, a};
endmodule
