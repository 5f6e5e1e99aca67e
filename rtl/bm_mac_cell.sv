// One DSP of the array: p = BIAS (first of a chain) or pcin plus packed weights times packed activations,
// four cycles after w and a. PRIM picks the file of rtl/dsp: 0 inferred, 1 DSP48E2, 2 DSP48E1,
// 3 MULT18X18D, 4 SB_MAC16, 5 LUTs (one weight).
// Cost: that of the file it picks.
module bm_mac_cell #(
    parameter int PRIM = 0,
    parameter int NW = 1,
    parameter int WBITS = 4,
    parameter [16*NW-1:0] WOFF = 0,
    parameter int WPORT = 27,
    parameter int APORT = 18,
    parameter int FIRST = 1,
    parameter [63:0] BIAS = 0
) (
    input  logic clk,
    input  logic [NW*WBITS-1:0] w,
    input  logic [APORT-1:0] a,
    input  logic [47:0] pcin,
    output logic [47:0] pcout,
    output logic [47:0] p
);
  generate
    case (PRIM)
      0: begin : g_inferred
        bm_dsp_inferred #(.NW(NW), .WBITS(WBITS), .WOFF(WOFF), .WPORT(WPORT), .APORT(APORT), .FIRST(FIRST), .BIAS(BIAS))
            u_cell (.clk, .w, .a, .pcin, .pcout, .p);
      end
      1: begin : g_dsp48e2
        bm_dsp_dsp48e2 #(.NW(NW), .WBITS(WBITS), .WOFF(WOFF), .WPORT(WPORT), .APORT(APORT), .FIRST(FIRST), .BIAS(BIAS))
            u_cell (.clk, .w, .a, .pcin, .pcout, .p);
      end
      2: begin : g_dsp48e1
        bm_dsp_dsp48e1 #(.NW(NW), .WBITS(WBITS), .WOFF(WOFF), .WPORT(WPORT), .APORT(APORT), .FIRST(FIRST), .BIAS(BIAS))
            u_cell (.clk, .w, .a, .pcin, .pcout, .p);
      end
      3: begin : g_mult18x18d
        bm_dsp_mult18x18d #(.NW(NW), .WBITS(WBITS), .WOFF(WOFF), .WPORT(WPORT), .APORT(APORT), .FIRST(FIRST), .BIAS(BIAS))
            u_cell (.clk, .w, .a, .pcin, .pcout, .p);
      end
      5: begin : g_fabric
        bm_dsp_fabric #(.NW(NW), .WBITS(WBITS), .WOFF(WOFF), .APORT(APORT), .FIRST(FIRST), .BIAS(BIAS))
            u_cell (.clk, .w, .a, .pcin, .pcout, .p);
      end
      default: begin : g_sb_mac16
        bm_dsp_sb_mac16 #(.NW(NW), .WBITS(WBITS), .WOFF(WOFF), .WPORT(WPORT), .APORT(APORT), .FIRST(FIRST), .BIAS(BIAS))
            u_cell (.clk, .w, .a, .pcin, .pcout, .p);
      end
    endcase
  endgenerate
endmodule
