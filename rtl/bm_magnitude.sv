// Signs and magnitudes of COUNT codes of BITS bits: x = negative ? -magnitude : magnitude, for bm_sign_array. Two's complement codes (SIGNED)
// take a register, the most negative one too if OUT = BITS; magnitudes that need fewer bits may be cut to OUT < BITS. Codes without sign are
// wires.
// Each bit is x[i] ^ (sign & any lower bit), one LUT up to x[4]; there is no carry chain.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten): SIGNED, 4 bit: 3 LUT, 5 FF; 8 bit: 9 LUT, 9 FF; codes without sign nothing.
module bm_magnitude #(
    parameter int COUNT = 1,
    parameter int BITS = 4,
    parameter int SIGNED = 1,
    parameter int OUT = 4
) (
    input  logic clk,
    input  logic [COUNT*BITS-1:0] x,
    output logic [COUNT*OUT-1:0] magnitude,
    output logic [COUNT-1:0] negative
);
  generate
    if (OUT > BITS) begin : g_bad
      bm_magnitude_has_at_most_as_many_bits_as_its_code u_error ();
    end
    if (SIGNED != 0) begin : g_signed
      logic [COUNT*OUT-1:0] bits;
      logic [COUNT-1:0] signs;
      logic lower;
      always_comb begin
        lower = 1'b0;
        for (int k = 0; k < COUNT; k = k + 1) begin
          signs[k] = x[k*BITS+BITS-1];
          lower = 1'b0;
          for (int b = 0; b < OUT; b = b + 1) begin
            bits[k*OUT+b] = x[k*BITS+b] ^ (x[k*BITS+BITS-1] & lower);
            lower = lower | x[k*BITS+b];
          end
        end
      end
      always_ff @(posedge clk) begin
        magnitude <= bits;
        negative <= signs;
      end
      wire unused = &{1'b0, x, lower};
    end else begin : g_wires
      for (genvar k = 0; k < COUNT; k = k + 1) begin : g_code
        assign magnitude[k*OUT+:OUT] = x[k*BITS+:OUT];
      end
      assign negative = '0;
      wire unused = &{1'b0, clk, x};
    end
  endgenerate
endmodule
