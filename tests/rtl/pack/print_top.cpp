// Prints the SystemVerilog top of the packed array bench: one bm_pack_array or bm_sign_array per case.
#include <fmt/format.h>

#include "pack_case.hpp"

namespace bitmason::rtl {
namespace {

std::string offsets(const std::vector<int>& values) {
  std::string digits;
  for (const int value : values) digits = fmt::format("{:04x}", value) + digits;
  return fmt::format("{}'h{}", 16 * values.size(), digits);
}

/// Operands and what they are called: codes, or magnitudes and signs.
void print_operands(const PackCase& test, std::size_t index) {
  if (test.magnitudes) {
    fmt::print(
        "    .w_negative(w_negative[{0}][{1}:0]), .magnitudes(codes[{0}][{2}:0]), "
        ".negative(negative[{0}][{3}:0]),\n",
        index, test.cols * test.lanes * test.nw() - 1, test.lanes * test.na() * test.abits - 1,
        test.lanes * test.na() - 1);
  } else {
    fmt::print("    .first(first[{0}]), .codes(codes[{0}][{1}:0]),\n", index,
               test.lanes * test.na() * test.abits - 1);
  }
}

void print_instance(const PackCase& test, std::size_t index) {
  const auto fields = test.fields();
  const int out = test.cols * static_cast<int>(fields.size()) * test.out_bits();
  fmt::print("  {} #(\n    .PRIM({}), .COLS({}), .LANES({}), .STEPS({}),\n",
             test.magnitudes ? "bm_sign_array" : "bm_pack_array", test.prim, test.cols, test.lanes,
             test.steps);
  if (!test.magnitudes) {
    fmt::print("    .ACCUM({:d}), .CHAIN({}), .SHARE({}), .WSIGNED({:d}), .ASIGNED({:d}),\n", test.accum,
               test.chain, test.share, test.wsigned, test.asigned);
  }
  fmt::print("    .NW({}), .NA({}), .WBITS({}), .ABITS({}), .WIDE_W({:d}),\n", test.nw(), test.na(),
             test.wbits, test.abits, test.wide_w);
  if (test.split) fmt::print("    .APORT({}),\n", test.aport());
  fmt::print("    .NF({}), .WOFF({}), .AOFF({}), .FOFF({}), .LOW({}), .HIGH({}), .OUT({})\n", fields.size(),
             offsets(test.woff), offsets(test.aoff), offsets(fields), test.low(), test.high(),
             test.out_bits());
  fmt::print("  ) u_{0} (\n    .clk, .rst, .valid(valid[{1}]), .last(last[{1}]), .w(w[{1}][{2}:0]),\n",
             test.name, index, test.cols * test.lanes * test.nw() * test.wbits - 1);
  print_operands(test, index);
  fmt::print(
      "    .tag(1'b0), .a(a[{0}][{1}:0]), .sums_valid(sums_valid[{0}]), .sums_tag(),\n    "
      ".sums(sums[{0}][{2}:0])\n  );\n",
      index, test.lanes * test.aport() - 1, out - 1);
  if (out < kVectorBits) fmt::print("  assign sums[{}][1023:{}] = '0;\n", index, out);
}

}  // namespace
}  // namespace bitmason::rtl

int main(int argc, char** argv) {
  const auto cases = bitmason::rtl::pack_cases(argc > 1 ? argv[1] : "");
  fmt::print(
      "// verilator lint_off UNUSEDSIGNAL\n// verilator lint_off PINCONNECTEMPTY\nmodule pack_top (\n  input "
      "logic clk, input logic rst,\n  input "
      "logic [63:0] valid, "
      "first, last,\n  input logic [1023:0] w[{0}], a[{0}], codes[{0}], w_negative[{0}], negative[{0}],\n  "
      "output logic [63:0] sums_valid, "
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
