// Splits packed two's complement fields into two words whose difference is their packed sum:
// sum of w_i * 2^OFF_i = low - sign, low = the lower BITS-1 bits of every field at its offset,
// sign = every sign bit at OFF_i + BITS-1. Wires only.
// Needs offsets at least BITS-1 apart. Words are WIDTH bits, the difference is taken modulo 2^WIDTH.
// Cost: 0 LUT.
module bm_dsp_fields #(
    parameter int COUNT = 1,
    parameter int BITS = 4,
    parameter int WIDTH = 27,
    parameter [16*COUNT-1:0] OFF = 0
) (
    input  logic [COUNT*BITS-1:0] fields,
    output logic [WIDTH-1:0] low,
    output logic [WIDTH-1:0] sign
);
  generate
    for (genvar i = 1; i < COUNT; i = i + 1) begin : g_check
      if (OFF[16*i+:16] < OFF[16*(i-1)+:16] + 16'(BITS - 1)) begin : g_bad
        bm_dsp_needs_offsets_at_least_bits_minus_1_apart u_error ();
      end
    end
  endgenerate

  always_comb begin
    low  = '0;
    sign = '0;
    for (int i = 0; i < COUNT; i = i + 1) begin
      for (int b = 0; b < BITS - 1; b = b + 1) low[32'(OFF[16*i+:16])+b] = fields[i*BITS+b];
      sign[32'(OFF[16*i+:16])+BITS-1] = fields[i*BITS+BITS-1];
    end
  end
endmodule
