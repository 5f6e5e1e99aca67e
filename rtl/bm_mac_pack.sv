// Packs NP activation codes at their offsets on a WIDTH-bit signed port: unsigned codes and a single signed code
// are wires; several signed codes take one subtraction and a register (one cycle later).
// Cost: 0 LUT; SIGNED and NP > 1: about the packed width in LUT and FF.
module bm_mac_pack #(
    parameter int NP = 1,
    parameter int BITS = 4,
    parameter int SIGNED = 0,
    parameter int WIDTH = 18,
    parameter [16*NP-1:0] OFF = 0
) (
    input  logic clk,
    input  logic [NP*BITS-1:0] codes,
    output logic [WIDTH-1:0] word
);
  generate
    if (SIGNED != 0 && NP > 1) begin : g_adder
      logic [WIDTH-1:0] low, sign;
      bm_dsp_fields #(.COUNT(NP), .BITS(BITS), .WIDTH(WIDTH), .OFF(OFF)) u_fields (.fields(codes), .low, .sign);
      always_ff @(posedge clk) word <= low - sign;
    end else begin : g_wires
      // A single signed code fills the port above it with its sign.
      always_comb begin
        word = SIGNED != 0 ? {WIDTH{codes[BITS-1]}} << OFF[15:0] : '0;
        for (int p = 0; p < NP; p = p + 1) word[32'(OFF[16*p+:16])+:BITS] = codes[p*BITS+:BITS];
      end
      wire unused = &{1'b0, clk};
      for (genvar p = 1; p < NP; p = p + 1) begin : g_check
        if (OFF[16*p+:16] < OFF[16*(p-1)+:16] + 16'(BITS)) begin : g_bad
          bm_mac_pack_needs_offsets_at_least_bits_apart u_error ();
        end
      end
    end
  endgenerate
endmodule
