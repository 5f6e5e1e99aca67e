// Array of packed multiply-accumulates under the canary rule: COLS columns of LANES multipliers; a block of STEPS steps gives, for
// each column, the exact sum of every field over lanes and steps.
module bm_pack_array #(
    parameter int PRIM = 1,
    parameter int COLS = 8,
    parameter int LANES = 8,
    parameter int CHAIN = 1,
    parameter int STEPS = 16,
    parameter int NW = 3,
    parameter int NA = 4,
    parameter int WBITS = 4,
    parameter int ABITS = 4,
    parameter int WSIGNED = 1,
    parameter int WIDE_W = 0,
    parameter int NF = 6,
    parameter [16*NW-1:0] WOFF = {16'd14, 16'd7, 16'd0},
    parameter [16*NA-1:0] AOFF = {16'd21, 16'd14, 16'd7, 16'd0},
    parameter [16*NF-1:0] FOFF = {16'd35, 16'd28, 16'd21, 16'd14, 16'd7, 16'd0},
    parameter int LOW = -56,
    parameter int HIGH = 56,
    parameter int OUT = 16,
    parameter int APORT = 27
) (
    input  logic clk,
    input  logic rst,
    input  logic valid,
    input  logic first,
    input  logic last,
    input  logic [COLS*LANES*NW*WBITS-1:0] w,
    input  logic [LANES*APORT-1:0] a,
    input  logic [LANES*NA*ABITS-1:0] codes,
    output logic sums_valid,
    output logic [COLS*NF*OUT-1:0] sums
);
  localparam int ACC = 48;
  localparam int WORDS = LANES / CHAIN;
  localparam int COUNT = $clog2(WORDS * STEPS + 1);

  function automatic int products(input int k);
    products = 0;
    for (int i = 0; i < NW; i = i + 1)
      for (int j = 0; j < NA; j = j + 1)
        if (32'(WOFF[16*i+:16]) + 32'(AOFF[16*j+:16]) == 32'(FOFF[16*k+:16])) products = products + CHAIN;
  endfunction
  // Largest and smallest carry out of field k in one step, with the bias of a step that makes every field non-negative.
  function automatic int most(input int k);
    most = 0;
    for (int i = 0; i <= k; i = i + 1)
      most = ((1 << (32'(FOFF[16*(i+1)+:16]) - 32'(FOFF[16*i+:16]))) - 1 + products(i) * (HIGH - LOW) + most)
          >> (32'(FOFF[16*(i+1)+:16]) - 32'(FOFF[16*i+:16]));
  endfunction
  function automatic [47:0] step_bias(input int from);
    step_bias = '0;
    for (int i = from; i < NF; i = i + 1) step_bias = step_bias + (48'(products(i) * (-LOW)) << FOFF[16*i+:16]);
  endfunction
  // Width of field k's slice: up to the next field, the top field what its largest sum needs.
  function automatic int slice_bits(input int k);
    if (k < NF - 1) slice_bits = 32'(FOFF[16*(k+1)+:16]) - 32'(FOFF[16*k+:16]);
    else slice_bits = $clog2(STEPS * (products(k) * (HIGH - LOW) + (NF > 1 ? most(NF - 2) : 0)) + 1);
  endfunction
  function automatic int carry_bits(input int k);
    carry_bits = k >= NF - 1 || k < 0 ? 0 : $clog2(most(k) + 1);
  endfunction
  localparam int NEGS = max_bits(0);
  function automatic int max_bits(input int unused);
    max_bits = unused;
    for (int i = 0; i < NF - 1; i = i + 1) if (carry_bits(i) > max_bits) max_bits = carry_bits(i);
  endfunction
  function automatic [OUT-1:0] start(input int k);
    start = OUT'(WORDS * STEPS * LOW * products(k));
    for (int i = 0; i < carry_bits(k - 1); i = i + 1) start = start - OUT'(((1 << COUNT) - 1) << i);
  endfunction

  localparam int WLOW = NEGS < WBITS ? NEGS : WBITS;
  localparam int ALOW = NEGS < ABITS ? NEGS : ABITS;
  localparam int SLOTS = WORDS + NEGS;
  localparam int P_AT = 3 + CHAIN;  // cycle, counted from the operands, that shows a step in the sum register

  // valid, first and last of a step travel beside it; *_at[i] belongs to cycle i.
  logic [P_AT+3:0] valid_at, first_at, last_at;
  logic first_n, clear, clear_count;
  logic [SLOTS+2:0] turn, hide;
  assign valid_at[0] = valid;
  assign first_at[0] = valid & first;
  assign last_at[0] = valid & last;
  always_ff @(posedge clk) begin
    valid_at[P_AT+3:1] <= rst ? '0 : valid_at[P_AT+2:0];
    first_at[P_AT+3:1] <= first_at[P_AT+2:0];
    last_at[P_AT+3:1] <= rst ? '0 : last_at[P_AT+2:0];
    first_n <= ~first_at[P_AT-2];
    turn <= rst ? '0 : {turn[SLOTS+1:0], last_at[P_AT]};
    hide <= rst ? '1 : {hide[SLOTS+1:0], ~last_at[P_AT]};
    clear_count <= rst | last_at[P_AT+1];
    clear <= rst | turn[SLOTS-1];
  end

  // Lower bits of the operands, delayed to the cycle before their sums.
  logic [COLS*LANES*NW*WLOW-1:0] w_low, w_low_d;
  logic [LANES*NA*ALOW-1:0] a_low, a_low_d, a_low_n;
  generate
    for (genvar i = 0; i < COLS * LANES * NW; i = i + 1) begin : g_w_low
      assign w_low[i*WLOW+:WLOW] = w[i*WBITS+:WLOW];
    end
    for (genvar i = 0; i < LANES * NA; i = i + 1) begin : g_a_low
      assign a_low[i*ALOW+:ALOW] = codes[i*ABITS+:ALOW];
    end
  endgenerate
  bm_conv_delay #(.WIDTH(COLS * LANES * NW * WLOW), .STAGES(P_AT - 1)) u_w (.clk, .rst(1'b0), .d(w_low), .q(w_low_d));
  bm_conv_delay #(.WIDTH(LANES * NA * ALOW), .STAGES(P_AT - 2)) u_a (.clk, .rst(1'b0), .d(a_low), .q(a_low_d));
  always_ff @(posedge clk) a_low_n <= ~a_low_d;

  generate
    for (genvar c = 0; c < COLS; c = c + 1) begin : g_column
      logic [WORDS*ACC-1:0] p;
      logic [NF*WORDS*NEGS-1:0] carries;
      logic [NF*NEGS*COUNT-1:0] ups, downs;
      for (genvar h = 0; h < WORDS; h = h + 1) begin : g_word
        logic [ACC*(CHAIN+1)-1:0] cascade;
        logic [ACC*CHAIN-1:0] p_cell;
        logic [CHAIN*NW*WLOW-1:0] w_terms;
        assign cascade[ACC-1:0] = '0;
        for (genvar i = 0; i < CHAIN; i = i + 1) begin : g_cell
          localparam int LANE = h * CHAIN + i;
          logic [NW*WBITS-1:0] w_skew;
          logic [APORT-1:0] a_skew;
          bm_conv_delay #(.WIDTH(NW * WBITS), .STAGES(i)) u_w (
              .clk, .rst(1'b0), .d(w[(LANE*COLS+c)*NW*WBITS+:NW*WBITS]), .q(w_skew));
          bm_conv_delay #(.WIDTH(APORT), .STAGES(i)) u_a (.clk, .rst(1'b0), .d(a[LANE*APORT+:APORT]), .q(a_skew));
          bm_pack_cell #(
              .PRIM(PRIM), .NW(NW), .WBITS(WBITS), .WSIGNED(WSIGNED), .WOFF(WOFF), .WPORT(45 - APORT), .APORT(APORT),
              .BIASED(i == 0 ? 1 : 0), .ACCUM(i == CHAIN - 1 ? 1 : 0), .BIAS(step_bias(0))
          ) u_cell (
              .clk, .ce(i == CHAIN - 1 ? valid_at[P_AT-1] : 1'b1), .first_n, .w(w_skew), .a(a_skew),
              .pcin(cascade[ACC*i+:ACC]), .pcout(cascade[ACC*(i+1)+:ACC]), .p(p_cell[ACC*i+:ACC])
          );
          assign w_terms[i*NW*WLOW+:NW*WLOW] = w_low_d[(LANE*COLS+c)*NW*WLOW+:NW*WLOW];
        end
        assign p[h*ACC+:ACC] = p_cell[ACC*(CHAIN-1)+:ACC];
        for (genvar k = 0; k < NF - 1; k = k + 1) begin : g_watch
          localparam int C = carry_bits(k);
          if (C > 0) begin : g_some
            logic [C-1:0] d;
            bm_pack_watch #(
                .C(C), .CELLS(CHAIN), .NW(NW), .NA(NA), .WLOW(WLOW), .ALOW(ALOW), .WOFF(WOFF), .AOFF(AOFF),
                .POS(32'(FOFF[16*(k+1)+:16])), .OFFSET(C'(-(step_bias(k + 1) >> FOFF[16*(k+1)+:16])))
            ) u_watch (
                .clk, .ce(valid_at[P_AT-1]), .first(first_at[P_AT-1]), .w(w_terms),
                .a_n(a_low_n[h*CHAIN*NA*ALOW+:CHAIN*NA*ALOW]), .p(p[h*ACC+32'(FOFF[16*(k+1)+:16])+:C]), .d
            );
            for (genvar b = 0; b < C; b = b + 1) begin : g_bit
              assign carries[(k*NEGS+b)*WORDS+h] = d[b];
            end
          end
        end
      end

      for (genvar k = 0; k < NF - 1; k = k + 1) begin : g_count
        for (genvar b = 0; b < carry_bits(k); b = b + 1) begin : g_bit
          logic [COUNT-1:0] total;
          bm_pack_count #(.N(WORDS), .WIDTH(COUNT)) u_count (
              .clk, .clear(clear_count), .ce(valid_at[P_AT+2]), .last(last_at[P_AT+2]),
              .bits(carries[(k*NEGS+b)*WORDS+:WORDS]), .total
          );
          always_ff @(posedge clk) begin
            if (hide[2+b]) ups[(k*NEGS+b)*COUNT+:COUNT] <= '0;
            else ups[(k*NEGS+b)*COUNT+:COUNT] <= total;
            if (hide[WORDS+b]) downs[((k+1)*NEGS+b)*COUNT+:COUNT] <= '1;
            else downs[((k+1)*NEGS+b)*COUNT+:COUNT] <= total;
          end
        end
      end

      for (genvar k = 0; k < NF; k = k + 1) begin : g_field
        localparam int SLICE = slice_bits(k);
        logic [WORDS*SLICE-1:0] held, slices;
        for (genvar h = 0; h < WORDS; h = h + 1) begin : g_word
          always_ff @(posedge clk) begin
            if (last_at[P_AT]) held[h*SLICE+:SLICE] <= p[h*ACC+32'(FOFF[16*k+:16])+:SLICE];
            if (hide[h]) slices[h*SLICE+:SLICE] <= '0;
            else slices[h*SLICE+:SLICE] <= held[h*SLICE+:SLICE];
          end
        end
        bm_pack_field #(
            .WORDS(WORDS), .SLICE(SLICE), .GAP(SLICE), .UPS(carry_bits(k)), .DOWNS(carry_bits(k - 1)), .COUNT(COUNT),
            .OUT(OUT), .START(start(k))
        ) u_field (
            .clk, .restart(clear), .finish(turn[SLOTS]), .slices,
            .ups(ups[k*NEGS*COUNT+:(carry_bits(k)>0?carry_bits(k):1)*COUNT]),
            .downs(downs[k*NEGS*COUNT+:(carry_bits(k-1)>0?carry_bits(k-1):1)*COUNT]),
            .sum(sums[(c*NF+k)*OUT+:OUT])
        );
      end
      wire unused = &{1'b0, p, carries, ups, downs};
    end
  endgenerate
  always_ff @(posedge clk) sums_valid <= ~rst & turn[SLOTS];
endmodule
