// Behaviour of the Lattice iCE40 UltraPlus SB_MAC16 (TN1295) in the subset that bm_sb_mac16 uses: 16x16 product, or two of
// 8x8; input, product and output registers, sums with C and D, no loads or resets. For simulation only; port and
// parameter names are the primitive's own. Another mode stops the simulation.
// verilator lint_off UNUSEDSIGNAL
// verilator lint_off UNUSEDPARAM
module SB_MAC16 #(
    parameter [0:0] NEG_TRIGGER = 0,
    parameter [0:0] A_REG = 0,
    parameter [0:0] B_REG = 0,
    parameter [0:0] C_REG = 0,
    parameter [0:0] D_REG = 0,
    parameter [0:0] TOP_8x8_MULT_REG = 0,
    parameter [0:0] BOT_8x8_MULT_REG = 0,
    parameter [0:0] PIPELINE_16x16_MULT_REG1 = 0,
    parameter [0:0] PIPELINE_16x16_MULT_REG2 = 0,
    parameter [1:0] TOPOUTPUT_SELECT = 0,
    parameter [1:0] TOPADDSUB_LOWERINPUT = 0,
    parameter [0:0] TOPADDSUB_UPPERINPUT = 0,
    parameter [1:0] TOPADDSUB_CARRYSELECT = 0,
    parameter [1:0] BOTOUTPUT_SELECT = 0,
    parameter [1:0] BOTADDSUB_LOWERINPUT = 0,
    parameter [0:0] BOTADDSUB_UPPERINPUT = 0,
    parameter [1:0] BOTADDSUB_CARRYSELECT = 0,
    parameter [0:0] MODE_8x8 = 0,
    parameter [0:0] A_SIGNED = 0,
    parameter [0:0] B_SIGNED = 0
) (
    input logic CLK, CE,
    input logic [15:0] C, A, B, D,
    input logic AHOLD, BHOLD, CHOLD, DHOLD, IRSTTOP, IRSTBOT, ORSTTOP, ORSTBOT, OLOADTOP, OLOADBOT,
    input logic ADDSUBTOP, ADDSUBBOT, OHOLDTOP, OHOLDBOT, CI, ACCUMCI, SIGNEXTIN,
    output logic [31:0] O,
    output logic CO, ACCUMCO, SIGNEXTOUT
);
  localparam bit COMMON = A_REG && B_REG && C_REG == D_REG && !PIPELINE_16x16_MULT_REG1 && TOPOUTPUT_SELECT == 1 &&
      BOTOUTPUT_SELECT == 1 && TOPADDSUB_UPPERINPUT && BOTADDSUB_UPPERINPUT && BOTADDSUB_CARRYSELECT <= 1;
  localparam bit WHOLE = !MODE_8x8 && PIPELINE_16x16_MULT_REG2 && TOPADDSUB_LOWERINPUT == 2 && BOTADDSUB_LOWERINPUT == 2 &&
      TOPADDSUB_CARRYSELECT == 2;
  localparam bit HALVES = MODE_8x8 && TOP_8x8_MULT_REG && BOT_8x8_MULT_REG && TOPADDSUB_LOWERINPUT == 1 && BOTADDSUB_LOWERINPUT == 1 &&
      TOPADDSUB_CARRYSELECT <= 1;
  localparam bit MODELLED = COMMON && (WHOLE || HALVES);
  logic [15:0] a_q, b_q;
  logic [31:0] product_q, sum, addend, addend_q;
  assign addend = C_REG ? addend_q : {C, D};
  generate
    // *ADDSUB_CARRYSELECT: 0 or 1 is the carry itself.
    if (MODE_8x8) begin : g_halves
      assign sum = {product_q[31:16] + addend[31:16] + 16'(TOPADDSUB_CARRYSELECT[0]),
                    product_q[15:0] + addend[15:0] + 16'(BOTADDSUB_CARRYSELECT[0])};
      always_ff @(posedge CLK)
        if (CE)
          product_q <= {{{8{A_SIGNED & a_q[15]}}, a_q[15:8]} * {{8{B_SIGNED & b_q[15]}}, b_q[15:8]},
                        {{8{A_SIGNED & a_q[7]}}, a_q[7:0]} * {{8{B_SIGNED & b_q[7]}}, b_q[7:0]}};
    end else begin : g_whole
      assign sum = product_q + addend + 32'(BOTADDSUB_CARRYSELECT[0]);
      always_ff @(posedge CLK) if (CE) product_q <= {{16{A_SIGNED & a_q[15]}}, a_q} * {{16{B_SIGNED & b_q[15]}}, b_q};
    end
  endgenerate
  always_ff @(posedge CLK) if (CE) begin
    a_q <= A;
    b_q <= B;
    addend_q <= {C, D};
    if (!OHOLDTOP) O[31:16] <= sum[31:16];
    if (!OHOLDBOT) O[15:0] <= sum[15:0];
`ifndef SYNTHESIS
    if (!MODELLED) begin
      $display("SB_MAC16 model: mode outside the modelled subset");
      $stop;
    end
`endif
  end
  assign {CO, ACCUMCO, SIGNEXTOUT} = '0;
endmodule
