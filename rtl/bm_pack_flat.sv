// Field sums of one column whose sums are read in every step: field k of a step is {carry out, slice} - carry in, summed over the
// chains by trees and over the steps of a block by an accumulator that starts from START (which removes the biases).
// p and carries as bm_pack_column gives them; valid and last belong to the cycle in which p shows the step. LATENCY cycles after
// that cycle of a block's last step `sums` is complete.
// Cost: see bm_mac_sum; one LUT per bit of a step's field sum for the accumulator (Yosys 0.23, xcup).
module bm_pack_flat #(
    parameter int WORDS = 1,
    parameter int STEPS = 16,
    parameter int NF = 4,
    parameter [16*NF-1:0] FOFF = {16'd33, 16'd22, 16'd11, 16'd0},
    parameter [16*NF-1:0] SLICE = {16'd11, 16'd11, 16'd11, 16'd11},
    parameter [16*NF-1:0] CARRY = 0,
    parameter [32*NF-1:0] MOST = {NF{32'd2047}},
    parameter int SIDE = 1,
    parameter int OUT = 16,
    parameter [32*NF-1:0] START = 0,
    parameter int ALIGN = 0
) (
    input  logic clk,
    input  logic rst,
    input  logic valid,
    input  logic last,
    input  logic [WORDS*48-1:0] p,
    input  logic [NF*SIDE*WORDS-1:0] carries,
    output logic [NF*OUT-1:0] sums
);
  localparam int LEVELS = $clog2(WORDS);
  localparam int LATENCY = 2 * ALIGN + LEVELS + 1;
  logic [LATENCY:1] valid_q, last_q;
  logic [LATENCY:0] valid_at, last_at;
  logic restart;
  assign valid_at = {valid_q, valid};
  assign last_at = {last_q, valid & last};
  always_ff @(posedge clk) begin
    valid_q <= rst ? '0 : valid_at[LATENCY-1:0];
    last_q <= rst ? '0 : last_at[LATENCY-1:0];
  end
  assign restart = rst | last_at[LATENCY-1];

  generate
    for (genvar k = 0; k < NF; k = k + 1) begin : g_field
      localparam int BITS = 32'(SLICE[16*k+:16]);
      localparam int AT = 32'(FOFF[16*k+:16]);
      localparam int UP = 32'(CARRY[16*k+:16]);
      localparam int DOWN = k > 0 ? 32'(CARRY[16*(k>0?k-1:0)+:16]) : 0;
      localparam int IN = BITS + UP;
      localparam int NEED = $clog2(32'(MOST[32*k+:32]) + 1);
      localparam int SUM = NEED < OUT ? NEED : OUT;
      localparam int LESS = DOWN + LEVELS < SUM ? DOWN + LEVELS : SUM;
      logic [WORDS*IN-1:0] words;
      logic [SUM-1:0] sum, value;
      logic [OUT-1:0] total, next, wide;
      logic spare;
      for (genvar h = 0; h < WORDS; h = h + 1) begin : g_word
        logic [BITS-1:0] slice;
        bm_conv_delay #(.WIDTH(BITS), .STAGES(ALIGN)) u_slice (.clk, .rst(1'b0), .d(p[h*48+AT+:BITS]), .q(slice));
        assign words[h*IN+:BITS] = slice;
        for (genvar b = 0; b < UP; b = b + 1) begin : g_up
          assign words[h*IN+BITS+b] = carries[(k*SIDE+b)*WORDS+h];
        end
      end
      bm_mac_sum #(.COUNT(WORDS), .IN(IN), .OUT(SUM)) u_sum (.clk, .values(words), .sum);
      if (DOWN > 0) begin : g_down
        logic [WORDS*DOWN-1:0] ins;
        logic [SUM-1:0] in_sum;
        for (genvar i = 0; i < WORDS * DOWN; i = i + 1) begin : g_in
          assign ins[i] = carries[((k-1)*SIDE+i%DOWN)*WORDS+i/DOWN];
        end
        bm_mac_sum #(.COUNT(WORDS), .IN(DOWN), .OUT(LESS)) u_in (.clk, .values(ins), .sum(in_sum[LESS-1:0]));
        if (LESS < SUM) assign in_sum[SUM-1:LESS] = '0;
        always_ff @(posedge clk) value <= sum - in_sum;
      end else begin : g_alone
        bm_conv_delay #(.WIDTH(SUM), .STAGES(ALIGN)) u_value (.clk, .rst(1'b0), .d(sum), .q(value));
      end
      assign wide[SUM-1:0] = value;
      if (SUM < OUT) assign wide[OUT-1:SUM] = '0;
      // total + value; subtracting the complement fixes the operand order of the adder.
      assign {next, spare} = {total, 1'b0} - {~wide, 1'b1};
      if (STEPS == 1) begin : g_one
        assign total = START[32*k+:OUT];
      end else begin : g_block
        always_ff @(posedge clk) begin
          if (restart) total <= START[32*k+:OUT];
          else if (valid_at[LATENCY-1]) total <= next;
        end
      end
      always_ff @(posedge clk) if (last_at[LATENCY-1]) sums[k*OUT+:OUT] <= next;
      wire unused = &{1'b0, spare};
    end
  endgenerate
  wire unused = &{1'b0, p, carries, restart, valid_at, last_at};
endmodule
