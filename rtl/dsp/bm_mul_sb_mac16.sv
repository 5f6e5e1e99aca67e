// The multiplying cell on iCE40 UltraPlus (SB_MAC16): ports, latency and result (modulo 2^32) of bm_mul_inferred. Words are packed in fabric
// one register before the cell. The block's own subtraction takes the product from C and D, so c enters inverted with a carry in.
// Registers: packed words in fabric, inputs, C and D, product and sum in the block.
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

  // verilator lint_off PINCONNECTEMPTY
  SB_MAC16 #(
      .A_REG(1'b1), .B_REG(1'b1), .C_REG(1'b1), .D_REG(1'b1), .TOP_8x8_MULT_REG(1'b0), .BOT_8x8_MULT_REG(1'b0),
      .PIPELINE_16x16_MULT_REG1(1'b0), .PIPELINE_16x16_MULT_REG2(1'b1), .TOPOUTPUT_SELECT(2'b01),
      .TOPADDSUB_LOWERINPUT(2'b10), .TOPADDSUB_UPPERINPUT(1'b1), .TOPADDSUB_CARRYSELECT(2'b10),
      .BOTOUTPUT_SELECT(2'b01), .BOTADDSUB_LOWERINPUT(2'b10), .BOTADDSUB_UPPERINPUT(1'b1),
      .BOTADDSUB_CARRYSELECT(SUBTRACT != 0 ? 2'b01 : 2'b00), .MODE_8x8(1'b0), .A_SIGNED(1'b1), .B_SIGNED(1'b1)
  ) u_dsp (
      .CLK(clk), .CE(1'b1), .A(w_q), .B(a_q), .C(addend[31:16]), .D(addend[15:0]), .O(sum), .AHOLD(1'b0), .BHOLD(1'b0),
      .CHOLD(1'b0), .DHOLD(1'b0), .IRSTTOP(1'b0), .IRSTBOT(1'b0), .ORSTTOP(1'b0), .ORSTBOT(1'b0), .OLOADTOP(1'b0),
      .OLOADBOT(1'b0), .ADDSUBTOP(1'b0), .ADDSUBBOT(1'b0), .OHOLDTOP(1'b0), .OHOLDBOT(1'b0), .CI(1'b0), .ACCUMCI(1'b0),
      .SIGNEXTIN(1'b0), .CO(), .ACCUMCO(), .SIGNEXTOUT()
  );
  // verilator lint_on PINCONNECTEMPTY

  wire unused = &{1'b0, c};
endmodule
