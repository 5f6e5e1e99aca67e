// Packed convolution engine: one layer, one step per cycle (docs/hardware.md states the contract, docs/conv_engine.md the
// microarchitecture). Input: SIMD channels a beat; output: CHO exact accumulators a beat.
// EXTERNAL 1: the weights come once for every output row as the stream `w`, one word of the weight memory a beat, and every group of channels
// goes over the whole row before the next one (docs/weight_streaming.md). EXTERNAL 0: constants of WFILE, `w` is not used.
// A beat of the input has INP pixels: a divisor of NP and W, 1 where SIMD is not CIN. ALIGN 1: results leave as whole blocks of NP pixels with
// all channels, CHO any divisor of NP * COUT, pixel 0 lowest; needs PE = COUT, rows of whole blocks, and in family CONV as many output as input columns.
// PG > 1: PG arrays multiply NP pixels each with the same weights: blocks of NP * PG pixels.
// FABRIC 1: the multipliers are LUTs (bm_dsp_fabric), one weight times one pixel each.
// CENTRE 1: unsigned codes are multiplied less 2^(ABITS-1). BIASFILE then holds what the sums lack, 2^(ABITS-1) times the sum of the
// weights; family CONV skips padding columns, so each class of columns of bm_conv_output has its own.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl, LUTRAM counted by the LUTs it occupies): w4a4, 64 to 64 channels, 3x3, W = 20,
// SIMD 8, COLS 2, NP 2, CHAIN 4, CHO 1, 96 MAC a cycle: 16 DSP48E2, 733 LUT (7.6 a MAC), 1457 FF, 13 RAMB18E2;
// longest register-to-register path 3 LUT levels and 5 carry bits.
module bm_conv #(
    parameter int CIN = 1,
    parameter int H = 8,
    parameter int W = 8,
    parameter int COUT = 1,
    parameter int KH = 1,
    parameter int KW = 1,
    parameter int SH = 1,
    parameter int SW = 1,
    parameter int PT = 0,
    parameter int PL = 0,
    parameter int PB = 0,
    parameter int PR = 0,
    parameter int ABITS = 4,
    parameter int ASIGNED = 0,
    parameter int CENTRE = 0,
    parameter int WBITS = 4,
    parameter int PAD_VALUE = 0,
    parameter int CONV = 0,
    parameter int DW = 0,
    parameter int INP = 1,
    parameter int ALIGN = 0,
    parameter int SIMD = 1,
    parameter int KPF = 1,
    parameter int COLS = 1,
    parameter int NWC = 1,
    parameter int NP = 1,
    parameter int PG = 1,
    parameter int CHAIN = 1,
    parameter int ACCUM = 0,
    parameter int SHARE = 1,
    parameter int LOW = 0,
    parameter int HIGH = 0,
    parameter int CHO = 1,
    parameter int NFIELDS = 1,
    parameter [16*(CONV != 0 ? KW : NWC)-1:0] WOFF = 0,
    parameter [16*NP-1:0] AOFF = 0,
    parameter [16*NFIELDS-1:0] FOFF = 0,
    parameter [16*NFIELDS-1:0] FWID = {NFIELDS{16'd8}},
    parameter int WIDE_W = 1,
    parameter [63:0] BIAS = 0,
    parameter [32*NFIELDS-1:0] FIELD_FIX = 0,
    parameter int OUT_BITS = 16,
    parameter int ROWS = 2,
    parameter int LINE_BLOCK = 0,
    parameter int WEIGHT_BLOCK = 0,
    parameter WFILE = "",
    parameter BIASFILE = "",
    parameter int HAS_BIAS = 0,
    parameter int PRIM = 0,
    parameter int FABRIC = 0,
    parameter int EXTERNAL = 0,
    parameter int TURN_BLOCK = 0,
    parameter int WPORT = EXTERNAL != 0 ? SIMD * KPF * COLS * (CONV != 0 ? KW : NWC) * WBITS : 1
) (
    input  logic clk,
    input  logic rst_n,
    input  logic in_valid,
    output logic in_ready,
    input  logic [INP*SIMD*ABITS-1:0] in_data,
    input  logic w_valid,
    output logic w_ready,
    input  logic [WPORT-1:0] w_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [CHO*OUT_BITS-1:0] out_data
);
  // Geometry. Non-zero padding makes the padding columns of family CONV real ones.
  localparam int HO = (H + PT + PB - KH) / SH + 1;
  localparam int WO = (W + PL + PR - KW) / SW + 1;
  localparam bit REAL_PAD = CONV != 0 && PAD_VALUE != 0;
  // Pixels and fields of a block: PG arrays of NP pixels each.
  localparam int NX = NP * PG;
  localparam int XFIELDS = CONV != 0 ? KW + NX - 1 : NWC * NX;
  localparam int COLUMNS = CONV == 0 ? WO : REAL_PAD ? W + PL + PR : W;
  localparam int BLOCKS = (COLUMNS + NX - 1) / NX;
  // Centred codes: padding rows are multiplied, padding columns of family CONV are skipped and stay 0.
  localparam int HALF = CENTRE != 0 ? 1 << (ABITS - 1) : 0;
  localparam int SIGNED = ASIGNED != 0 || CENTRE != 0 ? 1 : 0;
  localparam bit SKIPS = CENTRE != 0 && CONV != 0;
  localparam int ROW_PAD = PAD_VALUE - HALF;
  localparam int COLUMN_PAD = SKIPS ? 0 : ROW_PAD;
  localparam int LEFT = SKIPS ? PL : 0;
  localparam int RIGHT = SKIPS ? PR : 0;
  localparam int X_SHIFT = CONV == 0 || REAL_PAD ? PL : 0;
  localparam int PIXELS_STEP = CONV != 0 || NX > 1 ? NX : SW;

  // Loops.
  localparam int NW = CONV != 0 ? KW : NWC;
  localparam int PE = DW != 0 ? SIMD : COLS * (CONV != 0 ? 1 : NWC);
  localparam int OUT_COLUMNS = DW != 0 ? SIMD : COLS;
  localparam int GROUPS = COUT / PE;
  // Weights from outside: a pass over the row for each group, as if there were one.
  localparam int PASSES = EXTERNAL != 0 ? GROUPS : 1;
  localparam int INNER = GROUPS / PASSES;
  localparam int CGROUPS = CIN / SIMD;
  localparam int CG_STEPS = DW != 0 ? 1 : CGROUPS;
  localparam int TAPS = CONV != 0 ? 1 : KW;
  localparam int STEPS = KH / KPF * TAPS * CG_STEPS;
  localparam int CHAINS = (DW != 0 ? KPF : SIMD * KPF) / CHAIN;

  // Emission: the first DROP sums of a row fall away, the last block sends up to KW - 1 sums more.
  localparam int DROP = CONV == 0 ? 0 : REAL_PAD ? KW - 1 : KW - 1 - PL;
  localparam int LAST_SUMS = (CONV == 0 ? WO : DROP + WO) - (BLOCKS - 1) * NX;
  localparam int EMPTY = DROP / NX < BLOCKS - 1 ? DROP / NX : BLOCKS - 1;
  localparam int PIXELS = LAST_SUMS > NX || BLOCKS == 1 ? LAST_SUMS : NX;
  localparam int GATHER = ALIGN == 0 && CHO > PE ? CHO / PE : 1;
  localparam int WORD_GROUPS = GROUPS / GATHER;

  // Memories and pipeline.
  localparam int SLOTS = (ROWS + KPF - 1) / KPF * KPF;
  localparam int BANK_SLOTS = SLOTS / KPF;
  localparam int DEPTH = BANK_SLOTS * ((W + NX - 1) / NX) * CGROUPS;
  localparam int ADDRW = DEPTH > 1 ? $clog2(DEPTH) : 1;
  localparam int WWORDS = INNER * STEPS;
  localparam int WORD = SIMD * KPF * COLS * NW * WBITS;
  localparam int WADDRW = WWORDS > 1 ? $clog2(WWORDS) : 1;
  // ACCUM: at most; the array itself tells when a block's sums are complete.
  localparam int MAC_LATENCY = (ACCUM != 0 ? (ACCUM == 1 ? STEPS : 2 + $clog2(CHAINS)) + CHAIN + 6 : 4 + CHAIN - 1 + $clog2(CHAINS)) + (SIGNED != 0 && NP > 1 ? 1 : 0);
  localparam int LATENCY = 4 + MAC_LATENCY;
  // Levels of the sums where arrays meet: at most so many in a field.
  localparam int MEET = (NFIELDS + NP - 1) / NP < PG ? (NFIELDS + NP - 1) / NP : PG;
  localparam int JOIN = CONV != 0 && PG > 1 ? $clog2(MEET) : 0;
  localparam int WIDE = OUT_BITS > 24 ? 1 : 0;
  localparam int FLIGHT = PASSES > 1 ? 8 : (LATENCY + JOIN + WIDE + 10 + 2 * ALIGN) / (STEPS * GATHER) + 5;
  localparam int MORE = PIXELS > NX ? PIXELS - NX : 0;
  localparam int HELD = WORD_GROUPS > 1 && PIXELS > 1 ? 2 * WORD_GROUPS - 2 * WORD_GROUPS / NX + (MORE * WORD_GROUPS + NX - 1) / NX : 0;
  localparam int NEEDED = HELD < WORD_GROUPS ? WORD_GROUPS + FLIGHT : HELD + FLIGHT;
  localparam int WORDS = NEEDED <= 16 ? 16 : 2 ** $clog2(NEEDED);
  localparam int SMALL_BLOCK = PRIM == 4 ? 2 : 0;

  localparam int SLOTW = BANK_SLOTS > 1 ? $clog2(BANK_SLOTS) : 1;
  localparam int BANKW = KPF > 1 ? $clog2(KPF) : 1;
  localparam int XW = $clog2(W + PL + PR + KW + 2 * NX + SW);
  localparam int YW = $clog2(H + PT + PB + 2 * KH + SH);
  localparam int INW = $clog2(2 + PT + PB);
  localparam int LAST_TOP = (HO - 1) * SH > PT ? (HO - 1) * SH - PT : 0;
  localparam int MOST_FREE = H - LAST_TOP > SH ? H - LAST_TOP : SH;
  localparam int FREEW = $clog2(MOST_FREE + 1);

  // Fields in the engine's order: CONV as given, OUTER weight i times pixel j at i * NP + j, found by its offset.
  function automatic [32*NFIELDS-1:0] ordered(input [32*NFIELDS-1:0] values);
    ordered = values;
    for (int f = 0; f < NFIELDS; f = f + 1)
      for (int g = 0; g < NFIELDS; g = g + 1)
        if (CONV == 0 && FOFF[16*g+:16] == WOFF[16*(f/NP%NW)+:16] + AOFF[16*(f%NP)+:16])
          ordered[32*f+:32] = values[32*g+:32];
  endfunction
  function automatic [32*NFIELDS-1:0] widened(input [16*NFIELDS-1:0] values);
    for (int f = 0; f < NFIELDS; f = f + 1) widened[32*f+:32] = {16'b0, values[16*f+:16]};
  endfunction
  function automatic [16*NFIELDS-1:0] narrowed(input [32*NFIELDS-1:0] values);
    for (int f = 0; f < NFIELDS; f = f + 1) narrowed[16*f+:16] = values[32*f+:16];
  endfunction
  localparam [32*NFIELDS-1:0] ARRAY_FIXES = ACCUM != 0 ? '0 : ordered(FIELD_FIX);
  // Of the block's fields, over the arrays that have them.
  function automatic [32*XFIELDS-1:0] joined(input [32*NFIELDS-1:0] values);
    joined = '0;
    for (int g = 0; g < PG; g = g + 1)
      for (int f = 0; f < NFIELDS; f = f + 1)
        if (CONV != 0) joined[32*(g*NP+f)+:32] = joined[32*(g*NP+f)+:32] + values[32*f+:32];
        else joined[32*(f/NP*NX+g*NP+f%NP)+:32] = values[32*f+:32];
  endfunction
  localparam [32*XFIELDS-1:0] FIXES = joined(ARRAY_FIXES);
  localparam [32*NFIELDS-1:0] OFFSETS = widened(FOFF);
  localparam [32*NFIELDS-1:0] WIDTHS = widened(FWID);
  localparam [32*NFIELDS-1:0] OFFSETS_ORDERED = ordered(OFFSETS);
  localparam [32*NFIELDS-1:0] WIDTHS_ORDERED = ordered(WIDTHS);

  // What an output still carries, over the fields that meet in it: every chain read of every step, and one for each sum
  // that bm_conv_merge takes (every step, or with ACCUM once a block).
  function automatic [32*XFIELDS-1:0] carried(input integer sign, input integer from);
    integer sum;
    carried = '0;
    for (int f = 0; f < XFIELDS; f = f + 1) begin
      sum = 0;
      for (int g = f + from; g < XFIELDS; g = g + (CONV != 0 ? NX : XFIELDS))
        sum = sum + CHAINS * 32'(FIXES[32*g+:32]) + 1;
      carried[32*f+:32] = 32'(sign * (ACCUM != 0 ? 1 : STEPS) * sum);
    end
  endfunction
  localparam [32*XFIELDS-1:0] OUT_FIX = carried(-1, 0);
  localparam [32*XFIELDS-1:0] HEAD = CONV != 0 ? carried(1, NX) : OUT_FIX;

  generate
    if (COUT % PE != 0 || CIN % SIMD != 0 || KH % KPF != 0) begin : g_bad_fold
      bm_conv_needs_pe_simd_kpf_that_divide_cout_cin_kh u_error ();
    end
    if ((DW != 0 ? KPF : SIMD * KPF) % CHAIN != 0) begin : g_bad_chain
      bm_conv_needs_chain_that_divides_the_lanes u_error ();
    end
    if (INP != 1 && (SIMD != CIN || NX % INP != 0 || W % INP != 0)) begin : g_bad_inp
      bm_conv_several_pixels_a_beat_need_simd_equal_cin_and_a_divisor_of_np_and_w u_error ();
    end
    if (ALIGN != 0 && (PE != COUT || PASSES > 1 || WO % NX != 0 || DROP >= NX || REAL_PAD || (CONV != 0 && WO != W) || NX * PE % CHO != 0)) begin : g_bad_align
      bm_conv_align_needs_pe_equal_cout_rows_of_whole_blocks_and_cho_that_divides_a_block u_error ();
    end
    if (ALIGN != 0 && SKIPS && (PL > NX || PR > NX || BLOCKS <= (PL > 0 ? 1 : 0) + (PR > 0 ? 1 : 0))) begin : g_bad_align_centre
      bm_conv_align_with_centre_needs_blocks_between_those_at_the_ends_of_a_row u_error ();
    end
    if (ALIGN != 0 ? 1'b0 : CHO > PE ? (CHO % PE != 0 || COUT % CHO != 0) : PE % CHO != 0) begin : g_bad_cho
      bm_conv_needs_cho_that_divides_pe_or_a_multiple_that_divides_cout u_error ();
    end
    if (CONV != 0 && (SW != 1 || NFIELDS != KW + NP - 1 || NWC != 1 || PL >= KW || PR >= KW)) begin : g_bad_conv
      bm_conv_family_conv_needs_sw_1_nwc_1_kw_plus_np_minus_1_fields_and_padding_below_kw u_error ();
    end
    if (CONV == 0 && (NFIELDS != NWC * NP || (NX > 1 && (KW != 1 || SW != 1)))) begin : g_bad_outer
      bm_conv_family_outer_needs_nwc_times_np_fields_and_kw_1_sw_1_for_several_pixels u_error ();
    end
    if (ACCUM != 0 && DW != 0) begin : g_bad_accum
      bm_conv_fields_overlap_in_dense_layers_only u_error ();
    end
    if ((SKIPS && (PAD_VALUE != 0 || WO <= PL + PR)) || (CENTRE != 0 && (ASIGNED != 0 || HAS_BIAS == 0))) begin : g_bad_centre
      bm_conv_centre_needs_unsigned_codes_a_bias_and_in_family_conv_padding_of_0_and_more_columns u_error ();
    end
    if (FABRIC != 0 && (ACCUM != 0 || NP != 1 || NW != 1)) begin : g_bad_fabric
      bm_conv_fabric_multiplies_one_weight_and_one_pixel_and_reads_every_step u_error ();
    end
    if (EXTERNAL != 0 && (DW != 0 || GROUPS == 1)) begin : g_bad_external
      bm_conv_external_weights_need_a_dense_layer_of_several_groups u_error ();
    end
    if (DW != 0 && (COLS != 1 || NWC != 1 || COUT != CIN)) begin : g_bad_depthwise
      bm_conv_depthwise_needs_cols_1_nwc_1_and_cout_equal_cin u_error ();
    end
    if (PT >= KH || PB >= KH || ROWS < (KH < H ? KH : H)) begin : g_bad_rows
      bm_conv_needs_padding_below_kh_and_at_least_kh_rows u_error ();
    end
  endgenerate

  logic rst, fire, first, last, pass_last, row_first, emits, word_free, credit, ready;
  assign rst = !rst_n;
  logic [INW-1:0] rows_in;
  logic [FREEW-1:0] rows_free;
  logic [SLOTW-1:0] slot;
  logic [BANKW-1:0] bank;
  logic [ADDRW-1:0] pos;
  logic [XW-1:0] x;
  logic [YW-1:0] y;
  logic [WADDRW-1:0] waddr;
  bm_conv_issue #(
      .H(H), .PT(PT), .PB(PB), .KH(KH), .SH(SH), .HO(HO), .BLOCKS(BLOCKS), .GROUPS(INNER), .PASSES(PASSES), .KPF(KPF), .TAPS(TAPS),
      .CGROUPS(CG_STEPS), .DW(DW), .PIXELS_STEP(PIXELS_STEP), .POS_STEP(PIXELS_STEP / NX * CGROUPS),
      .X_FIRST(-X_SHIFT), .POS_FIRST(NX > 1 || CONV != 0 ? 0 : -X_SHIFT * CGROUPS), .POS_TAP(DW != 0 ? CGROUPS : 1),
      .EMPTY_BLOCKS(EMPTY), .GATHER(GATHER), .WORDS(WORDS), .SLOTS(SLOTS), .POSW(ADDRW), .XW(XW), .YW(YW),
      .SLOTW(SLOTW), .BANKW(BANKW), .WADDRW(WADDRW), .INW(INW), .FREEW(FREEW)
  ) u_issue (.clk, .rst, .rows_in, .word_free(credit), .ready, .rows_free, .fire, .first, .last, .pass_last, .row_first, .emits, .slot, .bank, .pos,
      .x, .y, .waddr);

  logic [INP*SIMD*ABITS-1:0] centred;
  assign centred = in_data ^ {INP * SIMD{ABITS'(HALF)}};
  logic [KPF*NX*SIMD*ABITS-1:0] operands;
  bm_line_buffer #(
      .SIMD(SIMD), .INP(INP), .ABITS(ABITS), .H(H), .W(W), .PT(PT), .PB(PB), .CGROUPS(CGROUPS), .NP(NX), .KPF(KPF),
      .SLOTS(SLOTS), .X_SHIFT(NX > 1 || CONV != 0 ? X_SHIFT : 0), .PAD_VALUE(COLUMN_PAD), .PAD_ROWS(ROW_PAD), .BLOCK(LINE_BLOCK),
      .ADDRW(ADDRW), .XW(XW), .YW(YW), .SLOTW(SLOTW), .BANKW(BANKW), .INW(INW), .FREEW(FREEW)
  ) u_lines (.clk, .rst, .in_valid, .in_ready, .in_data(centred), .rows_free, .rows_in, .slot, .bank, .pos, .x, .y, .operands);

  logic [WORD-1:0] weights;
  bm_conv_weights #(
      .WIDTH(WORD), .DEPTH(WWORDS), .WADDRW(WADDRW), .PACK_STAGE(SIGNED != 0 && NP > 1 ? 1 : 0), .EXTERNAL(EXTERNAL),
      .BLOCK(WEIGHT_BLOCK), .FILE(WFILE)
  ) u_weights (.clk, .rst, .waddr, .release_tile(pass_last), .ready, .w_valid, .w_ready, .w_data, .word(weights));

  logic [OUT_COLUMNS*XFIELDS*OUT_BITS-1:0] acc;
  logic done, emits_done;
  bm_conv_sums #(
      .PRIM(PRIM), .FABRIC(FABRIC), .SIMD(SIMD), .KPF(KPF), .COLS(COLS), .COLUMNS(OUT_COLUMNS), .DW(DW), .CONV(CONV), .NP(NP), .PG(PG), .NW(NW), .CHAIN(CHAIN),
      .ACCUM(ACCUM), .SHARE(SHARE), .STEPS(STEPS), .LATENCY(LATENCY), .ABITS(ABITS), .ASIGNED(SIGNED), .WBITS(WBITS), .WIDE_W(WIDE_W),
      .NFIELDS(NFIELDS), .WOFF(WOFF), .AOFF(AOFF), .FOFF(ACCUM != 0 ? FOFF : narrowed(OFFSETS_ORDERED)),
      .FWID(narrowed(WIDTHS_ORDERED)), .BIAS(BIAS), .LOW(LOW), .HIGH(HIGH), .XFIELDS(XFIELDS), .START(HEAD), .SUM_BITS(OUT_BITS),
      .TAIL(CONV != 0 ? KW - 1 : 0), .GROUPS(INNER), .TAIL_BLOCK(SMALL_BLOCK)
  ) u_sums (.clk, .rst, .fire, .first, .last, .row_first, .emits, .weights, .operands, .done, .emits_done, .acc);

  // A result word: PIXELS fields of every channel; GATHER groups side by side where CHO exceeds PE; with ALIGN a block's pixels as so
  // many channels.
  localparam int FIELDS_PE = CONV != 0 ? XFIELDS : NX;
  logic [PE*PIXELS*OUT_BITS-1:0] group_word;
  localparam int BLOCK_CHANNELS = ALIGN != 0 ? NX * PE : PE;
  localparam int WORD_PIXELS = ALIGN != 0 ? 1 : PIXELS;
  logic [GATHER*BLOCK_CHANNELS*WORD_PIXELS*OUT_BITS-1:0] word;
  logic we;
  logic [PE*PIXELS*OUT_BITS-1:0] sums_word;
  logic group_done, group_emits;
  generate
    for (genvar c = 0; c < PE; c = c + 1) begin : g_word
      assign sums_word[c*PIXELS*OUT_BITS+:PIXELS*OUT_BITS] = acc[c*FIELDS_PE*OUT_BITS+:PIXELS*OUT_BITS];
    end
    if (PASSES == 1) begin : g_as_made
      assign group_word = sums_word;
      assign group_done = done;
      assign group_emits = emits_done;
      assign credit = word_free;
    end else begin : g_turned
      bm_conv_turn #(
          .WIDTH(PE * PIXELS * OUT_BITS), .GROUPS(GROUPS), .BLOCKS(BLOCKS - EMPTY), .GATHER(GATHER), .WORDS(WORDS), .BLOCK(TURN_BLOCK)
      ) u_turn (.clk, .rst, .we(done && emits_done), .word(sums_word), .row_free(credit), .word_free, .out_we(group_done),
          .out_word(group_word));
      assign group_emits = 1'b1;
    end
    if (ALIGN != 0) begin : g_align
      bm_conv_align #(.PE(PE), .NP(NX), .PIXELS(PIXELS), .DROP(DROP), .BLOCKS(BLOCKS), .BITS(OUT_BITS))
          u_align (.clk, .rst, .we(group_done && group_emits), .word(group_word), .out_we(we), .out_word(word));
    end else if (GATHER == 1) begin : g_direct
      assign word = group_word;
      assign we = group_done && group_emits;
    end else begin : g_gather
      logic [(GATHER-1)*PE*PIXELS*OUT_BITS-1:0] held;
      logic complete;
      assign word = {group_word, held};
      always_ff @(posedge clk) if (group_done) held <= word[PE*PIXELS*OUT_BITS+:(GATHER-1)*PE*PIXELS*OUT_BITS];
      /* verilator lint_off PINCONNECTEMPTY */
      bm_count #(.LIMIT(GATHER)) u_count (.clk, .rst, .step(group_done), .value(), .last(complete));
      /* verilator lint_on PINCONNECTEMPTY */
      assign we = group_done && group_emits && complete;
    end
  endgenerate

  // Tails beyond the last block's sums stay in the accumulators.
  wire unused = &{1'b0, acc};
  localparam int HAS_CONST = CONV != 0 && OUT_FIX != 0 ? 1 : 0;
  // Constants of a block's pixels: those that the next block completes are its first; the last block of a row ends on its own.
  localparam int RUNS = ALIGN != 0 ? NX : 1;
  function automatic [32*WORD_PIXELS*RUNS-1:0] constants(input integer start, input integer modulus);
    for (int i = 0; i < WORD_PIXELS * RUNS; i = i + 1) constants[32*i+:32] = OUT_FIX[32*((start+i)%modulus)+:32];
  endfunction
  localparam int START = ALIGN != 0 ? DROP : 0;
  bm_conv_output #(
      .PE(BLOCK_CHANNELS), .GATHER(GATHER), .PIXELS(WORD_PIXELS), .BITS(OUT_BITS), .CHO(CHO), .GROUPS(WORD_GROUPS), .BLOCKS(BLOCKS - EMPTY),
      .FIRST(ALIGN != 0 ? 0 : DROP - EMPTY * NX), .NORMAL_LAST(ALIGN != 0 ? 0 : NX - 1), .ROW_LAST(ALIGN != 0 ? 0 : LAST_SUMS - 1),
      .WORDS(WORDS), .BLOCK(SMALL_BLOCK), .HAS_CONST(HAS_CONST), .RUNS(RUNS), .CONSTS(constants(START, ALIGN != 0 ? NX : XFIELDS)),
      .LAST_CONSTS(constants(START, XFIELDS)),
      .HAS_BIAS(HAS_BIAS), .BIASFILE(BIASFILE), .COLUMNS(ALIGN != 0 ? BLOCKS : WO),
      .LEFT(ALIGN != 0 && LEFT > 0 ? 1 : LEFT), .RIGHT(ALIGN != 0 && RIGHT > 0 ? 1 : RIGHT)
  ) u_output (.clk, .rst, .we, .word, .word_free, .out_valid, .out_ready, .out_data);
endmodule
