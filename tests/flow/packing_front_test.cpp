#include <fstream>
#include <regex>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/file.hpp"
#include "flow/device_access.hpp"
#include "flow/packing_cell.hpp"
#include "flow_case.hpp"
#include "hw/array_limits.hpp"
#include "pack/cell.hpp"
#include "verify/process.hpp"

/// What the fronts show is what the arrays execute.
namespace bitmason::flow {
namespace {

struct FrontPacking {
  std::string cell;
  pack::Packing packing;
};

/// The packings of one multiplier on the fronts of w, a in 1..8 and K = 1, 3, 5, with and without other
/// methods beside them, each once.
std::vector<FrontPacking> direct_packings(const device::Primitive& primitive) {
  std::vector<FrontPacking> packings;
  std::set<std::string> known;
  PackRequest arrays;
  arrays.direct = true;
  pack::CellSolver solver = solver_of(primitive, arrays);
  for (int cell = 0; cell < 192; ++cell) {
    const int w = cell / 8 % 8 + 1, a = cell % 8 + 1, kernel = 1 + cell / 64 * 2;
    for (const bool array_only : {false, true}) {
      pack::Cell asked = pack::cell_of_widths(w, a, kernel);
      asked.array_only = array_only;
      for (const pack::Scheme& scheme : solver.front(asked)) {
        const pack::Packing packing = pack::side_by_side(scheme.parts.front().packing);
        if (scheme.method != pack::Method::Direct || !known.insert(json_of(packing)).second) continue;
        packings.push_back({fmt::format("K{} w{}a{}", kernel, w, a), packing});
      }
    }
  }
  return packings;
}

hw::PackArrayShape shape_of(const pack::Packing& packing, const device::Primitive& primitive, int lanes) {
  const int chain = std::min(8, hw::chain_of(packing, lanes, primitive.cascade));
  return hw::array_shape(packing, {.lanes = lanes, .chain = chain, .steps = 16, .sum_bits = 32});
}

std::string number(const hw::ParameterValue& value) {
  const std::string bits = hw::parameter_bits(value);
  return fmt::format("{}'b{}", bits.size(), bits);
}

/// A module with an array of two lanes for each packing, its ports open.
std::string top_of(const std::vector<FrontPacking>& packings, std::size_t from, std::size_t to,
                   const device::Primitive& primitive) {
  const int number_of_primitive = hw::primitive_number(primitive).value();
  std::string text = "module pack_top;\n";
  for (std::size_t k = from; k < to; ++k) {
    const pack::Packing& packing = packings[k].packing;
    const bool sign = packing.coding == pack::Coding::SignMagnitude;
    const hw::Parameters parameters =
        sign ? hw::sign_array_parameters(packing, number_of_primitive, {.lanes = 2, .sum_bits = 32})
             : hw::pack_array_parameters(packing, number_of_primitive, shape_of(packing, primitive, 2));
    std::string list;
    for (const auto& [name, value] : parameters) {
      list += fmt::format("{}.{}({})", list.empty() ? "" : ", ", name,
                          std::holds_alternative<std::int64_t>(value)
                              ? std::to_string(std::get<std::int64_t>(value))
                              : number(value));
    }
    text += fmt::format("  // {}\n  {} #({}) u_{} ();\n", packings[k].cell,
                        sign ? "bm_sign_array" : "bm_pack_array", list, k);
  }
  return text + "endmodule\n";
}

class PackingFronts : public ::testing::TestWithParam<const char*> {};
class SlowPackingFronts : public ::testing::TestWithParam<const char*> {};

TEST_P(PackingFronts, HoldNothingThatTheArraysRefuse) {
  const auto primitive = find_primitive(cases::data(), GetParam());
  ASSERT_TRUE(primitive) << to_text(primitive.errors());
  const auto packings = direct_packings(*primitive);
  EXPECT_GT(packings.size(), 150u);
  for (const auto& [cell, packing] : packings) {
    for (const int lanes : {2, 8}) {
      const auto refusal = packing.coding == pack::Coding::SignMagnitude
                               ? hw::sign_array_refusal(packing)
                               : hw::array_refusal(packing, shape_of(packing, *primitive, lanes));
      EXPECT_FALSE(refusal) << cell << ", " << to_text(packing) << ", " << lanes << " lanes: " << *refusal;
    }
  }
}

/// The width of the sums stands in the devices' data, by which packings are chosen, and in the array.
TEST_P(PackingFronts, AreSummedAsWideAsTheArraySums) {
  const auto primitive = find_primitive(cases::data(), GetParam());
  ASSERT_TRUE(primitive) << to_text(primitive.errors());
  const auto text = read_file(cases::data().rtl() / "bm_pack_array.sv");
  ASSERT_TRUE(text);
  std::smatch widths;
  ASSERT_TRUE(std::regex_search(
      *text, widths, std::regex(R"(localparam int ACC = PRIM == 4 \? (\d+) : PRIM == 3 \? (\d+) : (\d+);)")));
  const int number = hw::primitive_number(*primitive).value();
  const std::size_t place = number == 4 ? 1 : number == 3 ? 2 : 3;
  EXPECT_EQ(primitive->accumulator_bits, std::stoi(widths[place]));
}

// Verilator elaborates each of them: a module that refuses parameters names one that does not exist.
TEST_P(SlowPackingFronts, AllElaborate) {
  if (!verify::verilator_version()) GTEST_SKIP() << "Verilator is not installed";
  const auto primitive = find_primitive(cases::data(), GetParam());
  ASSERT_TRUE(primitive) << to_text(primitive.errors());
  const auto packings = direct_packings(*primitive);
  const auto rtl = cases::data().rtl();
  constexpr std::size_t kAtOnce = 20;
  for (std::size_t from = 0; from < packings.size(); from += kAtOnce) {
    const cases::Scratch folder;
    std::ofstream(folder / "top.sv") << top_of(packings, from, std::min(from + kAtOnce, packings.size()),
                                               *primitive);
    const auto linted =
        verify::run_checked({.program = "verilator",
                             .arguments = {"--lint-only", "-Wno-PINMISSING", "-y", rtl.string(), "-y",
                                           (rtl / "dsp").string(), "-y", (rtl / "dsp" / "models").string(),
                                           "--top-module", "pack_top", (folder / "top.sv").string()}});
    EXPECT_TRUE(linted) << "from " << packings[from].cell << ": " << to_text(linted.errors());
  }
}

const auto kPrimitives = ::testing::Values("DSP48E2", "DSP48E1", "MULT18X18D", "SB_MAC16");
const auto kName = [](const ::testing::TestParamInfo<const char*>& test) { return std::string(test.param); };
INSTANTIATE_TEST_SUITE_P(Of, PackingFronts, kPrimitives, kName);
INSTANTIATE_TEST_SUITE_P(Of, SlowPackingFronts, kPrimitives, kName);

}  // namespace
}  // namespace bitmason::flow
