// Field sums of SHARE columns of an accumulating array, once per block. Sums and carry totals are held at the block's end and put one
// after another, column by column, on the operands of one accumulator per field; registers whose reset hides what is not its turn make the
// choice an OR. Turn j of SLOTS per column: sums of chain j; counts out (bit b) beside the chain 2 + b; counts in (bit b) at turn DOWN_AT + b.
// hold: the step's sums show the block's end. hold_counts: its carries are being added (two cycles later). turn and hide: hold
// and its inverse delayed by 1, 2, ... cycles. Blocks end at least SHARE * SLOTS cycles apart. `sums` of all columns are
// complete when turn[SHARE*SLOTS] has been high (one cycle later).
// Cost: bm_pack_field, bm_pack_count; per column 2 * WORDS * (width of all slices) FF.
module bm_pack_drain #(
    parameter int SHARE = 1,
    parameter int WORDS = 8,
    parameter int NF = 6,
    parameter [16*NF-1:0] FOFF = {16'd35, 16'd28, 16'd21, 16'd14, 16'd7, 16'd0},
    parameter [16*NF-1:0] SLICE = {16'd11, 16'd7, 16'd7, 16'd7, 16'd7, 16'd7},
    parameter [16*NF-1:0] CARRY = {16'd0, 16'd2, 16'd2, 16'd2, 16'd2, 16'd1},
    parameter int SIDE = 2,
    parameter int COUNT = 8,
    parameter int OUT = 16,
    parameter [32*NF-1:0] START = 0,
    parameter int DOWN_AT = WORDS,
    parameter int SLOTS = DOWN_AT + SIDE
) (
    input  logic clk,
    input  logic rst,
    input  logic hold,
    input  logic count_ce,
    input  logic count_last,
    input  logic count_clear,
    input  logic [SHARE*SLOTS:0] turn,
    input  logic [SHARE*SLOTS:0] hide,
    input  logic [SHARE*WORDS*48-1:0] p,
    input  logic [SHARE*NF*SIDE*WORDS-1:0] carries,
    output logic [SHARE*NF*OUT-1:0] sums
);
  logic [SHARE-1:0] finish;
  logic restart;
  always_comb for (int s = 0; s < SHARE; s = s + 1) finish[s] = turn[(s+1)*SLOTS];
  always_ff @(posedge clk) begin
    restart <= rst;
    for (int s = 0; s < SHARE; s = s + 1) if (turn[(s+1)*SLOTS-1]) restart <= 1'b1;
  end

  logic [SHARE*NF*SIDE*COUNT-1:0] ups, downs;
  generate
    for (genvar s = 0; s < SHARE; s = s + 1) begin : g_column
      for (genvar i = 0; i < NF * SIDE; i = i + 1) begin : g_count
        localparam int AT = (s * NF * SIDE + i) * COUNT;
        if (i % SIDE < 32'(CARRY[16*(i/SIDE)+:16])) begin : g_some
          localparam int BITS = WORDS > 1 ? WORDS : 2;
          logic [BITS-1:0] bits;
          logic [COUNT-1:0] total, up, down;
          assign bits[WORDS-1:0] = carries[(s*NF*SIDE+i)*WORDS+:WORDS];
          if (WORDS == 1) assign bits[BITS-1] = 1'b0;
          bm_pack_count #(.N(BITS), .WIDTH(COUNT)) u_count (
              .clk, .clear(count_clear), .ce(count_ce), .last(count_last),
              .bits, .total
          );
          always_ff @(posedge clk) begin
            if (hide[s*SLOTS+2+i%SIDE]) up <= '0;
            else up <= total;
            if (hide[s*SLOTS+DOWN_AT+i%SIDE]) down <= '1;
            else down <= total;
          end
          assign ups[AT+:COUNT] = up;
          assign downs[AT+:COUNT] = down;
        end else begin : g_none
          assign ups[AT+:COUNT] = '0;
          assign downs[AT+:COUNT] = '1;
        end
      end
    end

    for (genvar k = 0; k < NF; k = k + 1) begin : g_field
      localparam int BITS = 32'(SLICE[16*k+:16]);
      localparam int AT = 32'(FOFF[16*k+:16]);
      logic [SHARE*WORDS*BITS-1:0] held, slices;
      logic [SHARE*SIDE*COUNT-1:0] up, down;
      for (genvar h = 0; h < SHARE * WORDS; h = h + 1) begin : g_word
        always_ff @(posedge clk) begin
          if (hold) held[h*BITS+:BITS] <= p[h*48+AT+:BITS];
          if (hide[h/WORDS*SLOTS+h%WORDS]) slices[h*BITS+:BITS] <= '0;
          else slices[h*BITS+:BITS] <= held[h*BITS+:BITS];
        end
      end
      for (genvar s = 0; s < SHARE; s = s + 1) begin : g_counts
        assign up[s*SIDE*COUNT+:SIDE*COUNT] = ups[(s*NF+k)*SIDE*COUNT+:SIDE*COUNT];
        if (k > 0) assign down[s*SIDE*COUNT+:SIDE*COUNT] = downs[(s*NF+k-1)*SIDE*COUNT+:SIDE*COUNT];
        else assign down[s*SIDE*COUNT+:SIDE*COUNT] = '1;
      end
      logic [SHARE*OUT-1:0] sum;
      bm_pack_field #(
          .SHARE(SHARE), .WORDS(WORDS), .SLICE(BITS), .SIDE(SIDE), .COUNT(COUNT), .OUT(OUT), .START(START[32*k+:OUT])
      ) u_field (.clk, .restart, .finish, .slices, .ups(up), .downs(down), .sum);
      for (genvar s = 0; s < SHARE; s = s + 1) begin : g_sum
        assign sums[(s*NF+k)*OUT+:OUT] = sum[s*OUT+:OUT];
      end
    end
  endgenerate
  wire unused = &{1'b0, p, ups, downs, carries, turn, hide, count_ce, count_last, count_clear};
endmodule
