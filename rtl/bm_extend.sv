// Sign- or zero-extends, or cuts to the low bits. No logic.
module bm_extend #(
    parameter int FROM = 4,
    parameter int TO = 8,
    parameter int IS_SIGNED = 0
) (
    input  logic [FROM-1:0] in,
    output logic [TO-1:0] out
);
  generate
    if (TO <= FROM) begin : g_cut
      assign out = in[TO-1:0];
      wire unused = &{1'b0, in};
    end else begin : g_extend
      assign out = {{(TO - FROM) {IS_SIGNED != 0 && in[FROM-1]}}, in};
    end
  endgenerate
endmodule
