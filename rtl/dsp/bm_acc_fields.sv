// Splits packed operands into two words whose difference is their packed sum: signed codes (two's complement of BITS bits)
// give their lower bits and their sign bits, unsigned codes and single bits (0 or 1) have no sign.
// Codes at OFF must not overlap below their sign bit. Words are WIDTH bits, the difference is taken modulo 2^WIDTH.
// Cost: 0 LUT.
module bm_acc_fields #(
    parameter int COUNT = 1,
    parameter int BITS = 4,
    parameter int SIGNED = 1,
    parameter int WIDTH = 27,
    parameter [16*COUNT-1:0] OFF = 0
) (
    input  logic [COUNT*BITS-1:0] fields,
    output logic [WIDTH-1:0] low,
    output logic [WIDTH-1:0] sign
);
  localparam int LOW = SIGNED != 0 ? BITS - 1 : BITS;
  generate
    for (genvar i = 1; i < COUNT; i = i + 1) begin : g_check
      if (OFF[16*i+:16] < OFF[16*(i-1)+:16] + 16'(LOW)) begin : g_bad
        bm_acc_fields_overlap u_error ();
      end
    end
  endgenerate

  always_comb begin
    low  = '0;
    sign = '0;
    for (int i = 0; i < COUNT; i = i + 1) begin
      for (int b = 0; b < LOW; b = b + 1) low[32'(OFF[16*i+:16])+b] = fields[i*BITS+b];
      if (SIGNED != 0) sign[32'(OFF[16*i+:16])+BITS-1] = fields[i*BITS+BITS-1];
    end
  end
endmodule
