// Magnitudes at their offsets on a port, on SHARED words in turn, of which none holds two that overlap: `even` is the sum of the words 0, 2, ..., `odd`
// that of the others; the sum of both is the packed operand. Up to two words are wires; of more each sum is a tree of adders, and both show
// $clog2((SHARED + 1) / 2) cycles after the magnitudes.
// Cost: 0 LUT; an adder of the bits that words overlap for each beyond two (Yosys 0.23, synth_xilinx).
module bm_sign_words #(
    parameter int COUNT = 4,
    parameter int BITS = 3,
    parameter int SHARED = 1,
    parameter int WIDTH = 27,
    parameter [16*COUNT-1:0] OFF = {16'd21, 16'd18, 16'd3, 16'd0}
) (
    input  logic clk,
    input  logic [COUNT*BITS-1:0] magnitudes,
    output logic [WIDTH-1:0] even,
    output logic [WIDTH-1:0] odd
);
  localparam int EVENS = (SHARED + 1) / 2;
  localparam int ODDS = SHARED > 1 ? SHARED / 2 : 1;
  logic [EVENS*WIDTH-1:0] evens;
  logic [ODDS*WIDTH-1:0] odds;
  logic [WIDTH-1:0] odd_sum;

  always_comb begin
    evens = '0;
    odds = '0;
    for (int i = 0; i < COUNT; i = i + 1)
      for (int b = 0; b < BITS; b = b + 1)
        if (i % SHARED % 2 == 0) evens[i%SHARED/2*WIDTH+32'(OFF[16*i+:16])+b] = magnitudes[i*BITS+b];
        else odds[i%SHARED/2*WIDTH+32'(OFF[16*i+:16])+b] = magnitudes[i*BITS+b];
  end
  bm_mac_sum #(.COUNT(EVENS), .IN(WIDTH), .OUT(WIDTH)) u_even (.clk, .values(evens), .sum(even));
  bm_mac_sum #(.COUNT(ODDS), .IN(WIDTH), .OUT(WIDTH)) u_odd (.clk, .values(odds), .sum(odd_sum));
  bm_conv_delay #(.WIDTH(WIDTH), .STAGES($clog2(EVENS) - $clog2(ODDS))) u_align (.clk, .rst(1'b0), .d(odd_sum), .q(odd));
endmodule
