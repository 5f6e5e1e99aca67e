// Magnitudes at their offsets on a port, those of even and of odd index on a word each (SHARED 1, where neighbours share bits) or all on the
// first; the sum of the words is the packed operand. Magnitudes of one word must not overlap.
// Cost: 0 LUT.
module bm_sign_words #(
    parameter int COUNT = 4,
    parameter int BITS = 3,
    parameter int SHARED = 0,
    parameter int WIDTH = 27,
    parameter [16*COUNT-1:0] OFF = {16'd21, 16'd18, 16'd3, 16'd0}
) (
    input  logic [COUNT*BITS-1:0] magnitudes,
    output logic [WIDTH-1:0] even,
    output logic [WIDTH-1:0] odd
);
  localparam int STEP = SHARED + 1;
  generate
    for (genvar i = STEP; i < COUNT; i = i + 1) begin : g_check
      if (OFF[16*i+:16] < OFF[16*(i-STEP)+:16] + 16'(BITS)) begin : g_bad
        bm_sign_words_at_most_two_magnitudes_share_a_bit u_error ();
      end
    end
  endgenerate

  always_comb begin
    even = '0;
    odd = '0;
    for (int i = 0; i < COUNT; i = i + 1)
      for (int b = 0; b < BITS; b = b + 1) begin
        if (i % STEP == 0) even[32'(OFF[16*i+:16])+b] = magnitudes[i*BITS+b];
        else odd[32'(OFF[16*i+:16])+b] = magnitudes[i*BITS+b];
      end
  end
endmodule
