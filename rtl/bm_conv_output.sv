// Result buffer and serialiser: takes one word (GATHER groups of PE channels, PIXELS pixels) per `we`, GROUPS words a block,
// and sends beats of CHO channels, pixel by pixel, channels ascending, plus a constant per pixel and a bias per channel.
// A row has BLOCKS blocks; a block sends pixels 0 to NORMAL_LAST, its first pixel being FIRST in the first block
// and its last ROW_LAST in the last. `word_free` pulses when a word has been sent for the last time.
// WORDS is a power of two; the writer holds the credits. CONSTS: what to add to pixel p, for each of RUNS equal runs of channels
// 32 bits, run 0 lowest; LAST_CONSTS the same in the last block of a row.
// The bias memory holds GROUPS * GATHER words for each class of output columns: the first LEFT columns of a row's COLUMNS, those
// between, the last RIGHT.
// Cost: the buffer, CHO * BITS * (1 + multiplexer of CHANNELS / CHO * PIXELS) LUT, about 35 LUT of control.
module bm_conv_output #(
    parameter int PE = 1,
    parameter int GATHER = 1,
    parameter int PIXELS = 1,
    parameter int BITS = 20,
    parameter int CHO = 1,
    parameter int GROUPS = 1,
    parameter int BLOCKS = 8,
    parameter int FIRST = 0,
    parameter int NORMAL_LAST = 0,
    parameter int ROW_LAST = 0,
    parameter int WORDS = 32,
    parameter int BLOCK = 0,
    parameter int HAS_CONST = 0,
    parameter int RUNS = 1,
    parameter [32*PIXELS*RUNS-1:0] CONSTS = 0,
    parameter [32*PIXELS*RUNS-1:0] LAST_CONSTS = CONSTS,
    parameter int HAS_BIAS = 0,
    parameter BIASFILE = "",
    parameter int COLUMNS = 1,
    parameter int LEFT = 0,
    parameter int RIGHT = 0
) (
    input  logic clk,
    input  logic rst,
    input  logic we,
    input  logic [PE*GATHER*PIXELS*BITS-1:0] word,
    output logic word_free,
    output logic out_valid,
    input  logic out_ready,
    output logic [CHO*BITS-1:0] out_data
);
  localparam int CHANNELS = PE * GATHER;
  localparam int CHUNKS = CHANNELS / CHO;
  localparam int ADDRW = $clog2(WORDS);
  localparam int PIXW = PIXELS > 1 ? $clog2(PIXELS) : 1;
  localparam int CHUNKW = CHUNKS > 1 ? $clog2(CHUNKS) : 1;
  localparam int WIDTH = CHANNELS * PIXELS * BITS;
  // Sums of more than 24 bits are made in parts of 20.
  localparam int CHUNK = BITS <= 24 ? 24 : 20;
  localparam int STAGES = (BITS + CHUNK - 1) / CHUNK;

  logic adv, have, take, chunk_first, chunk_last, group_last, block_last, pixel_first, pixel_last, end_word, end_pixel, end_block;
  assign adv = !out_valid || out_ready;
  assign take = adv && have;
  assign end_word = take && chunk_last;
  assign end_pixel = end_word && group_last;
  assign end_block = end_pixel && pixel_last;
  /* verilator lint_off PINCONNECTEMPTY */
  bm_count #(.LIMIT(CHUNKS)) u_chunk (.clk, .rst, .step(take), .value(), .last(chunk_last));
  bm_count #(.LIMIT(GROUPS)) u_group (.clk, .rst, .step(end_word), .value(), .last(group_last));
  bm_count #(.LIMIT(BLOCKS)) u_block (.clk, .rst, .step(end_block), .value(), .last(block_last));
  /* verilator lint_on PINCONNECTEMPTY */

  // Where in the block: pixel and chunk; `pixel_first` is the pass that waits for words to arrive.
  logic [PIXW-1:0] pixel, pixel_1;
  logic [CHUNKW-1:0] chunk, chunk_1;
  assign pixel_last = block_last ? pixel == PIXW'(ROW_LAST) : pixel == PIXW'(NORMAL_LAST);
  always_ff @(posedge clk) begin
    if (rst) begin
      pixel <= PIXW'(FIRST);
      pixel_first <= 1'b1;
      chunk <= '0;
      chunk_first <= 1'b1;
    end else if (take) begin
      chunk <= chunk_last ? '0 : chunk + 1'b1;
      chunk_first <= chunk_last;
      if (end_pixel) begin
        pixel_first <= pixel_last;
        if (!pixel_last) pixel <= pixel + 1'b1;
        else pixel <= block_last ? PIXW'(FIRST) : '0;
      end
    end
  end

  // Buffer pointers; `fresh` counts words written and not yet touched, `some_fresh` says whether there are any.
  logic [ADDRW-1:0] waddr, raddr, block_start;
  logic [ADDRW:0] fresh;
  logic touch, some_fresh;
  assign touch = take && pixel_first && chunk_first;
  assign have = !(pixel_first && chunk_first) || some_fresh;
  always_ff @(posedge clk) begin
    if (rst) begin
      waddr <= '0;
      raddr <= '0;
      block_start <= '0;
      fresh <= '0;
      some_fresh <= 1'b0;
      word_free <= 1'b0;
    end else begin
      if (we) waddr <= waddr + 1'b1;
      if (end_word) raddr <= group_last && !pixel_last ? block_start : raddr + 1'b1;
      if (end_block) block_start <= raddr + 1'b1;
      // Only `we` chooses the direction: `out_ready` reaches the clock enable, never the carry chain.
      if (touch != we) begin
        fresh <= fresh + {{ADDRW{!we}}, 1'b1};
        some_fresh <= we || fresh != 1;
      end
      word_free <= end_word && pixel_last;
    end
  end
  logic [WIDTH-1:0] word_1;
  bm_ram #(.WIDTH(WIDTH), .DEPTH(WORDS), .BLOCK(BLOCK))
      u_ram (.clk, .write(we), .write_address(waddr), .d(word), .read(adv), .read_address(raddr), .q(word_1));

  // Stage 1 the word, stage 2 the beat, then (with a constant or bias) 2 STAGES - 1 more to the sum.
  logic valid_1, valid_2, block_last_1;
  logic [CHO*BITS-1:0] beat_1, beat_2;
  always_comb begin
    beat_1 = '0;
    for (int u = 0; u < CHUNKS; u = u + 1)
      for (int p = 0; p < PIXELS; p = p + 1)
        if ((CHUNKS == 1 || chunk_1 == CHUNKW'(u)) && (PIXELS == 1 || pixel_1 == PIXW'(p)))
          for (int c = 0; c < CHO; c = c + 1)
            beat_1[c*BITS+:BITS] = word_1[((u*CHO+c)*PIXELS+p)*BITS+:BITS];
  end
  always_ff @(posedge clk) begin
    if (rst) begin
      valid_1 <= 1'b0;
      valid_2 <= 1'b0;
    end else if (adv) begin
      valid_1 <= have;
      valid_2 <= valid_1;
    end
    if (adv) begin
      {pixel_1, chunk_1, block_last_1} <= {pixel, chunk, block_last};
      beat_2 <= beat_1;
    end
  end

  generate
    if (HAS_CONST == 0 && HAS_BIAS == 0) begin : g_plain
      assign out_valid = valid_2;
      assign out_data = beat_2;
      wire unused = block_last_1;
    end else begin : g_add
      localparam bit DIFFERS = LAST_CONSTS != CONSTS;
      localparam int RUN = CHANNELS / RUNS;
      logic [CHO*BITS-1:0] consts_1;
      logic [CHO*BITS-1:0] owed_1;
      always_comb begin
        consts_1 = '0;
        for (int u = 0; u < CHUNKS; u = u + 1)
          for (int p = 0; p < PIXELS; p = p + 1)
            if (HAS_CONST != 0 && (CHUNKS == 1 || RUNS == 1 || chunk_1 == CHUNKW'(u)) && (PIXELS == 1 || pixel_1 == PIXW'(p)))
              for (int c = 0; c < CHO; c = c + 1)
                consts_1[c*BITS+:BITS] = DIFFERS && block_last_1
                    ? BITS'($signed(LAST_CONSTS[32*(p*RUNS+(u*CHO+c)/RUN)+:32]))
                    : BITS'($signed(CONSTS[32*(p*RUNS+(u*CHO+c)/RUN)+:32]));
      end
      wire unused = block_last_1;
      if (HAS_BIAS != 0) begin : g_bias
        localparam int BIASES = GROUPS * GATHER;
        localparam int DEPTH = BIASES * (LEFT + 1 + RIGHT);
        localparam int BIASW = DEPTH > 1 ? $clog2(DEPTH) : 1;
        logic [BIASW-1:0] group, class_next;
        logic [CHANNELS*BITS-1:0] biases_1;
        logic [CHO*BITS-1:0] bias_1;
        always_ff @(posedge clk) begin
          if (rst) group <= '0;
          else if (end_word) group <= group_last ? class_next : group + BIASW'(GATHER);
        end
        if (LEFT + RIGHT == 0) begin : g_one_class
          assign class_next = '0;
        end else begin : g_classes
          localparam int COLW = $clog2(COLUMNS);
          logic [COLW-1:0] column;
          logic [BIASW-1:0] class_base;
          logic column_last, changes;
          bm_count #(.LIMIT(COLUMNS)) u_column (.clk, .rst, .step(end_pixel), .value(column), .last(column_last));
          // The class changes after each of the first LEFT columns and before each of the last RIGHT.
          /* verilator lint_off UNSIGNED */
          assign changes = column < COLW'(LEFT) || column >= COLW'(COLUMNS - 1 - RIGHT);
          /* verilator lint_on UNSIGNED */
          assign class_next = column_last ? '0 : class_base + (changes ? BIASW'(BIASES) : '0);
          always_ff @(posedge clk) begin
            if (rst) class_base <= '0;
            else if (end_pixel) class_base <= class_next;
          end
        end
        for (genvar m = 0; m < GATHER; m = m + 1) begin : g_rom
          bm_rom #(.WIDTH(PE * BITS), .DEPTH(DEPTH), .BLOCK(0), .FILE(BIASFILE))
              u_bias (.clk, .read(adv), .address(group + BIASW'(m)), .q(biases_1[m*PE*BITS+:PE*BITS]));
        end
        always_comb begin
          bias_1 = '0;
          for (int u = 0; u < CHUNKS; u = u + 1)
            if (CHUNKS == 1 || chunk_1 == CHUNKW'(u)) bias_1 = biases_1[u*CHO*BITS+:CHO*BITS];
        end
        assign owed_1 = bias_1;
      end else begin : g_const
        assign owed_1 = '0;
      end
      // Stage by stage of bm_wide_add: what is to be added, the beat beside it, then their sum.
      logic [CHO*BITS*STAGES-1:0] waits;
      logic [2*STAGES-2:0] valids;
      always_ff @(posedge clk) begin
        if (rst) valids <= '0;
        else if (adv) valids <= (2 * STAGES - 1)'({valids, valid_2});
      end
      assign waits[CHO*BITS-1:0] = beat_2;
      for (genvar s = 1; s < STAGES; s = s + 1) begin : g_wait
        logic [CHO*BITS-1:0] held;
        always_ff @(posedge clk) if (adv) held <= waits[(s-1)*CHO*BITS+:CHO*BITS];
        assign waits[s*CHO*BITS+:CHO*BITS] = held;
      end
      for (genvar c = 0; c < CHO; c = c + 1) begin : g_sum
        logic [BITS-1:0] owed;
        bm_wide_add #(.WIDTH(BITS), .CHUNK(CHUNK)) u_owed (.clk, .en(adv), .a(owed_1[c*BITS+:BITS]), .b(consts_1[c*BITS+:BITS]), .sum(owed));
        bm_wide_add #(.WIDTH(BITS), .CHUNK(CHUNK)) u_sum (
            .clk, .en(adv), .a(waits[((STAGES-1)*CHO+c)*BITS+:BITS]), .b(owed), .sum(out_data[c*BITS+:BITS]));
      end
      assign out_valid = valids[2*STAGES-2];
    end
  endgenerate
endmodule
