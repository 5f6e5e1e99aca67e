// One multiplier of a sign-magnitude array and the products of its magnitudes, whole: field k at index k * IN, four cycles after w and a.
// LOW_BITS_k lower bits of field k's product are computed in LUTs and taken off through the cell's sum, all but the lowest field's, so that
// what is left of a field lies above what the field below needs: product = {slice of the sum, lower bits}, no decoder.
// ROWS words hold the lower bits, field k in word k % ROWS, so that none overlap in a word; more than one are added in fabric. A magnitude that
// reaches its port's sign bit (WRAP_W, WRAP_A: the top operand's bit at that place) makes the port read 2^port less; what that times the other
// word takes from the sum is added back in fabric too.
// PLACE_(i * NA + j) is the field of weight i and activation j. *_at: the operands T_AT cycles later, T_AT = 2 - the levels of those
// adders, from which all this is computed.
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
    parameter int SHARED = 0,
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
  localparam int P_AT = 4;
  localparam int SPAN = 32'(FOFF[16*(NF-1)+:16]) + IN;
  localparam bit LOWER = LOW_BITS != 0;
  localparam int BACK = WRAP_W + (WRAP_A != 0 ? 1 + SHARED : 0);
  localparam int BACKS = BACK > 0 ? BACK : 1;
  localparam int DEPTH = $clog2(BACKS) > $clog2(ROWS) ? $clog2(BACKS) : $clog2(ROWS);
  localparam int FROM = BACK == 0 ? 0 : WRAP_W != 0 && (WRAP_A == 0 || WPORT < APORT) ? WPORT : APORT;

  // The three lowest bits of a product.
  function automatic [2:0] lowest(input [2:0] x, input [2:0] y);
    lowest = {(x[2] & y[0]) ^ (x[1] & y[1]) ^ (x[0] & y[2]) ^ (x[1] & x[0] & y[1] & y[0]), (x[1] & y[0]) ^ (x[0] & y[1]), x[0] & y[0]};
  endfunction

  logic [WPORT-1:0] even, odd, even_at, odd_at;
  logic [3*NF-1:0] bits, bits_d;
  logic [48*ROWS-1:0] rows;
  logic [48*BACKS-1:0] backs;
  logic [47:0] lower_sum, back_sum, lower, back, c, p;
  bm_sign_words #(.COUNT(NW), .BITS(WBITS), .SHARED(SHARED), .WIDTH(WPORT), .OFF(WOFF)) u_words (.magnitudes(w), .even, .odd);
  bm_sign_words #(.COUNT(NW), .BITS(WBITS), .SHARED(SHARED), .WIDTH(WPORT), .OFF(WOFF)) u_words_at (
      .magnitudes(w_at), .even(even_at), .odd(odd_at));

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
      assign backs[47:0] = 48'({48'(a_at) & {48{w_at[TOP]}}} << WPORT);
    end
    if (WRAP_A != 0) begin : g_wrap_a
      localparam int TOP = (NA - 1) * ABITS + APORT - 1 - 32'(AOFF[16*(NA-1)+:16]);
      assign backs[48*WRAP_W+:48] = 48'({48'(even_at) & {48{magnitudes_at[TOP]}}} << APORT);
      if (SHARED != 0) assign backs[48*(WRAP_W+1)+:48] = 48'({48'(odd_at) & {48{magnitudes_at[TOP]}}} << APORT);
    end
    if (BACK == 0) assign backs = '0;
  endgenerate
  bm_mac_sum #(.COUNT(ROWS), .IN(48), .OUT(48)) u_rows (.clk, .values(rows), .sum(lower_sum));
  bm_mac_sum #(.COUNT(BACKS), .IN(48), .OUT(48)) u_backs (.clk, .values(backs), .sum(back_sum));
  bm_conv_delay #(.WIDTH(48), .STAGES(DEPTH - $clog2(ROWS))) u_lower (.clk, .rst(1'b0), .d(lower_sum), .q(lower));
  bm_conv_delay #(.WIDTH(48), .STAGES(DEPTH - $clog2(BACKS))) u_back (.clk, .rst(1'b0), .d(back_sum), .q(back));

  // The difference starts where there is something to add back.
  always_comb begin
    c = '0;
    if (!LOWER) c[SPAN-1:0] = back[SPAN-1:0];
    else begin
      c[SPAN-1:0] = lower[SPAN-1:0];
      if (BACK > 0) c[SPAN-1:FROM] = lower[SPAN-1:FROM] - back[SPAN-1:FROM];
    end
  end
  bm_sign_cell #(.PRIM(PRIM), .WPORT(WPORT), .APORT(APORT), .SUBTRACT(LOWER ? 1 : 0)) u_cell (.clk, .even, .odd, .a, .c, .p);

  generate
    for (genvar k = 0; k < NF; k = k + 1) begin : g_field
      localparam int BITS = 32'(LOW_BITS[16*k+:16]);
      if (BITS > 0) assign products[k*IN+:BITS] = bits_d[3*k+:BITS];
      assign products[k*IN+BITS+:IN-BITS] = p[32'(FOFF[16*k+:16])+BITS+:IN-BITS];
    end
  endgenerate
  wire unused = &{1'b0, a_at, magnitudes_at, even_at, odd_at, bits_d, lower, back, p};
endmodule
