// Sum of one field over the lanes of a column, drained one word a cycle: slices, carries out (times 2^GAP) and carries in (subtracted).
// All operands are gated by their registers: a slice or a carry count out is 0, a carry count in is all ones when it is not
// its turn, so that an OR chooses. finish marks the last turn: `sum` takes the total, and the accumulator restarts from START, which
// folds all biases (the negative count is taken as its complement). With restart alone it only restarts.
// Cost: one LUT per OUT bit that has operands, one more per slice bit for 5 to 10 words (Yosys 0.23, xcup); 2 * OUT FF.
module bm_pack_field #(
    parameter int WORDS = 8,
    parameter int SLICE = 7,
    parameter int GAP = 7,
    parameter int UPS = 1,
    parameter int DOWNS = 1,
    parameter int COUNT = 8,
    parameter int OUT = 16,
    parameter [OUT-1:0] START = 0
) (
    input  logic clk,
    input  logic restart,
    input  logic finish,
    input  logic [WORDS*SLICE-1:0] slices,
    input  logic [(UPS>0?UPS:1)*COUNT-1:0] ups,
    input  logic [(DOWNS>0?DOWNS:1)*COUNT-1:0] downs,
    output logic [OUT-1:0] sum
);
  localparam int WIDE = OUT + GAP + COUNT + SLICE + UPS + DOWNS;
  logic [WIDE-1:0] operand;
  logic [OUT-1:0] total, next;
  logic spare;
  logic [(DOWNS>0?DOWNS:1)*COUNT-1:0] turned;
  always_comb begin
    operand = '0;
    for (int i = 0; i < WORDS; i = i + 1) operand = operand | WIDE'(slices[i*SLICE+:SLICE]);
    for (int i = 0; i < UPS; i = i + 1) operand = operand | (WIDE'(ups[i*COUNT+:COUNT]) << (GAP + i));
    for (int i = 0; i < DOWNS; i = i + 1) operand = operand | (WIDE'(turned[i*COUNT+:COUNT]) << i);
  end
  assign turned = ~downs;
  // Subtracting the complement fixes the adder's operand order: Yosys then absorbs the OR in the adder's LUTs.
  assign {next, spare} = {total, 1'b0} - {~operand[OUT-1:0], 1'b1};
  always_ff @(posedge clk) begin
    if (restart) total <= START;
    else total <= next;
    if (finish) sum <= next;
  end
  wire unused = &{1'b0, spare, operand, ups, downs};
endmodule
