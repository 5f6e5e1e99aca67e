// The (slot, bank) pair STEP rows on (WRAP rows on when wrap is high), rows going round KPF banks of
// BANK_SLOTS slots; STEP and WRAP are below KPF * BANK_SLOTS. Combinational.
// Cost: a table of SLOTW + BANKW + 1 inputs.
module bm_conv_slot #(
    parameter int KPF = 1,
    parameter int BANK_SLOTS = 4,
    parameter int STEP = 1,
    parameter int WRAP = 1,
    parameter int SLOTW = 2,
    parameter int BANKW = 1
) (
    input  logic [SLOTW-1:0] slot,
    input  logic [BANKW-1:0] bank,
    input  logic wrap,
    output logic [SLOTW-1:0] next_slot,
    output logic [BANKW-1:0] next_bank
);
  // A table instead of sums: few bits, and no carry chain behind the registers that it feeds.
  localparam int ROWS = KPF * BANK_SLOTS;
  always_comb begin
    next_slot = '0;
    next_bank = '0;
    for (int row = 0; row < ROWS; row = row + 1) begin
      if (slot == SLOTW'(row / KPF) && (KPF == 1 || bank == BANKW'(row % KPF))) begin
        next_slot = wrap ? SLOTW'((row + WRAP) % ROWS / KPF) : SLOTW'((row + STEP) % ROWS / KPF);
        next_bank = wrap ? BANKW'((row + WRAP) % ROWS % KPF) : BANKW'((row + STEP) % ROWS % KPF);
      end
    end
  end
  wire unused = &{1'b0, bank};
endmodule
