// Products of packed operands modulo 2^BITS, from their lower bits: weight i times activation j at index (i * NA + j) * BITS, one cycle after the
// operands. a_n is inverted.
// Cost: for each product 1 LUT a bit where one operand has one bit, 7 for 4 x 4 bits (Yosys 0.23, xcup).
module bm_pack_products #(
    parameter int NW = 1,
    parameter int NA = 1,
    parameter int BITS = 4
) (
    input  logic clk,
    input  logic [NW*BITS-1:0] w,
    input  logic [NA*BITS-1:0] a_n,
    output logic [NW*NA*BITS-1:0] products
);
  generate
    for (genvar i = 0; i < NW; i = i + 1) begin : g_weight
      for (genvar j = 0; j < NA; j = j + 1) begin : g_activation
        logic [BITS-1:0] product;
        // Sums by LUTs: tools would give `+` carry chains and `*` a multiplier.
        always_comb begin
          logic carry, one, spare;
          product = '0;
          for (int y = 0; y < BITS; y = y + 1) begin
            carry = 1'b0;
            for (int q = y; q < BITS; q = q + 1) begin
              one = w[i*BITS+q-y] & ~a_n[j*BITS+y];
              spare = (product[q] & one) | (carry & (product[q] | one));
              product[q] = product[q] ^ one ^ carry;
              carry = spare;
            end
          end
        end
        always_ff @(posedge clk) products[(i*NA+j)*BITS+:BITS] <= product;
      end
    end
  endgenerate
endmodule
