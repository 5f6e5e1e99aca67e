// One multiplier of a sign-magnitude array and the products of its magnitudes, whole: field k at index k * IN, 4 + LATE cycles after w and a.
// LOW_BITS_k lower bits of field k's product are computed in LUTs and taken off through the cell's sum, all but the lowest field's, so that
// what is left of a field lies above what the field below needs: product = {slice of the sum, lower bits}, no decoder.
// ROWS words hold the lower bits, field k in word k % ROWS, so that none overlap in a word; more than one are added in fabric. A magnitude that
// reaches its port's sign bit (WRAP_W, WRAP_A: the top operand's bit at that place) makes the port read 2^port less; what that times the other
// word takes from the sum is added back in fabric too.
// Adders have DEPTH levels, nothing is added back below FROM; CUT > 0 cuts them at that bit, the part above a cycle later.
// PLACE_(i * NA + j) is the field of weight i and activation j. *_at: the operands T_AT cycles later, from which all this is computed; it joins the
// product of operands that wait LATE cycles before the cell. SHARED words hold the weights, as bm_sign_words says,
// and show WORDS_LATE cycles after them.
// Cost: 1 multiplier; a LUT per lower bit; adders of as many bits as the words overlap (Yosys 0.23, synth_xilinx).
module bm_sign_lane #(
    parameter int PRIM = 1,
    parameter int NW = 4,
    parameter int NA = 3,
    parameter int WBITS = 3,
    parameter int ABITS = 4,
    parameter int WPORT = 27,
    parameter int APORT = 18,
    parameter [16*NW-1:0] WOFF = {16'd21, 16'd18, 16'd3, 16'd0},
    parameter [16*NA-1:0] AOFF = {16'd12, 16'd6, 16'd0},
    parameter int NF = 12,
    parameter [16*NF-1:0] FOFF = {16'd33, 16'd30, 16'd27, 16'd24, 16'd21, 16'd18, 16'd15, 16'd12, 16'd9, 16'd6, 16'd3, 16'd0},
    parameter [16*NF-1:0] LOW_BITS = {{11{16'd3}}, 16'd0},
    parameter [16*NF-1:0] PLACE = {16'd11, 16'd9, 16'd7, 16'd10, 16'd8, 16'd6, 16'd5, 16'd3, 16'd1, 16'd4, 16'd2, 16'd0},
    parameter int ROWS = 1,
    parameter int WRAP_W = 0,
    parameter int WRAP_A = 0,
    parameter int SHARED = 1,
    parameter int FROM = 0,
    parameter int CUT = 0,
    parameter int DEPTH = 0,
    parameter int WORDS_LATE = 0,
    parameter int LATE = 0,
    parameter int T_AT = 2,
    parameter int IN = 6
) (
    input  logic clk,
    input  logic [NW*WBITS-1:0] w,
    input  logic [APORT-1:0] a,
    input  logic [NW*WBITS-1:0] w_at,
    input  logic [APORT-1:0] a_at,
    input  logic [NA*ABITS-1:0] magnitudes_at,
    output logic [NF*IN-1:0] products
);
  localparam int P_AT = 4 + LATE;
  localparam int SPAN = 32'(FOFF[16*(NF-1)+:16]) + IN;
  localparam bit LOWER = LOW_BITS != 0;
  localparam int ODD = SHARED > 1 ? 1 : 0;  // odd words are other than 0
  localparam int BACK = WRAP_W + (WRAP_A != 0 ? 1 + ODD : 0);
  localparam int BACKS = BACK > 0 ? BACK : 1;

  // The three lowest bits of a product.
  function automatic [2:0] lowest(input [2:0] x, input [2:0] y);
    lowest = {(x[2] & y[0]) ^ (x[1] & y[1]) ^ (x[0] & y[2]) ^ (x[1] & x[0] & y[1] & y[0]), (x[1] & y[0]) ^ (x[0] & y[1]), x[0] & y[0]};
  endfunction

  logic [WPORT-1:0] even, odd, even_late, odd_late, even_at, odd_at;
  logic [APORT-1:0] a_late, a_back;
  logic [NW*WBITS-1:0] w_back;
  logic [NA*ABITS-1:0] magnitudes_back;
  logic [3*NF-1:0] bits, bits_d;
  logic [48*ROWS-1:0] rows;
  logic [48*BACKS-1:0] backs;
  logic [47:0] c, p;
  bm_sign_words #(.COUNT(NW), .BITS(WBITS), .SHARED(SHARED), .WIDTH(WPORT), .OFF(WOFF)) u_words (
      .clk, .magnitudes(w), .even, .odd);
  bm_sign_words #(.COUNT(NW), .BITS(WBITS), .SHARED(SHARED), .WIDTH(WPORT), .OFF(WOFF)) u_words_at (
      .clk, .magnitudes(w_at), .even(even_at), .odd(odd_at));
  bm_conv_delay #(.WIDTH(2 * WPORT), .STAGES(LATE - WORDS_LATE)) u_late (.clk, .rst(1'b0), .d({even, odd}), .q({even_late, odd_late}));
  bm_conv_delay #(.WIDTH(APORT), .STAGES(LATE)) u_a_late (.clk, .rst(1'b0), .d(a), .q(a_late));
  // The operands beside the words of their weights.
  bm_conv_delay #(.WIDTH(APORT + NW * WBITS + NA * ABITS), .STAGES(WORDS_LATE)) u_back_at (
      .clk, .rst(1'b0), .d({a_at, w_at, magnitudes_at}), .q({a_back, w_back, magnitudes_back}));

  always_comb begin
    for (int i = 0; i < NW; i = i + 1)
      for (int j = 0; j < NA; j = j + 1)
        bits[3*32'(PLACE[16*(i*NA+j)+:16])+:3] = lowest(3'(w_at[i*WBITS+:WBITS]), 3'(magnitudes_at[j*ABITS+:ABITS]));
    rows = '0;
    for (int k = 0; k < NF; k = k + 1)
      for (int b = 0; b < 3; b = b + 1)
        if (b < 32'(LOW_BITS[16*k+:16])) rows[48*(k%ROWS)+32'(FOFF[16*k+:16])+b] = bits[3*k+b];
  end
  bm_conv_delay #(.WIDTH(3 * NF), .STAGES(P_AT - T_AT)) u_bits (.clk, .rst(1'b0), .d(bits), .q(bits_d));

  generate
    if (WRAP_W != 0) begin : g_wrap_w
      localparam int TOP = (NW - 1) * WBITS + WPORT - 1 - 32'(WOFF[16*(NW-1)+:16]);
      assign backs[47:0] = 48'({48'(a_back) & {48{w_back[TOP]}}} << WPORT);
    end
    if (WRAP_A != 0) begin : g_wrap_a
      localparam int TOP = (NA - 1) * ABITS + APORT - 1 - 32'(AOFF[16*(NA-1)+:16]);
      assign backs[48*WRAP_W+:48] = 48'({48'(even_at) & {48{magnitudes_back[TOP]}}} << APORT);
      if (ODD != 0) assign backs[48*(WRAP_W+1)+:48] = 48'({48'(odd_at) & {48{magnitudes_back[TOP]}}} << APORT);
    end
    if (BACK == 0) assign backs = '0;
  endgenerate
  bm_sign_sums #(
      .ROWS(ROWS), .BACKS(BACKS), .DEPTH(DEPTH), .BACKS_AT(WORDS_LATE), .LOWER(LOWER ? 1 : 0), .BACK(BACK), .FROM(FROM), .SPAN(SPAN), .CUT(CUT)
  ) u_sums (.clk, .rows, .backs, .c);
  bm_sign_cell #(.PRIM(PRIM), .WPORT(WPORT), .APORT(APORT), .SUBTRACT(LOWER ? 1 : 0)) u_cell (
      .clk, .even(even_late), .odd(odd_late), .a(a_late), .c, .p);

  generate
    for (genvar k = 0; k < NF; k = k + 1) begin : g_field
      localparam int BITS = 32'(LOW_BITS[16*k+:16]);
      if (BITS > 0) assign products[k*IN+:BITS] = bits_d[3*k+:BITS];
      assign products[k*IN+BITS+:IN-BITS] = p[32'(FOFF[16*k+:16])+BITS+:IN-BITS];
    end
  endgenerate
  wire unused = &{1'b0, a_back, w_back, magnitudes_back, even_at, odd_at, bits_d, p};
endmodule
