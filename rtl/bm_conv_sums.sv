// Sums of bm_conv: multiplies the operands of every step, gathers the sums of each block of STEPS steps per field and merges the blocks
// that overlap. `acc` is final in the cycle `done`, with `emits` of the block's last step.
// fire: the step in this cycle counts, with its flags first, last, row_first and emits; its operands and `weights` come 4
// cycles later (weights 5 where signed activations are packed by adders). ACCUM 0: every step's fields are read and added up (bm_mac_array; FOFF in the engine's order, START holds the biases).
// ACCUM 1: sums stay in the multipliers until the block ends; ACCUM 2: fields overlap and are read in every step (bm_conv_packed; FOFF
// ascending).
// Cost: that of the parts.
module bm_conv_sums #(
    parameter int PRIM = 0,
    parameter int FABRIC = 0,
    parameter int SIMD = 1,
    parameter int KPF = 1,
    parameter int COLS = 1,
    parameter int COLUMNS = COLS,
    parameter int DW = 0,
    parameter int CONV = 0,
    parameter int NP = 1,
    parameter int NW = 1,
    parameter int CHAIN = 1,
    parameter int ACCUM = 0,
    parameter int SHARE = 1,
    parameter int STEPS = 1,
    parameter int LATENCY = 8,
    parameter int ABITS = 4,
    parameter int ASIGNED = 0,
    parameter int WBITS = 4,
    parameter int WIDE_W = 1,
    parameter int NFIELDS = 1,
    parameter [16*NW-1:0] WOFF = 0,
    parameter [16*NP-1:0] AOFF = 0,
    parameter [16*NFIELDS-1:0] FOFF = 0,
    parameter [16*NFIELDS-1:0] FWID = {NFIELDS{16'd8}},
    parameter [63:0] BIAS = 0,
    parameter int LOW = 0,
    parameter int HIGH = 0,
    parameter [32*NFIELDS-1:0] START = 0,
    parameter int SUM_BITS = 20,
    parameter int TAIL = 0,
    parameter int GROUPS = 1,
    parameter int TAIL_BLOCK = 0
) (
    input  logic clk,
    input  logic rst,
    input  logic fire,
    input  logic first,
    input  logic last,
    input  logic row_first,
    input  logic emits,
    input  logic [SIMD*KPF*COLS*NW*WBITS-1:0] weights,
    input  logic [KPF*NP*SIMD*ABITS-1:0] operands,
    output logic done,
    output logic emits_done,
    output logic [COLUMNS*NFIELDS*SUM_BITS-1:0] acc
);
  logic [COLUMNS*NFIELDS*SUM_BITS-1:0] fields;
  logic step, step_first, step_last, step_row_first, step_emits;
  generate
    if (ACCUM == 0) begin : g_read
      bm_mac_array #(
          .PRIM(PRIM), .FABRIC(FABRIC), .SIMD(SIMD), .KPF(KPF), .COLS(COLS), .DW(DW), .NP(NP), .NW(NW), .CHAIN(CHAIN), .ABITS(ABITS),
          .ASIGNED(ASIGNED), .WBITS(WBITS), .WIDE_W(WIDE_W), .NFIELDS(NFIELDS), .WOFF(WOFF), .AOFF(AOFF), .FOFF(FOFF),
          .FWID(FWID), .BIAS(BIAS), .SUM_BITS(SUM_BITS), .COLUMNS(COLUMNS)
      ) u_array (.clk, .word(weights), .operands, .fields);
      // The step's flags travel beside its operands.
      bm_conv_delay #(.WIDTH(2), .STAGES(LATENCY), .RESET(1)) u_fire (
          .clk, .rst, .d({fire, last && emits}), .q({step, step_emits}));
      bm_conv_delay #(.WIDTH(3), .STAGES(LATENCY)) u_flags (
          .clk, .rst, .d({first, last, row_first}), .q({step_first, step_last, step_row_first}));
    end else begin : g_packed
      logic fire_4, first_4, last_4, row_first_4, emits_4;
      bm_conv_delay #(.WIDTH(1), .STAGES(4), .RESET(1)) u_fire (.clk, .rst, .d(fire), .q(fire_4));
      bm_conv_delay #(.WIDTH(4), .STAGES(4)) u_flags (
          .clk, .rst, .d({first, last, row_first, emits}), .q({first_4, last_4, row_first_4, emits_4}));
      bm_conv_packed #(
          .PRIM(PRIM), .SIMD(SIMD), .KPF(KPF), .COLS(COLS), .NP(NP), .NW(NW), .CONV(CONV), .STAY(ACCUM == 1 ? 1 : 0), .CHAIN(CHAIN), .SHARE(SHARE),
          .STEPS(STEPS), .ABITS(ABITS), .ASIGNED(ASIGNED), .WBITS(WBITS), .WIDE_W(WIDE_W), .NFIELDS(NFIELDS), .WOFF(WOFF), .AOFF(AOFF), .FOFF(FOFF),
          .LOW(LOW), .HIGH(HIGH), .SUM_BITS(SUM_BITS), .FLAGS(2)
      ) u_array (
          .clk, .rst, .word(weights), .valid(fire_4), .first(first_4), .last(last_4), .flags({row_first_4, emits_4}), .operands,
          .done(step), .flags_done({step_row_first, step_emits}), .fields
      );
      assign {step_first, step_last} = '1;
    end
  endgenerate

  // row_first of a block stands for all its steps.
  bm_conv_accumulate #(
      .COLUMNS(COLUMNS), .NFIELDS(NFIELDS), .BITS(SUM_BITS), .TAIL(TAIL), .GROUPS(GROUPS),
      .STEPS(ACCUM != 0 ? 1 : STEPS), .TAIL_BLOCK(TAIL_BLOCK), .START(START)
  ) u_merge (.clk, .rst, .step, .first(step_first), .last(step_last), .row_first(step_row_first), .fields, .done, .acc);
  bm_conv_delay #(.WIDTH(1), .STAGES(SUM_BITS > 24 ? 2 : 1), .RESET(1)) u_emits (.clk, .rst, .d(step && step_emits), .q(emits_done));
endmodule
