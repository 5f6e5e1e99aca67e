// Weights that share bits of their port, as fields of two bits for a cell of rtl/dsp (WBITS 2, signed, one at each bit of the port): bit i of
// a word and, negative, bit i + 1 of another, whose difference is the packed sum. The first is the sum of SHARED words in which no weights overlap,
// by a tree with a register per level; the second holds the weights' sign bits. fields show $clog2(SHARED) cycles after weights.
// Precondition: the packed sum is a two's complement number of WIDTH bits, so the sum of all lower bits has no bit WIDTH - 1.
// Cost: an adder of the bits that the words overlap for each word but one (Yosys 0.23, synth_xilinx).
module bm_pack_words #(
    parameter int NW = 2,
    parameter int BITS = 4,
    parameter int SIGNED = 1,
    parameter int SHARED = 2,
    parameter int WIDTH = 27,
    parameter [16*NW-1:0] OFF = {16'd2, 16'd0}
) (
    input  logic clk,
    input  logic [NW*BITS-1:0] weights,
    output logic [2*(WIDTH-1)-1:0] fields
);
  localparam int LOW = SIGNED != 0 ? BITS - 1 : BITS;
  logic [SHARED*WIDTH-1:0] words;
  logic [WIDTH-1:0] sign, low, sign_late;

  always_comb begin
    words = '0;
    sign = '0;
    for (int i = 0; i < NW; i = i + 1) begin
      for (int b = 0; b < LOW; b = b + 1) words[i%SHARED*WIDTH+32'(OFF[16*i+:16])+b] = weights[i*BITS+b];
      if (SIGNED != 0) sign[32'(OFF[16*i+:16])+BITS-1] = weights[i*BITS+BITS-1];
    end
  end
  bm_mac_sum #(.COUNT(SHARED), .IN(WIDTH), .OUT(WIDTH)) u_low (.clk, .values(words), .sum(low));
  bm_conv_delay #(.WIDTH(WIDTH), .STAGES($clog2(SHARED))) u_sign (.clk, .rst(1'b0), .d(sign), .q(sign_late));

  always_comb for (int i = 0; i < WIDTH - 1; i = i + 1) fields[2*i+:2] = {sign_late[i+1], low[i]};
  wire unused = &{1'b0, low, sign_late};
endmodule
