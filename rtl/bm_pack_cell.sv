// One accumulating multiplier of a packed array: PRIM picks the file of rtl/dsp: 0 inferred, 1 DSP48E2, 2 DSP48E1,
// 3 MULT18X18D, 4 SB_MAC16. 0 and 1 have the contract of bm_acc_dsp48e2, the others that of bm_acc_dsp48e1.
// Cost: that of the file it picks.
module bm_pack_cell #(
    parameter int PRIM = 1,
    parameter int NW = 1,
    parameter int WBITS = 4,
    parameter int WSIGNED = 1,
    parameter [16*NW-1:0] WOFF = 0,
    parameter int WPORT = 27,
    parameter int APORT = 18,
    parameter int BIASED = 1,
    parameter int ACCUM = 1,
    parameter [47:0] BIAS = 0
) (
    input  logic clk,
    input  logic ce,
    input  logic first_n,
    input  logic [NW*WBITS-1:0] w,
    input  logic [APORT-1:0] a,
    input  logic [47:0] pcin,
    output logic [47:0] pcout,
    output logic [47:0] p
);
  generate
    case (PRIM)
      0: begin : g_inferred
        bm_acc_inferred #(
            .NW(NW), .WBITS(WBITS), .WSIGNED(WSIGNED), .WOFF(WOFF), .WPORT(WPORT), .APORT(APORT),
            .BIASED(BIASED), .ACCUM(ACCUM), .BIAS(BIAS)
        ) u_cell (.clk, .ce, .first_n, .w, .a, .pcin, .pcout, .p);
      end
      1: begin : g_dsp48e2
        bm_acc_dsp48e2 #(
            .NW(NW), .WBITS(WBITS), .WSIGNED(WSIGNED), .WOFF(WOFF), .WPORT(WPORT), .APORT(APORT),
            .BIASED(BIASED), .ACCUM(ACCUM), .BIAS(BIAS)
        ) u_cell (.clk, .ce, .first_n, .w, .a, .pcin, .pcout, .p);
      end
      2: begin : g_dsp48e1
        bm_acc_dsp48e1 #(
            .NW(NW), .WBITS(WBITS), .WSIGNED(WSIGNED), .WOFF(WOFF), .WPORT(WPORT), .APORT(APORT),
            .BIASED(BIASED), .ACCUM(ACCUM), .BIAS(BIAS)
        ) u_cell (.clk, .ce, .first_n, .w, .a, .pcin, .pcout, .p);
      end
      3: begin : g_mult18x18d
        bm_acc_mult18x18d #(
            .NW(NW), .WBITS(WBITS), .WSIGNED(WSIGNED), .WOFF(WOFF), .WPORT(WPORT), .APORT(APORT),
            .BIASED(BIASED), .ACCUM(ACCUM), .BIAS(BIAS)
        ) u_cell (.clk, .ce, .first_n, .w, .a, .pcin, .pcout, .p);
      end
      default: begin : g_sb_mac16
        bm_acc_sb_mac16 #(
            .NW(NW), .WBITS(WBITS), .WSIGNED(WSIGNED), .WOFF(WOFF), .WPORT(WPORT), .APORT(APORT),
            .BIASED(BIASED), .ACCUM(ACCUM), .BIAS(BIAS)
        ) u_cell (.clk, .ce, .first_n, .w, .a, .pcin, .pcout, .p);
      end
    endcase
  endgenerate
endmodule
