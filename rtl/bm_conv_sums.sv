// Sums of bm_conv: multiplies the operands of every step, gathers the sums of each block of STEPS steps per field and merges the blocks
// that overlap. `acc` is final in the cycle `done`, with `emits` of the block's last step.
// fire: the step in this cycle counts, with its flags first, last, row_first and emits; its operands and `weights` come 4
// cycles later (weights 5 where signed activations are packed by adders). ACCUM 0: every step's fields are read and added up (bm_mac_array; FOFF in the engine's order, START holds the biases).
// ACCUM 1: sums stay in the multipliers until the block ends; ACCUM 2: fields overlap and are read in every step (bm_conv_packed; FOFF
// ascending).
// PG > 1: so many arrays with the same weights multiply NP pixels each, side by side; what overlaps between them is added here, and the
// block has XFIELDS fields, the order of bm_conv with NP * PG pixels (START and acc).
// Cost: that of the parts; PG > 1 and CONV: an adder per overlap of neighbours' fields.
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
    parameter int PG = 1,
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
    parameter int XFIELDS = NFIELDS,
    parameter [32*XFIELDS-1:0] START = 0,
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
    input  logic [KPF*NP*PG*SIMD*ABITS-1:0] operands,
    output logic done,
    output logic emits_done,
    output logic [COLUMNS*XFIELDS*SUM_BITS-1:0] acc
);
  localparam int ROW = NP * SIMD * ABITS;
  localparam int GROUP_FIELDS = COLUMNS * NFIELDS * SUM_BITS;
  logic [PG*GROUP_FIELDS-1:0] group_fields;
  logic [PG-1:0] steps;
  logic [PG*4-1:0] flags;
  generate
    for (genvar g = 0; g < PG; g = g + 1) begin : g_pixels
      logic [KPF*ROW-1:0] own;
      logic [GROUP_FIELDS-1:0] fields;
      logic step, step_first, step_last, step_row_first, step_emits;
      for (genvar r = 0; r < KPF; r = r + 1) begin : g_row
        assign own[r*ROW+:ROW] = operands[(r*PG+g)*ROW+:ROW];
      end
      assign group_fields[g*GROUP_FIELDS+:GROUP_FIELDS] = fields;
      assign steps[g] = step;
      assign flags[4*g+:4] = {step_first, step_last, step_row_first, step_emits};
      if (ACCUM == 0) begin : g_read
        bm_mac_array #(
            .PRIM(PRIM), .FABRIC(FABRIC), .SIMD(SIMD), .KPF(KPF), .COLS(COLS), .DW(DW), .NP(NP), .NW(NW), .CHAIN(CHAIN), .ABITS(ABITS),
            .ASIGNED(ASIGNED), .WBITS(WBITS), .WIDE_W(WIDE_W), .NFIELDS(NFIELDS), .WOFF(WOFF), .AOFF(AOFF), .FOFF(FOFF),
            .FWID(FWID), .BIAS(BIAS), .SUM_BITS(SUM_BITS), .COLUMNS(COLUMNS)
        ) u_array (.clk, .word(weights), .operands(own), .fields);
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
            .clk, .rst, .word(weights), .valid(fire_4), .first(first_4), .last(last_4), .flags({row_first_4, emits_4}), .operands(own),
            .done(step), .flags_done({step_row_first, step_emits}), .fields
        );
        assign {step_first, step_last} = '1;
      end
    end
  endgenerate

  // Neighbours' fields that meet: field f of group g is field g * NP + f of the block (CONV), or weight f / NP, pixel g * NP + f mod NP.
  localparam int MEET = (NFIELDS + NP - 1) / NP < PG ? (NFIELDS + NP - 1) / NP : PG;
  localparam int JOIN = CONV != 0 && PG > 1 ? $clog2(MEET) : 0;
  logic [COLUMNS*XFIELDS*SUM_BITS-1:0] fields;
  logic step, step_first, step_last, step_row_first, step_emits;
  generate
    for (genvar c = 0; c < COLUMNS; c = c + 1) begin : g_column
      for (genvar x = 0; x < XFIELDS; x = x + 1) begin : g_field
        localparam int AT = (c * XFIELDS + x) * SUM_BITS;
        if (PG == 1) begin : g_same
          assign fields[AT+:SUM_BITS] = group_fields[AT+:SUM_BITS];
        end else if (CONV == 0) begin : g_apart
          localparam int GROUP = x % (NP * PG) / NP;
          localparam int FIELD = x / (NP * PG) * NP + x % NP;
          assign fields[AT+:SUM_BITS] = group_fields[GROUP*GROUP_FIELDS+(c*NFIELDS+FIELD)*SUM_BITS+:SUM_BITS];
        end else begin : g_meet
          // Groups FIRST to LAST have the field.
          localparam int FIRST = x < NFIELDS ? 0 : (x - NFIELDS) / NP + 1;
          localparam int LAST = x / NP < PG ? x / NP : PG - 1;
          localparam int COUNT = LAST - FIRST + 1;
          logic [COUNT*SUM_BITS-1:0] values;
          logic [SUM_BITS-1:0] sum;
          for (genvar g = FIRST; g <= LAST; g = g + 1) begin : g_value
            assign values[(g-FIRST)*SUM_BITS+:SUM_BITS] = group_fields[g*GROUP_FIELDS+(c*NFIELDS+x-g*NP)*SUM_BITS+:SUM_BITS];
          end
          bm_mac_sum #(.COUNT(COUNT), .IN(SUM_BITS), .OUT(SUM_BITS)) u_sum (.clk, .values, .sum);
          bm_conv_delay #(.WIDTH(SUM_BITS), .STAGES(JOIN - $clog2(COUNT))) u_level (
              .clk, .rst(1'b0), .d(sum), .q(fields[AT+:SUM_BITS]));
        end
      end
    end
  endgenerate
  bm_conv_delay #(.WIDTH(1), .STAGES(JOIN), .RESET(1)) u_step (.clk, .rst, .d(steps[0]), .q(step));
  bm_conv_delay #(.WIDTH(4), .STAGES(JOIN)) u_flags (
      .clk, .rst(1'b0), .d(flags[3:0]), .q({step_first, step_last, step_row_first, step_emits}));
  wire unused_groups = &{1'b0, steps, flags};

  // row_first of a block stands for all its steps.
  bm_conv_accumulate #(
      .COLUMNS(COLUMNS), .NFIELDS(XFIELDS), .BITS(SUM_BITS), .TAIL(TAIL), .GROUPS(GROUPS),
      .STEPS(ACCUM != 0 ? 1 : STEPS), .TAIL_BLOCK(TAIL_BLOCK), .START(START)
  ) u_merge (.clk, .rst, .step, .first(step_first), .last(step_last), .row_first(step_row_first), .fields, .done, .acc);
  bm_conv_delay #(.WIDTH(1), .STAGES(SUM_BITS > 24 ? 2 : 1), .RESET(1)) u_emits (.clk, .rst, .d(step && step_emits), .q(emits_done));
endmodule
