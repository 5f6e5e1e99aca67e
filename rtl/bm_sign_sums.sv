// What a cell of a sign-magnitude array takes off its product (BACK 0 or LOWER 1) or adds to it: the sum of `rows`, the lower bits of the fields, less the sum
// of `backs`, what ports read too little; without lower bits (LOWER 0) the sum of `backs` alone. SPAN bits; nothing is added back below FROM.
// CUT 0: c shows DEPTH cycles after rows, the difference behind the last register; backs come BACKS_AT cycles later than rows. CUT > 0: one
// cycle later, and no adder is longer than either part of the word cut at that bit.
// Cost: adders of as many bits as the words overlap (Yosys 0.23, synth_xilinx).
module bm_sign_sums #(
    parameter int ROWS = 1,
    parameter int BACKS = 1,
    parameter int DEPTH = 0,
    parameter int BACKS_AT = 0,
    parameter int LOWER = 1,
    parameter int BACK = 0,
    parameter int FROM = 0,
    parameter int SPAN = 48,
    parameter int CUT = 0
) (
    input  logic clk,
    input  logic [48*ROWS-1:0] rows,
    input  logic [48*BACKS-1:0] backs,
    output logic [47:0] c
);
  logic [48*ROWS-1:0] rows_cut;
  logic [48*BACKS-1:0] backs_cut;
  logic [47:0] lower_sum, back_sum, lower, back;
  generate
    if (CUT == 0) begin : g_whole
      assign rows_cut = rows;
      assign backs_cut = backs;
      // The difference starts where there is something to add back.
      always_comb begin
        c = '0;
        if (LOWER == 0) c[SPAN-1:0] = back[SPAN-1:0];
        else begin
          c[SPAN-1:0] = lower[SPAN-1:0];
          if (BACK > 0) c[SPAN-1:FROM] = lower[SPAN-1:FROM] - back[SPAN-1:FROM];
        end
      end
    end else begin : g_cut
      logic [SPAN-CUT-1:0] high;
      logic [CUT-1:0] low, low_q;
      logic borrow, borrow_q, spare;
      for (genvar i = 0; i < ROWS; i = i + 1) begin : g_row
        assign rows_cut[48*i+:CUT] = rows[48*i+:CUT];
        bm_conv_delay #(.WIDTH(48 - CUT), .STAGES(1)) u_high (
            .clk, .rst(1'b0), .d(rows[48*i+CUT+:48-CUT]), .q(rows_cut[48*i+CUT+:48-CUT]));
      end
      for (genvar i = 0; i < BACKS; i = i + 1) begin : g_back
        assign backs_cut[48*i+:CUT] = backs[48*i+:CUT];
        bm_conv_delay #(.WIDTH(48 - CUT), .STAGES(1)) u_high (
            .clk, .rst(1'b0), .d(backs[48*i+CUT+:48-CUT]), .q(backs_cut[48*i+CUT+:48-CUT]));
      end
      if (LOWER == 0 || BACK == 0) begin : g_one
        assign {borrow, low} = {1'b0, LOWER == 0 ? back[CUT-1:0] : lower[CUT-1:0]};
        assign {high, spare} = {LOWER == 0 ? back[SPAN-1:CUT] : lower[SPAN-1:CUT], borrow_q};
      end else begin : g_both
        assign {borrow, low} = {1'b0, lower[CUT-1:0]} - {1'b0, back[CUT-1:0]};
        assign {high, spare} = {lower[SPAN-1:CUT], 1'b0} - {back[SPAN-1:CUT], borrow_q};
      end
      always_ff @(posedge clk) begin
        low_q <= low;
        borrow_q <= borrow;
      end
      assign c = 48'({high, low_q});
      wire unused = &{1'b0, spare};
    end
  endgenerate
  bm_sign_total #(.COUNT(ROWS), .CUT(CUT)) u_rows (.clk, .words(rows_cut), .sum(lower_sum));
  bm_sign_total #(.COUNT(BACKS), .CUT(CUT)) u_backs (.clk, .words(backs_cut), .sum(back_sum));
  bm_conv_delay #(.WIDTH(48), .STAGES(DEPTH - $clog2(ROWS))) u_lower (.clk, .rst(1'b0), .d(lower_sum), .q(lower));
  bm_conv_delay #(.WIDTH(48), .STAGES(BACK == 0 ? 0 : DEPTH - BACKS_AT - $clog2(BACKS))) u_back (.clk, .rst(1'b0), .d(back_sum), .q(back));
  wire unused_bits = &{1'b0, lower, back};
endmodule
