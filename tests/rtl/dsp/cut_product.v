// Cuts a multiplier at its product, for Yosys' techmap: afterwards the operands are read and the product is given by a cell
// bm_product. `fits` says that both operands are sign extensions of WIDE and NARROW bits, so that WIDE + NARROW bits hold
// their product. SWAP is defined where the multiplier's second operand is the wide one.
(* techmap_celltype = "$mul" *)
module cut_product (A, B, Y);
  parameter A_SIGNED = 0;
  parameter B_SIGNED = 0;
  parameter A_WIDTH = 1;
  parameter B_WIDTH = 1;
  parameter Y_WIDTH = 1;
  input [A_WIDTH-1:0] A;
  input [B_WIDTH-1:0] B;
  output [Y_WIDTH-1:0] Y;

  wire [47:0] wide, narrow;
  wire [`WIDE+`NARROW-1:0] product;
  wire _TECHMAP_FAIL_ = A_WIDTH != Y_WIDTH || B_WIDTH != Y_WIDTH;
`ifdef SWAP
  assign wide = $signed(B);
  assign narrow = $signed(A);
`else
  assign wide = $signed(A);
  assign narrow = $signed(B);
`endif
  bm_product cut (
      .wide(wide[`WIDE-1:0]), .narrow(narrow[`NARROW-1:0]),
      .fits(wide == {{(48 - `WIDE) {wide[`WIDE-1]}}, wide[`WIDE-1:0]} &&
            narrow == {{(48 - `NARROW) {narrow[`NARROW-1]}}, narrow[`NARROW-1:0]}),
      .product(product));
  assign Y = $signed(product);
endmodule
