// Issues the steps of a convolution, one per cycle while the rows of the current output row are in the line
// buffer, the result buffer has room and the weights are there (`ready`): output rows, passes over the row, blocks, groups, kernel row
// groups, taps, channel groups.
// `fire` marks a step; the other outputs describe the step of this cycle and come from registers.
//   slot, bank: buffer slot and row bank of kernel row group's first row (row y lies in bank y mod KPF)
//   pos:        pixel column * channel groups + channel group, before the per-pixel offset; modulo 2^POSW
//   y, x:       image row of the first kernel row and column of the first pixel, to mask padding
//   rows_in:    virtual rows (padding included) that became complete, a pulse
//   rows_free:  image rows no longer needed, a registered pulse
//   word_free:  a result word was read out; one is reserved per COUNT_GATHER emitting groups
//   pass_last:  the last step of a pass. With PASSES > 1 word_free stands for a row of results, of which there are two
// Cost: about 90 LUT, 90 FF (Yosys 0.23, 64 to 64 channels, 3x3).
module bm_conv_issue #(
    parameter int H = 8,
    parameter int PT = 1,
    parameter int PB = 1,
    parameter int KH = 3,
    parameter int SH = 1,
    parameter int HO = 8,
    parameter int BLOCKS = 8,
    parameter int GROUPS = 1,
    parameter int PASSES = 1,
    parameter int KPF = 1,
    parameter int TAPS = 3,
    parameter int CGROUPS = 1,
    parameter int DW = 0,
    parameter int PIXELS_STEP = 1,
    parameter int POS_STEP = 1,
    parameter int X_FIRST = -1,
    parameter int POS_FIRST = -1,
    parameter int POS_TAP = 1,
    parameter int EMPTY_BLOCKS = 0,
    parameter int GATHER = 1,
    parameter int WORDS = 32,
    parameter int SLOTS = 4,
    parameter int POSW = 8,
    parameter int XW = 8,
    parameter int YW = 8,
    parameter int SLOTW = 2,
    parameter int BANKW = 1,
    parameter int WADDRW = 4,
    parameter int INW = 4,
    parameter int FREEW = 4
) (
    input  logic clk,
    input  logic rst,
    input  logic [INW-1:0] rows_in,
    input  logic word_free,
    input  logic ready,
    output logic [FREEW-1:0] rows_free,
    output logic fire,
    output logic first,
    output logic last,
    output logic pass_last,
    output logic row_first,
    output logic emits,
    output logic [SLOTW-1:0] slot,
    output logic [BANKW-1:0] bank,
    output logic [POSW-1:0] pos,
    output logic [XW-1:0] x,
    output logic [YW-1:0] y,
    output logic [WADDRW-1:0] waddr
);
  localparam int BANK_SLOTS = SLOTS / KPF;
  localparam int HP = H + PT + PB;
  localparam int WRAP_ROWS = H - (HO - 1) * SH;
  localparam int WRAP_MOD = ((WRAP_ROWS % SLOTS) + SLOTS) % SLOTS;
  localparam int STEP_MOD = SH % SLOTS;
  localparam int START_MOD = (SLOTS - PT % SLOTS) % SLOTS;
  localparam int DUE_WRAP = HP - (HO - 1) * SH;
  localparam int MOST_DUE = KH + SH > DUE_WRAP ? KH + SH : DUE_WRAP;
  localparam int AVAILW = $clog2(MOST_DUE + SLOTS + PT + PB + 2) + 1;
  localparam int T0 = PT / SH;
  localparam int LO_LAST = (HO - 1) * SH > PT ? (HO - 1) * SH - PT : 0;
  localparam int CREDITS = PASSES > 1 ? 2 : WORDS;
  localparam int CREDW = $clog2(CREDITS + 1) + 1;

  // Loop counters.
  logic cg_last, tap_last, kg_last, group_last, block_last, passes_done, row_last, gather_last;
  logic step_tap, step_kg, step_group, step_block, step_row;
  assign step_tap = fire && cg_last;
  assign step_kg = step_tap && tap_last;
  assign step_group = step_kg && kg_last;
  assign step_block = step_group && group_last;
  assign pass_last = step_block && block_last;
  assign step_row = pass_last && passes_done;
  /* verilator lint_off PINCONNECTEMPTY */
  bm_count #(.LIMIT(CGROUPS)) u_cg (.clk, .rst, .step(fire), .value(), .last(cg_last));
  bm_count #(.LIMIT(TAPS)) u_tap (.clk, .rst, .step(step_tap), .value(), .last(tap_last));
  bm_count #(.LIMIT(KH / KPF)) u_kg (.clk, .rst, .step(step_kg), .value(), .last(kg_last));
  bm_count #(.LIMIT(GROUPS)) u_group (.clk, .rst, .step(step_group), .value(), .last(group_last));
  bm_count #(.LIMIT(BLOCKS)) u_block (.clk, .rst, .step(step_block), .value(), .last(block_last));
  bm_count #(.LIMIT(PASSES)) u_pass (.clk, .rst, .step(pass_last), .value(), .last(passes_done));
  bm_count #(.LIMIT(HO)) u_row (.clk, .rst, .step(step_row), .value(), .last(row_last));
  bm_count #(.LIMIT(GATHER)) u_gather (.clk, .rst, .step(step_group), .value(), .last(gather_last));
  /* verilator lint_on PINCONNECTEMPTY */
  assign last = step_group;

  always_ff @(posedge clk) begin
    if (rst) begin
      first <= 1'b1;
      row_first <= 1'b1;
      waddr <= '0;
    end else if (fire) begin
      first <= step_group;
      if (step_block) row_first <= pass_last;
      waddr <= step_block ? '0 : waddr + 1'b1;
    end
  end

  // Rows: `due` is complete virtual rows minus those the current output row needs.
  logic [AVAILW-1:0] due;
  logic credit_ok;
  assign fire = !due[AVAILW-1] && credit_ok && ready;
  always_ff @(posedge clk) begin
    if (rst) due <= AVAILW'(-KH);
    else due <= due + AVAILW'(rows_in) - (step_row ? (row_last ? AVAILW'(DUE_WRAP) : AVAILW'(SH)) : AVAILW'(0));
  end

  // Rows that the next output row no longer needs; the first rows of a frame hold on to padding, not to rows.
  localparam int ROWW = $clog2(T0 + 2);
  logic [ROWW-1:0] row;
  always_ff @(posedge clk) begin
    if (rst) begin
      row <= '0;
      rows_free <= '0;
    end else begin
      rows_free <= '0;
      if (step_row) begin
        if (row_last) row <= '0;
        else if (row != ROWW'(T0 + 1)) row <= row + 1'b1;
        if (row_last) rows_free <= FREEW'(H - LO_LAST);
        else if (row == ROWW'(T0 + 1)) rows_free <= FREEW'(SH);
        else if (row == ROWW'(T0)) rows_free <= FREEW'((T0 + 1) * SH - PT);
      end
    end
  end

  // Credits: free result words; one in hand is kept back because the flag is one cycle old. Of rows, the one under way is kept.
  logic [CREDW-1:0] credits;
  logic take;
  assign take = PASSES > 1 ? step_row : step_group && gather_last && emits;
  always_ff @(posedge clk) begin
    if (rst) credits <= CREDW'(CREDITS);
    else if (take != word_free) credits <= credits + {{(CREDW - 1) {!word_free}}, 1'b1};
  end
  generate
    if (PASSES > 1) begin : g_rows
      assign credit_ok = credits != 0;
    end else begin : g_words
      always_ff @(posedge clk) credit_ok <= !rst && credits[CREDW-1:1] != 0;
    end
  endgenerate

  // Blocks at the head of a row whose sums are all dropped emit nothing.
  generate
    if (EMPTY_BLOCKS == 0) begin : g_emit_all
      assign emits = 1'b1;
    end else begin : g_emit
      localparam int EMPTYW = $clog2(EMPTY_BLOCKS + 1);
      logic [EMPTYW-1:0] seen;
      always_ff @(posedge clk) begin
        if (rst || pass_last) begin
          seen  <= '0;
          emits <= 1'b0;
        end else if (step_block && !emits) begin
          seen  <= seen + 1'b1;
          emits <= seen == EMPTYW'(EMPTY_BLOCKS - 1);
        end
      end
    end
  endgenerate

  // Column position and image coordinates.
  logic [POSW-1:0] block_pos, group_pos;
  logic [XW-1:0] block_x;
  logic [YW-1:0] row_y;
  always_ff @(posedge clk) begin
    if (rst) begin
      block_pos <= POSW'(POS_FIRST);
      block_x <= XW'(X_FIRST);
    end else if (step_block) begin
      block_pos <= block_last ? POSW'(POS_FIRST) : block_pos + POSW'(POS_STEP);
      block_x <= block_last ? XW'(X_FIRST) : block_x + XW'(PIXELS_STEP);
    end
  end
  always_ff @(posedge clk) begin
    if (rst) pos <= POSW'(POS_FIRST);
    else if (fire) begin
      if (!step_kg) pos <= pos + POSW'(POS_TAP);
      else if (step_block) pos <= block_last ? POSW'(POS_FIRST) : block_pos + POSW'(POS_STEP);
      else if (DW != 0 && step_group) pos <= group_pos + 1'b1;
      else pos <= group_pos;
    end
  end
  generate
    if (TAPS == 1) begin : g_no_taps
      assign x = block_x;
    end else begin : g_taps
      always_ff @(posedge clk) begin
        if (rst) x <= XW'(X_FIRST);
        else if (step_block) x <= block_last ? XW'(X_FIRST) : block_x + XW'(PIXELS_STEP);
        else if (step_kg) x <= block_x;
        else if (step_tap) x <= x + 1'b1;
      end
    end
  endgenerate
  generate
    if (DW != 0 && GROUPS > 1) begin : g_group_pos
      always_ff @(posedge clk) begin
        if (rst) group_pos <= POSW'(POS_FIRST);
        else if (step_block) group_pos <= block_last ? POSW'(POS_FIRST) : block_pos + POSW'(POS_STEP);
        else if (step_group) group_pos <= group_pos + 1'b1;
      end
    end else begin : g_block_pos
      assign group_pos = block_pos;
    end
  endgenerate

  // Row slots: (bank, slot) of the kernel's first row, advanced by SH rows or to the next frame.
  logic [SLOTW-1:0] row_slot, next_slot;
  logic [BANKW-1:0] next_bank;
  bm_conv_slot #(.KPF(KPF), .BANK_SLOTS(BANK_SLOTS), .STEP(STEP_MOD), .WRAP(WRAP_MOD), .SLOTW(SLOTW), .BANKW(BANKW))
      u_next (.slot(row_slot), .bank, .wrap(row_last), .next_slot, .next_bank);
  always_ff @(posedge clk) begin
    if (rst) begin
      row_slot <= SLOTW'(START_MOD / KPF);
      bank <= BANKW'(START_MOD % KPF);
      row_y <= YW'(-PT);
    end else if (step_row) begin
      row_slot <= next_slot;
      bank <= next_bank;
      row_y <= row_last ? YW'(-PT) : row_y + YW'(SH);
    end
  end
  generate
    if (KH == KPF) begin : g_one_row_group
      assign slot = row_slot;
      assign y = row_y;
    end else begin : g_row_groups
      always_ff @(posedge clk) begin
        if (rst) begin
          slot <= SLOTW'(START_MOD / KPF);
          y <= YW'(-PT);
        end else if (step_row) begin
          slot <= next_slot;
          y <= row_last ? YW'(-PT) : row_y + YW'(SH);
        end else if (step_group) begin
          slot <= row_slot;
          y <= row_y;
        end else if (step_kg) begin
          slot <= slot == SLOTW'(BANK_SLOTS - 1) ? '0 : slot + 1'b1;
          y <= y + YW'(KPF);
        end
      end
    end
  endgenerate
endmodule
