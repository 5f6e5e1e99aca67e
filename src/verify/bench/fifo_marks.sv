// Notes the most beats that each bm_fifo of a simulated design has held and prints them at the end, one line
// "mark <hierarchical name> <beats>" each. Bound to the module from outside: the design itself is unchanged.
module bm_fifo_mark (
    input logic clk,
    input logic rst_n,
    input logic [31:0] count
);
  logic [31:0] most;
  always_ff @(posedge clk) begin
    if (!rst_n) most <= 0;
    else if (count > most) most <= count;
  end
  final $display("mark %m %0d", most);
endmodule

bind bm_fifo bm_fifo_mark u_mark (.clk, .rst_n, .count(32'(count)));
