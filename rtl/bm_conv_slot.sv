// The (slot, bank) pair STEP rows on (WRAP rows on when wrap is high), rows going round KPF banks of
// BANK_SLOTS slots; STEP and WRAP are below KPF * BANK_SLOTS. Combinational.
// Cost: about 3 * (SLOTW + BANKW) LUT.
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
  logic [BANKW:0] bank_sum;
  logic [SLOTW:0] slot_sum;
  logic carry;
  always_comb begin
    bank_sum = {1'b0, bank} + (wrap ? (BANKW + 1)'(WRAP % KPF) : (BANKW + 1)'(STEP % KPF));
    carry = bank_sum >= (BANKW + 1)'(KPF);
    next_bank = carry ? BANKW'(bank_sum - (BANKW + 1)'(KPF)) : bank_sum[BANKW-1:0];
    slot_sum = {1'b0, slot} + (wrap ? (SLOTW + 1)'(WRAP / KPF) : (SLOTW + 1)'(STEP / KPF)) + (SLOTW + 1)'(carry);
    if (slot_sum >= (SLOTW + 1)'(BANK_SLOTS)) next_slot = SLOTW'(slot_sum - (SLOTW + 1)'(BANK_SLOTS));
    else next_slot = slot_sum[SLOTW-1:0];
  end
endmodule
