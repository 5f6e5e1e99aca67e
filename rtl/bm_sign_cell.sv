// One multiplying cell of a sign-magnitude array: PRIM picks the file of rtl/dsp: 0 inferred, 1 DSP48E2, 2 DSP48E1, 3 MULT18X18D,
// 4 SB_MAC16. Contract: bm_mul_inferred.
// Cost: that of the file it picks.
module bm_sign_cell #(
    parameter int PRIM = 1,
    parameter int WPORT = PRIM < 2 ? 27 : PRIM == 2 ? 25 : PRIM == 3 ? 18 : 16,
    parameter int APORT = PRIM == 4 ? 16 : 18,
    parameter int SUBTRACT = 1
) (
    input  logic clk,
    input  logic [WPORT-1:0] even,
    input  logic [WPORT-1:0] odd,
    input  logic [APORT-1:0] a,
    input  logic [47:0] c,
    output logic [47:0] p
);
  generate
    case (PRIM)
      0: begin : g_inferred
        bm_mul_inferred #(.WPORT(WPORT), .APORT(APORT), .SUBTRACT(SUBTRACT)) u_cell (.clk, .even, .odd, .a, .c, .p);
      end
      1: begin : g_dsp48e2
        bm_mul_dsp48e2 #(.WPORT(WPORT), .APORT(APORT), .SUBTRACT(SUBTRACT)) u_cell (.clk, .even, .odd, .a, .c, .p);
      end
      2: begin : g_dsp48e1
        bm_mul_dsp48e1 #(.WPORT(WPORT), .APORT(APORT), .SUBTRACT(SUBTRACT)) u_cell (.clk, .even, .odd, .a, .c, .p);
      end
      3: begin : g_mult18x18d
        bm_mul_mult18x18d #(.WPORT(WPORT), .APORT(APORT), .SUBTRACT(SUBTRACT)) u_cell (.clk, .even, .odd, .a, .c, .p);
      end
      default: begin : g_sb_mac16
        bm_mul_sb_mac16 #(.WPORT(WPORT), .APORT(APORT), .SUBTRACT(SUBTRACT)) u_cell (.clk, .even, .odd, .a, .c, .p);
      end
    endcase
  endgenerate
endmodule
