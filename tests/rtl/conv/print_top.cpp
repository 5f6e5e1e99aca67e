// Prints the SystemVerilog top of the convolution bench: one bm_conv per case, its streams as elements of
// arrays.
#include "conv_case.hpp"

#include <fmt/format.h>

namespace bitmason::rtl {
namespace {

template <typename T>
std::string packed_literal(const std::vector<T>& values, int bits) {
  std::string digits;
  for (const auto value : values) {
    const auto field = static_cast<std::uint64_t>(value) & ((std::uint64_t{1} << bits) - 1);
    digits = fmt::format("{:0{}x}", field, bits / 4) + digits;
  }
  return fmt::format("{}'h{}", static_cast<std::size_t>(bits) * values.size(), digits);
}

/// Sends the words of the weight file again and again, held back while `hold` is high.
constexpr const char* kFeed = R"(
module conv_feed #(parameter int WIDTH = 1, parameter int WORDS = 1, parameter FILE = "") (
  input logic clk, input logic rst_n, input logic hold, output logic valid, input logic ready, output logic [WIDTH-1:0] data
);
  logic [WIDTH-1:0] words[0:WORDS-1];
  int next;
  initial $readmemh(FILE, words);
  always_ff @(posedge clk) begin
    if (!rst_n) begin
      valid <= 1'b0;
      next <= 0;
    end else if (!valid || ready) begin
      valid <= !hold;
      data <= words[next];
      if (!hold) next <= next == WORDS - 1 ? 0 : next + 1;
    end
  end
endmodule
)";

void print_feed(const ConvCase& test) {
  const int width = test.external ? test.word_bits() : 1;
  fmt::print("  logic w_valid_{0}, w_ready_{0};\n  logic [{1}:0] w_data_{0};\n", test.name, width - 1);
  if (test.external) {
    fmt::print(
        "  conv_feed #(.WIDTH({0}), .WORDS({1}), .FILE(\"{2}_w.mem\")) u_feed_{2} (\n    .clk, .rst_n, "
        ".hold(hold), "
        ".valid(w_valid_{2}), .ready(w_ready_{2}), .data(w_data_{2}));\n",
        width, test.groups() * test.steps(), test.name);
  } else {
    fmt::print("  assign w_valid_{0} = 1'b0;\n  assign w_data_{0} = '0;\n", test.name);
  }
}

void print_instance(const ConvCase& test, int index) {
  const auto packing = pack_uniformly(test);
  print_feed(test);
  fmt::print("  bm_conv #(\n    .CIN({}), .H({}), .W({}), .COUT({}), .KH({}), .KW({}), .SH({}), .SW({}),\n",
             test.cin, test.h, test.w, test.cout, test.kh, test.kw, test.sh, test.sw);
  fmt::print(
      "    .PT({}), .PL({}), .PB({}), .PR({}), .ABITS({}), .ASIGNED({:d}), .CENTRE({:d}), .WBITS({}), "
      ".PAD_VALUE({}),\n",
      test.pt, test.pl, test.pb, test.pr, test.abits, test.asigned, test.centred, test.wbits, test.pad_value);
  fmt::print(
      "    .CONV({:d}), .DW({:d}), .SIMD({}), .KPF({}), .COLS({}), .NWC({}), .NP({}), .CHAIN({}), "
      ".CHO({}), .PG({}), .INP({}), .ALIGN({:d}),\n",
      test.conv, test.dw, test.simd, test.kpf, test.cols, test.nwc, test.np, test.chain, test.cho, test.pg,
      test.inp, test.align);
  fmt::print("    .ACCUM({}), .SHARE({}), .LOW({}), .HIGH({}),\n",
             test.side == 0 ? 0
             : test.stay    ? 1
                            : 2,
             test.share, test.product_bounds()[0], test.product_bounds()[1]);
  fmt::print("    .NFIELDS({}), .WOFF({}), .AOFF({}), .FOFF({}), .FWID({}),\n", test.fields(),
             packed_literal(packing.weight_offsets, 16), packed_literal(packing.code_offsets, 16),
             packed_literal(packing.field_offsets, 16), packed_literal(packing.field_widths, 16));
  fmt::print(
      "    .WIDE_W({:d}), .BIAS(64'h{:x}), .FIELD_FIX({}), .OUT_BITS({}), .ROWS({}), .LINE_BLOCK({:d}),\n",
      test.wide_w, static_cast<std::uint64_t>(packing.bias), packed_literal(packing.field_fix, 32),
      test.out_bits(), test.rows, test.line_block);
  fmt::print(
      "    .WEIGHT_BLOCK({:d}), .WFILE(\"{}_w.mem\"), .BIASFILE(\"{}_b.mem\"), .HAS_BIAS({:d}), .PRIM({}), "
      ".FABRIC({:d}), .EXTERNAL({:d}), .TURN_BLOCK({:d})\n",
      test.weight_block, test.name, test.name, test.has_bias, test.prim, test.fabric, test.external,
      test.line_block);
  fmt::print(
      "  ) u_{0} (\n    .clk, .rst_n, .in_valid(in_valid[{1}]), .in_ready(in_ready[{1}]), "
      ".in_data(in_data[{1}][{2}:0]),\n    .w_valid(w_valid_{0}), .w_ready(w_ready_{0}), "
      ".w_data(w_data_{0}),\n",
      test.name, index, test.inp * test.simd * test.abits - 1);
  fmt::print(
      "    .out_valid(out_valid[{}]), .out_ready(out_ready[{}]), .out_data(out_data[{}][{}:0])\n  );\n",
      index, index, index, test.cho * test.out_bits() - 1);
  fmt::print("  assign out_data[{}][511:{}] = '0;\n", index, test.cho * test.out_bits());
}

}  // namespace
}  // namespace bitmason::rtl

int main(int argc, char** argv) {
  const auto cases = bitmason::rtl::conv_cases(argc > 1 ? argv[1] : "");
  const auto count = cases.size();
  fmt::print(
      "// verilator lint_off UNUSEDSIGNAL\n// verilator lint_off DECLFILENAME\n{1}module conv_top (\n"
      "  input logic clk, input logic rst_n, input logic hold,\n"
      "  input logic [63:0] in_valid, output logic [63:0] in_ready, input logic [511:0] in_data[{0}],\n"
      "  output logic [63:0] out_valid, input logic [63:0] out_ready, output logic [511:0] "
      "out_data[{0}]\n);\n"
      "  assign in_ready[63:{0}] = '0;\n  assign out_valid[63:{0}] = '0;\n",
      count, bitmason::rtl::kFeed);
  for (std::size_t i = 0; i < count; ++i) bitmason::rtl::print_instance(cases[i], static_cast<int>(i));
  fmt::print("endmodule\n");
}
