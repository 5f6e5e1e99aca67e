// Prints the SystemVerilog top of the packed array bench: one bm_pack_array per case.
#include <fmt/format.h>

#include "pack_case.hpp"

namespace bitmason::rtl {
namespace {

std::string offsets(const std::vector<int>& values) {
  std::string digits;
  for (const int value : values) digits = fmt::format("{:04x}", value) + digits;
  return fmt::format("{}'h{}", 16 * values.size(), digits);
}

void print_instance(const PackCase& test, std::size_t index) {
  const auto fields = test.fields();
  const int out = test.cols * static_cast<int>(fields.size()) * test.out_bits();
  fmt::print(
      "  bm_pack_array #(\n    .PRIM({}), .ACCUM({:d}), .COLS({}), .LANES({}), .CHAIN({}), .SHARE({}), "
      ".STEPS({}),\n",
      test.prim, test.accum, test.cols, test.lanes, test.chain, test.share, test.steps);
  fmt::print("    .NW({}), .NA({}), .WBITS({}), .ABITS({}), .WSIGNED({:d}), .ASIGNED({:d}), .WIDE_W({:d}),\n",
             test.nw(), test.na(), test.wbits, test.abits, test.wsigned, test.asigned, test.wide_w);
  fmt::print("    .NF({}), .WOFF({}), .AOFF({}), .FOFF({}), .LOW({}), .HIGH({}), .OUT({})\n", fields.size(),
             offsets(test.woff), offsets(test.aoff), offsets(fields), test.low(), test.high(),
             test.out_bits());
  fmt::print(
      "  ) u_{} (\n    .clk, .rst, .valid(valid[{}]), .first(first[{}]), .last(last[{}]), .w(w[{}][{}:0]),\n",
      test.name, index, index, index, index, test.cols * test.lanes * test.nw() * test.wbits - 1);
  fmt::print(
      "    .tag(1'b0), .a(a[{}][{}:0]), .codes(codes[{}][{}:0]), .sums_valid(sums_valid[{}]), .sums_tag(),\n"
      "    .sums(sums[{}][{}:0])\n  );\n",
      index, test.lanes * test.aport() - 1, index, test.lanes * test.na() * test.abits - 1, index, index,
      out - 1);
  fmt::print("  assign sums[{}][1023:{}] = '0;\n", index, out);
}

}  // namespace
}  // namespace bitmason::rtl

int main(int argc, char** argv) {
  const auto cases = bitmason::rtl::pack_cases(argc > 1 ? argv[1] : "");
  fmt::print(
      "// verilator lint_off UNUSEDSIGNAL\n// verilator lint_off PINCONNECTEMPTY\nmodule pack_top (\n  input "
      "logic clk, input logic rst,\n  input "
      "logic [63:0] valid, "
      "first, last,\n  input logic [1023:0] w[{0}], a[{0}], codes[{0}],\n  output logic [63:0] sums_valid, "
      "output logic [1023:0] "
      "sums[{0}]\n);\n",
      cases.size());
  if (cases.size() < 64) fmt::print("  assign sums_valid[63:{}] = '0;\n", cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (!cases[i].legal()) return fmt::print(stderr, "{} is not a legal case\n", cases[i].name), 1;
    bitmason::rtl::print_instance(cases[i], i);
  }
  fmt::print("endmodule\n");
}
