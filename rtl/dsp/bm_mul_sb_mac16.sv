// The multiplying cell on iCE40 UltraPlus (SB_MAC16): ports, latency and result (modulo 2^32) of bm_mul_inferred. Words are packed in fabric
// one register before the cell. The block's own subtraction takes the product from C and D, so c enters inverted with a carry in.
// Registers: packed words in fabric, inputs, C and D, product and sum in the block.
// WPORT 24: two multipliers of 8 x 8 (bm_sb_mac16), each with that result modulo 2^16 of its own byte of the words, below the byte's sign bit.
// Cost: 1 SB_MAC16; the packed width in LC, an inverter for a bit of c that is no LUT's own (Yosys 0.23, synth_ice40).
module bm_mul_sb_mac16 #(
    parameter int WPORT = 16,
    parameter int APORT = 16,
    parameter int SUBTRACT = 1
) (
    input  logic clk,
    input  logic [WPORT-1:0] even,
    input  logic [WPORT-1:0] odd,
    input  logic [APORT-1:0] a,
    input  logic [47:0] c,
    output logic [47:0] p
);
  logic [WPORT-1:0] w_q;
  logic [APORT-1:0] a_q;
  logic [31:0] addend, sum;

  always_ff @(posedge clk) begin
    w_q <= even + odd;
    a_q <= a;
  end
  assign addend = SUBTRACT != 0 ? ~c[31:0] : c[31:0];
  assign p = {16'b0, sum};

  bm_sb_mac16 #(.WPORT(WPORT), .APORT(APORT), .ADDEND_REG(1), .CARRY(SUBTRACT)) u_dsp (.clk, .ce(1'b1), .w(w_q), .a(a_q), .addend, .sum);

  wire unused = &{1'b0, c};
endmodule
