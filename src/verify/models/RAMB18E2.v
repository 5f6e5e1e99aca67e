// Behaviour of the Xilinx RAMB18E2 (UG573) in the subset that Yosys maps memories to; see ramb_body.vh.
// For netlist simulation only: ports and parameters are the primitive's own, cascades are left out.
// verilator lint_off UNUSEDSIGNAL
// verilator lint_off UNUSEDPARAM
module RAMB18E2 #(
    parameter [255:0] INIT_00 = 256'h0, parameter [255:0] INIT_01 = 256'h0,
    parameter [255:0] INIT_02 = 256'h0, parameter [255:0] INIT_03 = 256'h0,
    parameter [255:0] INIT_04 = 256'h0, parameter [255:0] INIT_05 = 256'h0,
    parameter [255:0] INIT_06 = 256'h0, parameter [255:0] INIT_07 = 256'h0,
    parameter [255:0] INIT_08 = 256'h0, parameter [255:0] INIT_09 = 256'h0,
    parameter [255:0] INIT_0A = 256'h0, parameter [255:0] INIT_0B = 256'h0,
    parameter [255:0] INIT_0C = 256'h0, parameter [255:0] INIT_0D = 256'h0,
    parameter [255:0] INIT_0E = 256'h0, parameter [255:0] INIT_0F = 256'h0,
    parameter [255:0] INIT_10 = 256'h0, parameter [255:0] INIT_11 = 256'h0,
    parameter [255:0] INIT_12 = 256'h0, parameter [255:0] INIT_13 = 256'h0,
    parameter [255:0] INIT_14 = 256'h0, parameter [255:0] INIT_15 = 256'h0,
    parameter [255:0] INIT_16 = 256'h0, parameter [255:0] INIT_17 = 256'h0,
    parameter [255:0] INIT_18 = 256'h0, parameter [255:0] INIT_19 = 256'h0,
    parameter [255:0] INIT_1A = 256'h0, parameter [255:0] INIT_1B = 256'h0,
    parameter [255:0] INIT_1C = 256'h0, parameter [255:0] INIT_1D = 256'h0,
    parameter [255:0] INIT_1E = 256'h0, parameter [255:0] INIT_1F = 256'h0,
    parameter [255:0] INIT_20 = 256'h0, parameter [255:0] INIT_21 = 256'h0,
    parameter [255:0] INIT_22 = 256'h0, parameter [255:0] INIT_23 = 256'h0,
    parameter [255:0] INIT_24 = 256'h0, parameter [255:0] INIT_25 = 256'h0,
    parameter [255:0] INIT_26 = 256'h0, parameter [255:0] INIT_27 = 256'h0,
    parameter [255:0] INIT_28 = 256'h0, parameter [255:0] INIT_29 = 256'h0,
    parameter [255:0] INIT_2A = 256'h0, parameter [255:0] INIT_2B = 256'h0,
    parameter [255:0] INIT_2C = 256'h0, parameter [255:0] INIT_2D = 256'h0,
    parameter [255:0] INIT_2E = 256'h0, parameter [255:0] INIT_2F = 256'h0,
    parameter [255:0] INIT_30 = 256'h0, parameter [255:0] INIT_31 = 256'h0,
    parameter [255:0] INIT_32 = 256'h0, parameter [255:0] INIT_33 = 256'h0,
    parameter [255:0] INIT_34 = 256'h0, parameter [255:0] INIT_35 = 256'h0,
    parameter [255:0] INIT_36 = 256'h0, parameter [255:0] INIT_37 = 256'h0,
    parameter [255:0] INIT_38 = 256'h0, parameter [255:0] INIT_39 = 256'h0,
    parameter [255:0] INIT_3A = 256'h0, parameter [255:0] INIT_3B = 256'h0,
    parameter [255:0] INIT_3C = 256'h0, parameter [255:0] INIT_3D = 256'h0,
    parameter [255:0] INIT_3E = 256'h0, parameter [255:0] INIT_3F = 256'h0,
    parameter [255:0] INITP_00 = 256'h0, parameter [255:0] INITP_01 = 256'h0,
    parameter [255:0] INITP_02 = 256'h0, parameter [255:0] INITP_03 = 256'h0,
    parameter [255:0] INITP_04 = 256'h0, parameter [255:0] INITP_05 = 256'h0,
    parameter [255:0] INITP_06 = 256'h0, parameter [255:0] INITP_07 = 256'h0,
    parameter integer DOA_REG = 0, parameter integer DOB_REG = 0,
    parameter integer READ_WIDTH_A = 0, parameter integer READ_WIDTH_B = 0,
    parameter integer WRITE_WIDTH_A = 0, parameter integer WRITE_WIDTH_B = 0,
    parameter [17:0] INIT_A = 0, parameter [17:0] INIT_B = 0,
    parameter [17:0] SRVAL_A = 0, parameter [17:0] SRVAL_B = 0,
    parameter RAM_MODE = "TDP", parameter WRITE_MODE_A = "NO_CHANGE", parameter WRITE_MODE_B = "NO_CHANGE"
) (
    input CLKARDCLK, CLKBWRCLK, ENARDEN, ENBWREN, REGCEAREGCE, REGCEB,
    input RSTRAMARSTRAM, RSTRAMB, RSTREGARSTREG, RSTREGB, SLEEP, ADDRENA, ADDRENB,
    input [13:0] ADDRARDADDR, ADDRBWRADDR,
    input [15:0] DINADIN, DINBDIN,
    input [1:0] DINPADINP, DINPBDINP,
    input [1:0] WEA, input [3:0] WEBWE,
    output [15:0] DOUTADOUT, DOUTBDOUT,
    output [1:0] DOUTPADOUTP, DOUTPBDOUTP
);
  localparam integer ADDR = 14, DATA = 16, PARITY = 2;
  wire [ADDR-1:0] address_a = ADDRARDADDR[ADDR-1:0], address_b = ADDRBWRADDR[ADDR-1:0];
  wire [DATA-1:0] data_a = DINADIN, data_b = DINBDIN;
  wire [PARITY-1:0] parity_a = DINPADINP, parity_b = DINPBDINP;
  assign {DOUTBDOUT, DOUTADOUT} = out_data;
  assign {DOUTPBDOUTP, DOUTPADOUTP} = out_parity;
