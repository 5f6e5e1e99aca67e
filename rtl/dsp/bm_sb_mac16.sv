// The SB_MAC16 of iCE40 UltraPlus as all cells use it: sum = w * a + addend + CARRY modulo 2^32, three registers after w and a: inputs,
// product, sum. The addend joins at the sum, ADDEND_REG 1: a register before it. A sum without ce stays.
// WPORT 24: the block is two multipliers (MODE_8x8). w[23:16] and w[7:0] each times the byte a; the upper and the lower half of addend and
// sum are theirs, each with CARRY, and nothing passes between them.
// Cost: 1 SB_MAC16.
module bm_sb_mac16 #(
    parameter int WPORT = 16,
    parameter int APORT = 16,
    parameter int ADDEND_REG = 0,
    parameter int CARRY = 0
) (
    input  logic clk,
    input  logic ce,
    input  logic [WPORT-1:0] w,
    input  logic [APORT-1:0] a,
    input  logic [31:0] addend,
    output logic [31:0] sum
);
  localparam bit SPLIT = WPORT == 24;
  localparam bit [1:0] LOWER_INPUT = SPLIT ? 2'b01 : 2'b10;
  localparam bit [1:0] CARRY_SELECT = CARRY != 0 ? 2'b01 : 2'b00;
  logic [15:0] w_port, a_port;
  generate
    if (SPLIT) begin : g_split
      assign w_port = {w[WPORT-1:WPORT-8], w[7:0]};
      assign a_port = {a[7:0], a[7:0]};
      wire unused = &{1'b0, w[WPORT-9:8]};
    end else begin : g_whole
      assign w_port = w;
      assign a_port = a;
    end
    if (!(WPORT == 16 && APORT == 16) && !(WPORT == 24 && APORT == 8)) begin : g_bad_ports
      bm_sb_mac16_ports_are_16_by_16_or_24_by_8 u_error ();
    end
  endgenerate

  // verilator lint_off PINCONNECTEMPTY
  SB_MAC16 #(
      .A_REG(1'b1), .B_REG(1'b1), .C_REG(ADDEND_REG != 0), .D_REG(ADDEND_REG != 0), .TOP_8x8_MULT_REG(SPLIT),
      .BOT_8x8_MULT_REG(SPLIT), .PIPELINE_16x16_MULT_REG1(1'b0), .PIPELINE_16x16_MULT_REG2(!SPLIT), .TOPOUTPUT_SELECT(2'b01),
      .TOPADDSUB_LOWERINPUT(LOWER_INPUT), .TOPADDSUB_UPPERINPUT(1'b1), .TOPADDSUB_CARRYSELECT(SPLIT ? CARRY_SELECT : 2'b10),
      .BOTOUTPUT_SELECT(2'b01), .BOTADDSUB_LOWERINPUT(LOWER_INPUT), .BOTADDSUB_UPPERINPUT(1'b1),
      .BOTADDSUB_CARRYSELECT(CARRY_SELECT), .MODE_8x8(SPLIT), .A_SIGNED(1'b1), .B_SIGNED(1'b1)
  ) u_dsp (
      .CLK(clk), .CE(1'b1), .A(w_port), .B(a_port), .C(addend[31:16]), .D(addend[15:0]), .O(sum), .AHOLD(1'b0), .BHOLD(1'b0),
      .CHOLD(1'b0), .DHOLD(1'b0), .IRSTTOP(1'b0), .IRSTBOT(1'b0), .ORSTTOP(1'b0), .ORSTBOT(1'b0), .OLOADTOP(1'b0),
      .OLOADBOT(1'b0), .ADDSUBTOP(1'b0), .ADDSUBBOT(1'b0), .OHOLDTOP(~ce), .OHOLDBOT(~ce), .CI(1'b0), .ACCUMCI(1'b0),
      .SIGNEXTIN(1'b0), .CO(), .ACCUMCO(), .SIGNEXTOUT()
  );
  // verilator lint_on PINCONNECTEMPTY
endmodule
