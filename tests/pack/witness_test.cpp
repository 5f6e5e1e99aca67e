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

/// Densest packing of the kernel width, in products a cycle; a convolution counts whole kernel rows.
double densest(const PackingProblem& problem, int accumulations) {
  double best = 0;
  for (const Family family : {Family::OuterProduct, Family::Convolution}) {
    for (const Packing& packing : solve_front(problem, family)) {
      if (packing.accumulations >= accumulations) best = std::max(best, packing.density());
    }
  }
  return best;
}

/// Guard-bit cells in which a witness is denser than every packing of the solvers, by kernel width.
std::map<int, std::vector<double>> denser_witnesses(const nlohmann::json& witnesses) {
  std::map<int, std::vector<double>> result;
  for (const auto& witness : witnesses) {
    const std::string mode = witness["mode"];
    if (mode.substr(mode.size() - 2) != "v0") continue;
    PackingProblem p = problem_of(witness);
    p.max_weights = p.max_activations = 48;
    const double theirs = witness["macs_per_cycle"];
    if (densest(p, std::stoi(mode.substr(1))) < theirs - 0.01) result[p.kernel].push_back(theirs);
  }
  return result;
}

TEST(Witnesses, OfGuardBitsAreNotDenserThanTheSolversExceptSplitKernelRowsAndThreeHybrids) {
  const auto witnesses = shared_json("packing_witnesses.json");
  if (witnesses.is_null()) GTEST_SKIP() << "packing_witnesses.json is not there";
  auto denser = denser_witnesses(witnesses);
  EXPECT_TRUE(denser[1].empty());
  // 448 cells of K = 3: 3.0 and 4.5 are kernel rows split into two taps and one, 54 stacks two channels.
  EXPECT_EQ(denser[3].size(), 53u);
  for (double density : denser[3])
    EXPECT_TRUE(density == 3.0 || density == 4.5 || density == 54.0) << density;
  EXPECT_EQ(std::count(denser[3].begin(), denser[3].end(), 54.0), 3);
}

}  // namespace
}  // namespace bitmason::pack::test