`include "ramb_body.vh"
  initial begin
    load(0, INIT_00); load(1, INIT_01); load(2, INIT_02); load(3, INIT_03);
    load(4, INIT_04); load(5, INIT_05); load(6, INIT_06); load(7, INIT_07);
    load(8, INIT_08); load(9, INIT_09); load(10, INIT_0A); load(11, INIT_0B);
    load(12, INIT_0C); load(13, INIT_0D); load(14, INIT_0E); load(15, INIT_0F);
    load(16, INIT_10); load(17, INIT_11); load(18, INIT_12); load(19, INIT_13);
    load(20, INIT_14); load(21, INIT_15); load(22, INIT_16); load(23, INIT_17);
    load(24, INIT_18); load(25, INIT_19); load(26, INIT_1A); load(27, INIT_1B);
    load(28, INIT_1C); load(29, INIT_1D); load(30, INIT_1E); load(31, INIT_1F);
    load(32, INIT_20); load(33, INIT_21); load(34, INIT_22); load(35, INIT_23);
    load(36, INIT_24); load(37, INIT_25); load(38, INIT_26); load(39, INIT_27);
    load(40, INIT_28); load(41, INIT_29); load(42, INIT_2A); load(43, INIT_2B);
    load(44, INIT_2C); load(45, INIT_2D); load(46, INIT_2E); load(47, INIT_2F);
    load(48, INIT_30); load(49, INIT_31); load(50, INIT_32); load(51, INIT_33);
    load(52, INIT_34); load(53, INIT_35); load(54, INIT_36); load(55, INIT_37);
    load(56, INIT_38); load(57, INIT_39); load(58, INIT_3A); load(59, INIT_3B);
    load(60, INIT_3C); load(61, INIT_3D); load(62, INIT_3E); load(63, INIT_3F);
    load_parity(0, INITP_00); load_parity(1, INITP_01); load_parity(2, INITP_02); load_parity(3, INITP_03);
    load_parity(4, INITP_04); load_parity(5, INITP_05); load_parity(6, INITP_06); load_parity(7, INITP_07);
  end
endmodule
