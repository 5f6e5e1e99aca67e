// One column of a packed array: WORDS chains of CHAIN multipliers, and the carries between the fields of their sums.
// Operands of all lanes come in the same cycle; a step's sums p show P_AT = 3 + CHAIN + $clog2(SHARED) cycles later, its carries (boundary k, bit b, chain
// h at index (k * SIDE + b) * WORDS + h; boundary k lies above field k) one cycle after that. ce, first, first_n: at the sum register, as in
// bm_acc_dsp48e2 and bm_pack_watch. w_low and a_low_n: SIDE lower bits of every operand, one cycle (*_early: two) before p shows
// their step.
// SHARED weights have a bit of their port in common (1: none): bm_pack_words sums them, and a comes $clog2(SHARED) cycles later than w.
// ACCUM 1: sums accumulate over a block, carries are those of a step. ACCUM 0: every step is a sum of its own.
// Cost: WORDS * CHAIN multipliers and the watches.
module bm_pack_column #(
    parameter int PRIM = 1,
    parameter int WORDS = 8,
    parameter int CHAIN = 1,
    parameter int ACCUM = 1,
    parameter int NW = 3,
    parameter int NA = 4,
    parameter int WBITS = 4,
    parameter int WSIGNED = 1,
    parameter int WPORT = 18,
    parameter int APORT = 27,
    parameter [16*NW-1:0] WOFF = {16'd14, 16'd7, 16'd0},
    parameter [16*NA-1:0] AOFF = {16'd21, 16'd14, 16'd7, 16'd0},
    parameter int NF = 6,
    parameter [16*NF-1:0] FOFF = {16'd35, 16'd28, 16'd21, 16'd14, 16'd7, 16'd0},
    parameter int SIDE = 2,
    parameter [16*NF-1:0] CARRY = {16'd0, 16'd2, 16'd2, 16'd2, 16'd2, 16'd1},
    parameter [16*NF-1:0] OFFSET = 0,
    parameter int WRAP = 0,
    parameter int ACC = 48,
    parameter [47:0] BIAS = 0,
    parameter int SHARED = 1
) (
    input  logic clk,
    input  logic ce,
    input  logic first,
    input  logic first_n,
    input  logic [WORDS*CHAIN*NW*WBITS-1:0] w,
    input  logic [WORDS*CHAIN*APORT-1:0] a,
    input  logic [WORDS*CHAIN*NW*SIDE-1:0] w_low,
    input  logic [WORDS*CHAIN*NA*SIDE-1:0] a_low_n,
    input  logic [WORDS*CHAIN*NW*SIDE-1:0] w_low_early,
    input  logic [WORDS*CHAIN*NA*SIDE-1:0] a_low_n_early,
    output logic [WORDS*48-1:0] p,
    output logic [NF*SIDE*WORDS-1:0] carries
);
  // The weights as a cell takes them: bm_pack_words gives fields of two bits, one at each bit of the port.
  localparam int FIELDS = SHARED > 1 ? WPORT - 1 : NW;
  localparam int FBITS = SHARED > 1 ? 2 : WBITS;
  function automatic [16*FIELDS-1:0] field_offsets(input int unused);
    int i;
    for (i = 0; i < FIELDS; i = i + 1) field_offsets[16*i+:16] = SHARED > 1 ? 16'(i + unused) : WOFF[16*(i<NW?i:0)+:16];
  endfunction
  localparam [16*FIELDS-1:0] OFF = field_offsets(0);

  generate
    for (genvar h = 0; h < WORDS; h = h + 1) begin : g_word
      logic [48*(CHAIN+1)-1:0] cascade;
      logic [48*CHAIN-1:0] p_cell;
      assign cascade[47:0] = '0;
      for (genvar i = 0; i < CHAIN; i = i + 1) begin : g_cell
        localparam int LANE = h * CHAIN + i;
        logic [FIELDS*FBITS-1:0] fields, w_skew;
        logic [APORT-1:0] a_skew;
        logic [47:0] pcout, p_one;
        if (SHARED > 1) begin : g_shared
          bm_pack_words #(.NW(NW), .BITS(WBITS), .SIGNED(WSIGNED), .SHARED(SHARED), .WIDTH(WPORT), .OFF(WOFF)) u_words (
              .clk, .weights(w[LANE*NW*WBITS+:NW*WBITS]), .fields);
        end else begin : g_apart
          assign fields = w[LANE*NW*WBITS+:NW*WBITS];
        end
        bm_conv_delay #(.WIDTH(FIELDS * FBITS), .STAGES(i)) u_w (.clk, .rst(1'b0), .d(fields), .q(w_skew));
        bm_conv_delay #(.WIDTH(APORT), .STAGES(i)) u_a (.clk, .rst(1'b0), .d(a[LANE*APORT+:APORT]), .q(a_skew));
        bm_pack_cell #(
            .PRIM(PRIM), .NW(FIELDS), .WBITS(FBITS), .WSIGNED(SHARED > 1 ? 1 : WSIGNED), .WOFF(OFF), .WPORT(WPORT), .APORT(APORT),
            .BIASED(i == 0 ? 1 : 0), .ACCUM(i == CHAIN - 1 ? ACCUM : 0), .BIAS(BIAS)
        ) u_cell (
            .clk, .ce(i == CHAIN - 1 && ACCUM != 0 ? ce : 1'b1), .first_n, .w(w_skew), .a(a_skew),
            .pcin(cascade[48*i+:48]), .pcout, .p(p_one)
        );
        localparam int AT = 48 * i;
        assign cascade[AT+48+:48] = pcout;
        assign p_cell[AT+:48] = p_one;
      end
      assign p[h*48+:48] = p_cell[48*(CHAIN-1)+:48];
      wire unused = &{1'b0, cascade, p_cell};

      logic [CHAIN*NW*NA*SIDE-1:0] products;
      if (SIDE > 3) begin : g_products
        for (genvar i = 0; i < CHAIN; i = i + 1) begin : g_cell
          bm_pack_products #(.NW(NW), .NA(NA), .BITS(SIDE)) u_products (
              .clk, .w(w_low_early[(h*CHAIN+i)*NW*SIDE+:NW*SIDE]), .a_n(a_low_n_early[(h*CHAIN+i)*NA*SIDE+:NA*SIDE]),
              .products(products[i*NW*NA*SIDE+:NW*NA*SIDE]));
        end
      end else begin : g_no_products
        assign products = '0;
      end
      wire unused_products = &{1'b0, products};

      for (genvar k = 0; k < NF; k = k + 1) begin : g_boundary
        localparam int C = k < NF - 1 ? 32'(CARRY[16*k+:16]) : WRAP;
        logic [C>0?C-1:0:0] d;
        if (k == NF - 1 && WRAP != 0) begin : g_wrap
          // The top field only grows, so a fall of the sum's top bit is its carry.
          logic top_old;
          always_ff @(posedge clk) begin
            if (first) top_old <= 1'b0;
            else if (ce) top_old <= p[h*48+ACC-1];
            d <= top_old & ~p[h*48+ACC-1];
          end
        end else if (C > 0) begin : g_watch
          localparam int POS = 32'(FOFF[16*(k<NF-1?k+1:k)+:16]);
          if (C > 3) begin : g_wide
            bm_pack_watch_wide #(
                .C(C), .CELLS(CHAIN), .NW(NW), .NA(NA), .FRESH(1 - ACCUM), .WOFF(WOFF), .AOFF(AOFF), .POS(POS), .OFFSET(OFFSET[16*k+:C])
            ) u_watch (.clk, .ce, .first, .products, .p(p[h*48+POS+:C]), .d);
          end else begin : g_few
            bm_pack_watch #(
                .C(C), .CELLS(CHAIN), .NW(NW), .NA(NA), .BITS(SIDE), .FRESH(1 - ACCUM), .WOFF(WOFF), .AOFF(AOFF), .POS(POS),
                .OFFSET(OFFSET[16*k+:C])
            ) u_watch (
                .clk, .ce, .first, .w(w_low[h*CHAIN*NW*SIDE+:CHAIN*NW*SIDE]),
                .a_n(a_low_n[h*CHAIN*NA*SIDE+:CHAIN*NA*SIDE]), .w_early(w_low_early[h*CHAIN*NW*SIDE+:CHAIN*NW*SIDE]),
                .a_n_early(a_low_n_early[h*CHAIN*NA*SIDE+:CHAIN*NA*SIDE]), .p(p[h*48+POS+:C]), .d
            );
          end
        end else begin : g_none
          assign d = '0;
        end
        for (genvar b = 0; b < SIDE; b = b + 1) begin : g_bit
          assign carries[(k*SIDE+b)*WORDS+h] = b < C ? d[b<C?b:0] : 1'b0;
        end
      end
    end
  endgenerate
  wire unused = &{1'b0, ce, first, first_n, w_low, a_low_n, w_low_early, a_low_n_early};
endmodule
