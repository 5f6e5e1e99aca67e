#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "packing_cases.hpp"

namespace bitmason::pack::test {
namespace {

nlohmann::json shared_json(const std::string& name) {
  const std::filesystem::path path = std::filesystem::path(BITMASON_SHARED_DIR) / "design" / name;
  if (!std::filesystem::exists(path)) return {};
  std::ifstream file(path);
  return nlohmann::json::parse(file);
}

/// 'n' narrow, 'f' full, 'u' unsigned, 'c' centred; one bit is {0, 1} unless centred.
IntRange range_of(char kind, int bits) {
  if (kind == 'u' || (bits == 1 && kind != 'c')) return IntRange::unsigned_bits(bits);
  return kind == 'n' ? IntRange::narrow_bits(bits) : IntRange::signed_bits(bits);
}

PackingProblem problem_of(const nlohmann::json& witness) {
  const std::string range = witness["range"];
  const auto underscore = range.find('_');
  return {.ports = kDsp48e2,
          .weight = range_of(range[0], witness["w"]),
          .activation = range_of(range[underscore + 1], witness["a"]),
          .kernel = witness["K"]};
}

/// The witness' layout with the family its sums have; nothing for hybrids, which are neither.
std::optional<Layout> layout_of(const nlohmann::json& witness) {
  Layout layout{.weight_offsets = witness["weight_offsets"],
                .activation_offsets = witness["activation_offsets"],
                .weights_on_wide_port = witness["weights_on_27_bit_port"] == 1};
  std::set<int> sums;
  for (int w : layout.weight_offsets) {
    for (int a : layout.activation_offsets) sums.insert(w + a);
  }
  const std::size_t weights = layout.weight_offsets.size();
  const std::size_t activations = layout.activation_offsets.size();
  if (sums.size() == weights * activations) return layout;
  if (sums.size() != weights + activations - 1) return std::nullopt;
  layout.family = Family::Convolution;
  return layout;
}

TEST(Witnesses, OfGuardBitsAreAcceptedWithTheirAccumulationsAndRefusedWithOneMore) {
  const auto witnesses = shared_json("packing_witnesses.json");
  if (witnesses.is_null()) GTEST_SKIP() << "packing_witnesses.json is not there";
  int checked = 0;
  int hybrids = 0;
  for (const auto& witness : witnesses) {
    const int n = witness["accumulations_no_side_bit"];
    if (n == 0) continue;
    const auto layout = layout_of(witness);
    if (!layout) {
      ++hybrids;
      continue;
    }
    const Packing packing = assemble(problem_of(witness), *layout, n);
    ASSERT_EQ(messages(verify(packing)), "") << witness.dump();
    ++checked;
    // The table's largest count is a cap of its search.
    if (n == 8388607) continue;
    ASSERT_FALSE(verify(assemble(problem_of(witness), *layout, n + 1)).ok()) << witness.dump();
    if (checked % 8 == 0) {
      ASSERT_TRUE(exact_on_corners(packing)) << witness.dump();
    }
  }
  std::printf("%d witnesses accepted, %d hybrids of both families passed over\n", checked, hybrids);
  EXPECT_GT(checked, 2000);
  EXPECT_LT(hybrids, 100);
}

TEST(Witnesses, WithoutGuardBitsAreRefusedForOneAccumulation) {
  const auto witnesses = shared_json("packing_witnesses.json");
  if (witnesses.is_null()) GTEST_SKIP() << "packing_witnesses.json is not there";
  int refused = 0;
  for (const auto& witness : witnesses) {
    if (witness["accumulations_no_side_bit"] != 0) continue;
    const auto layout = layout_of(witness);
    if (!layout) continue;
    ASSERT_FALSE(verify(assemble(problem_of(witness), *layout, 1)).ok()) << witness.dump();
    ++refused;
  }
  EXPECT_GT(refused, 1000);
}

/// The rule of a witness's mode "G8v0", "G1v1", "C2".
Conditions conditions_of(const std::string& mode) {
  if (mode[0] == 'C') return {.rule = Rule::Canary, .side_bits = std::stoi(mode.substr(1))};
  return {.side_bits = std::stoi(mode.substr(mode.find('v') + 1)),
          .accumulations = std::stoi(mode.substr(1))};
}

/// The witness' own layout under its rule; nothing for blocks that are neither products apart nor one
/// kernel row.
std::optional<Packing> packing_of(const nlohmann::json& witness) {
  auto layout = layout_of(witness);
  if (!layout) return std::nullopt;
  const Conditions conditions = conditions_of(witness["mode"]);
  layout->rule = conditions.rule;
  layout->side_bits = conditions.side_bits;
  return assemble(problem_of(witness), *layout, conditions.accumulations);
}

TEST(Witnesses, OfEveryRuleAreAcceptedUnderIt) {
  const auto witnesses = shared_json("packing_witnesses.json");
  if (witnesses.is_null()) GTEST_SKIP() << "packing_witnesses.json is not there";
  std::map<std::string, int> accepted;
  for (const auto& witness : witnesses) {
    const auto packing = packing_of(witness);
    if (!packing) continue;
    ASSERT_EQ(messages(verify(*packing)), "") << witness.dump();
    ++accepted[witness["mode"]];
    if (accepted[witness["mode"]] % 16 == 0) {
      ASSERT_TRUE(exact_on_corners(*packing) && exact_on_random(*packing, 2, 1)) << witness.dump();
    }
  }
  for (const auto& [mode, count] : accepted) std::printf("%s: %d witnesses accepted\n", mode.c_str(), count);
  for (const char* mode : {"G1v0", "G1v1", "C1", "C2"}) EXPECT_GT(accepted[mode], 300) << mode;
}

/// Witnesses that are denser than the solver's densest packing under their rule, as "K3 G4v0 3.00".
std::map<std::string, int> denser_witnesses(const nlohmann::json& witnesses) {
  std::map<std::string, int> result;
  for (const auto& witness : witnesses) {
    const auto found = solve_densest(problem_of(witness), conditions_of(witness["mode"]));
    const double theirs = witness["macs_per_cycle"];
    if (found && found->density() > theirs - 0.01) continue;
    const std::size_t taps = witness["K"];
    EXPECT_NE(witness["weight_offsets"].size() % taps, 0u) << "whole kernel rows: " << witness.dump();
    ++result["K" + witness["K"].dump() + " " + std::string(witness["mode"]) + " " +
             witness["macs_per_cycle"].dump()];
  }
  return result;
}

TEST(Witnesses, AreDenserThanTheSolverOnlyWhereAKernelRowIsSplitOverMultipliers) {
  const auto witnesses = shared_json("packing_witnesses.json");
  if (witnesses.is_null()) GTEST_SKIP() << "packing_witnesses.json is not there";
  int denser = 0;
  for (const auto& [what, count] : denser_witnesses(witnesses)) {
    std::printf("%s: %d\n", what.c_str(), count);
    denser += count;
    EXPECT_NE(what[1], '1') << "an outer product: " << what;
  }
  EXPECT_LT(denser, 500);
}

}  // namespace
}  // namespace bitmason::pack::test
