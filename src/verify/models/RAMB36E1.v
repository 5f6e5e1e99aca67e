// Behaviour of the Xilinx RAMB36E1 (UG473) in the subset that Yosys maps memories to; see ramb_body.vh.
// For netlist simulation only: ports and parameters are the primitive's own, cascades are left out.
// verilator lint_off UNUSEDSIGNAL
// verilator lint_off UNUSEDPARAM
module RAMB36E1 #(
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
    parameter [255:0] INIT_40 = 256'h0, parameter [255:0] INIT_41 = 256'h0,
    parameter [255:0] INIT_42 = 256'h0, parameter [255:0] INIT_43 = 256'h0,
    parameter [255:0] INIT_44 = 256'h0, parameter [255:0] INIT_45 = 256'h0,
    parameter [255:0] INIT_46 = 256'h0, parameter [255:0] INIT_47 = 256'h0,
    parameter [255:0] INIT_48 = 256'h0, parameter [255:0] INIT_49 = 256'h0,
    parameter [255:0] INIT_4A = 256'h0, parameter [255:0] INIT_4B = 256'h0,
    parameter [255:0] INIT_4C = 256'h0, parameter [255:0] INIT_4D = 256'h0,
    parameter [255:0] INIT_4E = 256'h0, parameter [255:0] INIT_4F = 256'h0,
    parameter [255:0] INIT_50 = 256'h0, parameter [255:0] INIT_51 = 256'h0,
    parameter [255:0] INIT_52 = 256'h0, parameter [255:0] INIT_53 = 256'h0,
    parameter [255:0] INIT_54 = 256'h0, parameter [255:0] INIT_55 = 256'h0,
    parameter [255:0] INIT_56 = 256'h0, parameter [255:0] INIT_57 = 256'h0,
    parameter [255:0] INIT_58 = 256'h0, parameter [255:0] INIT_59 = 256'h0,
    parameter [255:0] INIT_5A = 256'h0, parameter [255:0] INIT_5B = 256'h0,
    parameter [255:0] INIT_5C = 256'h0, parameter [255:0] INIT_5D = 256'h0,
    parameter [255:0] INIT_5E = 256'h0, parameter [255:0] INIT_5F = 256'h0,
    parameter [255:0] INIT_60 = 256'h0, parameter [255:0] INIT_61 = 256'h0,
    parameter [255:0] INIT_62 = 256'h0, parameter [255:0] INIT_63 = 256'h0,
    parameter [255:0] INIT_64 = 256'h0, parameter [255:0] INIT_65 = 256'h0,
    parameter [255:0] INIT_66 = 256'h0, parameter [255:0] INIT_67 = 256'h0,
    parameter [255:0] INIT_68 = 256'h0, parameter [255:0] INIT_69 = 256'h0,
    parameter [255:0] INIT_6A = 256'h0, parameter [255:0] INIT_6B = 256'h0,
    parameter [255:0] INIT_6C = 256'h0, parameter [255:0] INIT_6D = 256'h0,
    parameter [255:0] INIT_6E = 256'h0, parameter [255:0] INIT_6F = 256'h0,
    parameter [255:0] INIT_70 = 256'h0, parameter [255:0] INIT_71 = 256'h0,
    parameter [255:0] INIT_72 = 256'h0, parameter [255:0] INIT_73 = 256'h0,
    parameter [255:0] INIT_74 = 256'h0, parameter [255:0] INIT_75 = 256'h0,
    parameter [255:0] INIT_76 = 256'h0, parameter [255:0] INIT_77 = 256'h0,
    parameter [255:0] INIT_78 = 256'h0, parameter [255:0] INIT_79 = 256'h0,
    parameter [255:0] INIT_7A = 256'h0, parameter [255:0] INIT_7B = 256'h0,
    parameter [255:0] INIT_7C = 256'h0, parameter [255:0] INIT_7D = 256'h0,
    parameter [255:0] INIT_7E = 256'h0, parameter [255:0] INIT_7F = 256'h0,
    parameter [255:0] INITP_00 = 256'h0, parameter [255:0] INITP_01 = 256'h0,
    parameter [255:0] INITP_02 = 256'h0, parameter [255:0] INITP_03 = 256'h0,
    parameter [255:0] INITP_04 = 256'h0, parameter [255:0] INITP_05 = 256'h0,
    parameter [255:0] INITP_06 = 256'h0, parameter [255:0] INITP_07 = 256'h0,
    parameter [255:0] INITP_08 = 256'h0, parameter [255:0] INITP_09 = 256'h0,
    parameter [255:0] INITP_0A = 256'h0, parameter [255:0] INITP_0B = 256'h0,
    parameter [255:0] INITP_0C = 256'h0, parameter [255:0] INITP_0D = 256'h0,
    parameter [255:0] INITP_0E = 256'h0, parameter [255:0] INITP_0F = 256'h0,
    parameter integer DOA_REG = 0, parameter integer DOB_REG = 0,
    parameter integer READ_WIDTH_A = 0, parameter integer READ_WIDTH_B = 0,
    parameter integer WRITE_WIDTH_A = 0, parameter integer WRITE_WIDTH_B = 0,
    parameter [35:0] INIT_A = 0, parameter [35:0] INIT_B = 0,
    parameter [35:0] SRVAL_A = 0, parameter [35:0] SRVAL_B = 0,
    parameter RAM_EXTENSION_A = "NONE", parameter RAM_EXTENSION_B = "NONE",
    parameter RAM_MODE = "TDP", parameter WRITE_MODE_A = "NO_CHANGE", parameter WRITE_MODE_B = "NO_CHANGE"
) (
    input CLKARDCLK, CLKBWRCLK, ENARDEN, ENBWREN, REGCEAREGCE, REGCEB,
    input RSTRAMARSTRAM, RSTRAMB, RSTREGARSTREG, RSTREGB, INJECTDBITERR, INJECTSBITERR, CASCADEINA, CASCADEINB,
    input [15:0] ADDRARDADDR, ADDRBWRADDR,
    input [31:0] DIADI, DIBDI,
    input [3:0] DIPADIP, DIPBDIP,
    input [3:0] WEA, input [7:0] WEBWE,
    output [31:0] DOADO, DOBDO,
    output [3:0] DOPADOP, DOPBDOP
);
  localparam integer ADDR = 15, DATA = 32, PARITY = 4;
  wire [ADDR-1:0] address_a = ADDRARDADDR[ADDR-1:0], address_b = ADDRBWRADDR[ADDR-1:0];
  wire [DATA-1:0] data_a = DIADI, data_b = DIBDI;
  wire [PARITY-1:0] parity_a = DIPADIP, parity_b = DIPBDIP;
  assign {DOBDO, DOADO} = out_data;
  assign {DOPBDOP, DOPADOP} = out_parity;
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
    load(64, INIT_40); load(65, INIT_41); load(66, INIT_42); load(67, INIT_43);
    load(68, INIT_44); load(69, INIT_45); load(70, INIT_46); load(71, INIT_47);
    load(72, INIT_48); load(73, INIT_49); load(74, INIT_4A); load(75, INIT_4B);
    load(76, INIT_4C); load(77, INIT_4D); load(78, INIT_4E); load(79, INIT_4F);
    load(80, INIT_50); load(81, INIT_51); load(82, INIT_52); load(83, INIT_53);
    load(84, INIT_54); load(85, INIT_55); load(86, INIT_56); load(87, INIT_57);
    load(88, INIT_58); load(89, INIT_59); load(90, INIT_5A); load(91, INIT_5B);
    load(92, INIT_5C); load(93, INIT_5D); load(94, INIT_5E); load(95, INIT_5F);
    load(96, INIT_60); load(97, INIT_61); load(98, INIT_62); load(99, INIT_63);
    load(100, INIT_64); load(101, INIT_65); load(102, INIT_66); load(103, INIT_67);
    load(104, INIT_68); load(105, INIT_69); load(106, INIT_6A); load(107, INIT_6B);
    load(108, INIT_6C); load(109, INIT_6D); load(110, INIT_6E); load(111, INIT_6F);
    load(112, INIT_70); load(113, INIT_71); load(114, INIT_72); load(115, INIT_73);
    load(116, INIT_74); load(117, INIT_75); load(118, INIT_76); load(119, INIT_77);
    load(120, INIT_78); load(121, INIT_79); load(122, INIT_7A); load(123, INIT_7B);
    load(124, INIT_7C); load(125, INIT_7D); load(126, INIT_7E); load(127, INIT_7F);
    load_parity(0, INITP_00); load_parity(1, INITP_01); load_parity(2, INITP_02); load_parity(3, INITP_03);
    load_parity(4, INITP_04); load_parity(5, INITP_05); load_parity(6, INITP_06); load_parity(7, INITP_07);
    load_parity(8, INITP_08); load_parity(9, INITP_09); load_parity(10, INITP_0A); load_parity(11, INITP_0B);
    load_parity(12, INITP_0C); load_parity(13, INITP_0D); load_parity(14, INITP_0E); load_parity(15, INITP_0F);
  end
endmodule
