// Makes words of WIDTH bits from beats of DATA bits of a memory, lowest first. A beat holds DATA / WIDTH whole words, or a word takes
// several whole beats; the rest of a beat is empty. A set of WORDS words starts with a new beat.
// One beat or one word a cycle, whichever is more; outputs registered.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten): DATA 128, WIDTH 512: 9 LUT, 900 FF; WIDTH + (beats of a word - 1) * DATA FF.
module bm_weight_unpack #(
    parameter int DATA = 64,
    parameter int WIDTH = 48,
    parameter int WORDS = 16
) (
    input  logic clk,
    input  logic rst_n,
    input  logic in_valid,
    output logic in_ready,
    input  logic [DATA-1:0] in_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [WIDTH-1:0] out_data
);
  localparam int PARTS = (WIDTH + DATA - 1) / DATA;
  localparam int PER_BEAT = DATA >= WIDTH ? DATA / WIDTH : 1;
  localparam int SLOTW = PER_BEAT > 1 ? $clog2(PER_BEAT) : 1;

  logic move, part_last, slot_last, set_last, beat_last, word_step;
  logic [SLOTW-1:0] slot;
  assign move = !out_valid || out_ready;
  // A word leaves with the last of its beats; a beat leaves with the last of its words.
  assign word_step = in_valid && move && part_last;
  assign beat_last = slot_last || set_last;
  assign in_ready = part_last ? move && beat_last : 1'b1;
  /* verilator lint_off PINCONNECTEMPTY */
  bm_count #(.LIMIT(PARTS)) u_part (.clk, .rst(!rst_n), .step(in_valid && in_ready), .value(), .last(part_last));
  bm_count #(.LIMIT(WORDS)) u_set (.clk, .rst(!rst_n), .step(word_step), .value(), .last(set_last));
  /* verilator lint_on PINCONNECTEMPTY */
  generate
    if (PER_BEAT == 1) begin : g_one
      assign slot = '0;
      assign slot_last = 1'b1;
    end else begin : g_slots
      always_ff @(posedge clk) begin
        if (!rst_n) slot <= '0;
        else if (word_step) slot <= beat_last ? '0 : slot + 1'b1;
      end
      assign slot_last = slot == SLOTW'(PER_BEAT - 1);
    end
  endgenerate

  always_ff @(posedge clk) begin
    if (!rst_n) out_valid <= 1'b0;
    else if (move) out_valid <= in_valid && part_last;
  end
  generate
    if (PARTS == 1) begin : g_within
      always_ff @(posedge clk) if (move) out_data <= WIDTH'(in_data >> (WIDTH * 32'(slot)));
    end else begin : g_across
      logic [DATA*(PARTS-1)-1:0] held;
      logic [DATA*PARTS-1:0] whole;
      assign whole = {in_data, held};
      always_ff @(posedge clk) begin
        if (in_valid && in_ready) held <= whole[DATA+:DATA*(PARTS-1)];
        if (move) out_data <= whole[WIDTH-1:0];
      end
      wire unused = &{1'b0, slot, whole};
    end
  endgenerate
endmodule
