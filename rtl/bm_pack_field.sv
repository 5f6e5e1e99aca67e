// Sum of one field over the chains of a column, drained one word a cycle, for SHARE columns in turn: slices, carry counts out (times
// 2^SLICE) and carry counts in (subtracted; the constant 2^COUNT - 1 that its complement adds is in START). Operands are gated by their
// registers: slices and counts out are 0, counts in all ones when it is not their turn, so that an OR chooses. finish[s] marks the last
// turn of column s: its `sum` takes the total. restart puts START, which folds all biases, into the accumulator.
// Cost: SHARE 1: one LUT per OUT bit that has operands, one more per slice bit for 5 to 10 operands (Yosys 0.23, xcup); 2 * OUT FF.
module bm_pack_field #(
    parameter int SHARE = 1,
    parameter int WORDS = 8,
    parameter int SLICE = 7,
    parameter int SIDE = 1,
    parameter int COUNT = 8,
    parameter int OUT = 16,
    parameter [OUT-1:0] START = 0
) (
    input  logic clk,
    input  logic restart,
    input  logic [SHARE-1:0] finish,
    input  logic [SHARE*WORDS*SLICE-1:0] slices,
    input  logic [SHARE*SIDE*COUNT-1:0] ups,
    input  logic [SHARE*SIDE*COUNT-1:0] downs,
    output logic [SHARE*OUT-1:0] sum
);
  localparam int WIDE = OUT + SLICE + COUNT + SIDE;
  logic [WIDE-1:0] operand;
  logic [SHARE*SIDE*COUNT-1:0] ins;
  logic [OUT-1:0] total, next;
  logic spare;
  assign ins = ~downs;
  always_comb begin
    operand = '0;
    for (int i = 0; i < SHARE * WORDS; i = i + 1) operand = operand | WIDE'(slices[i*SLICE+:SLICE]);
    for (int i = 0; i < SHARE * SIDE; i = i + 1) begin
      operand = operand | (WIDE'(ups[i*COUNT+:COUNT]) << (SLICE + i % SIDE));
      operand = operand | (WIDE'(ins[i*COUNT+:COUNT]) << (i % SIDE));
    end
  end
  // total + operand; subtracting the complement fixes the adder's operand order: Yosys then absorbs the OR in its LUTs.
  assign {next, spare} = {total, 1'b0} - {~operand[OUT-1:0], 1'b1};
  always_ff @(posedge clk) begin
    if (restart) total <= START;
    else total <= next;
    for (int s = 0; s < SHARE; s = s + 1) if (finish[s]) sum[s*OUT+:OUT] <= next;
  end
  wire unused = &{1'b0, operand, spare};
endmodule
