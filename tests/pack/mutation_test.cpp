#include <gtest/gtest.h>

#include "packing_cases.hpp"

namespace bitmason::pack::test {
namespace {

/// The packing with the gap below operand `from` shrunk by a bit (for a convolution all gaps of both
/// operands, whose fields need the common spacing), fields derived afresh.
Packing shrunk(const Packing& packing, bool weights, std::size_t from) {
  Layout layout = layout_of(packing);
  if (packing.family == Family::Convolution) {
    for (auto* offsets : {&layout.weight_offsets, &layout.activation_offsets}) {
      for (std::size_t i = 0; i < offsets->size(); ++i) (*offsets)[i] -= static_cast<int>(i);
    }
  } else {
    auto& offsets = weights ? layout.weight_offsets : layout.activation_offsets;
    for (std::size_t i = from; i < offsets.size(); ++i) --offsets[i];
  }
  return assemble(problem_of(packing), layout, packing.accumulations);
}

bool ascends(const std::vector<int>& offsets) {
  for (std::size_t i = 1; i < offsets.size(); ++i) {
    if (offsets[i] <= offsets[i - 1]) return false;
  }
  return true;
}

/// The packing as solved, whose gaps are tight, and with a third of its accumulations, which leaves slack.
std::vector<Packing> with_and_without_slack(const Packing& packing) {
  std::vector<Packing> both{packing};
  if (packing.rule == Rule::GuardBits && packing.accumulations > 1) {
    both.push_back(assemble(problem_of(packing), layout_of(packing), (packing.accumulations + 2) / 3));
  }
  return both;
}

struct Counts {
  int proved = 0;
  int refuted = 0;
  int merged = 0;
};

/// Proved mutants must be exact; rejected ones must return a wrong sum for some operands.
void judge(const Packing& mutant, std::size_t fields, Counts& counts) {
  if (!ascends(mutant.weight_offsets) || !ascends(mutant.activation_offsets)) return;
  if (mutant.fields.size() < fields) {
    ++counts.merged;  // two sums share a field: neither can be told apart, whatever they are
    EXPECT_FALSE(verify(mutant).ok());
  } else if (verify(mutant).ok()) {
    ++counts.proved;
    EXPECT_TRUE(exact_on_corners(mutant) && exact_on_random(mutant, 5, 2)) << draw(mutant);
  } else {
    ++counts.refuted;
    EXPECT_FALSE(exact_on_corners(mutant) && exact_on_random(mutant, 400, 3))
        << to_text(mutant) << "\n"
        << draw(mutant) << messages(verify(mutant));
  }
}

Counts judge_all(const Conditions& conditions, int kernel, const MultiplierPorts& ports) {
  Counts counts;
  for (int w = 1; w <= 8; ++w) {
    for (int a = 1; a <= 8; ++a) {
      PackingProblem p = problem(w, a, kernel, ports);
      if (a > 1 && (w + a) % 2 == 0) p.activation = IntRange::signed_bits(a);
      const auto solved = solve_densest(p, conditions);
      if (!solved || solved->fields.size() == 1) continue;
      for (const Packing& original : with_and_without_slack(*solved)) {
        const std::size_t fields = original.fields.size();
        if (original.family == Family::Convolution) {
          judge(shrunk(original, true, 1), fields, counts);
          continue;
        }
        // Blocks of a hybrid move as a whole.
        const auto taps = static_cast<std::size_t>(original.taps);
        const auto pixels = static_cast<std::size_t>(original.pixels);
        for (std::size_t i = taps; i < original.weight_offsets.size(); i += taps) {
          judge(shrunk(original, true, i), fields, counts);
        }
        for (std::size_t j = pixels; j < original.activation_offsets.size(); j += pixels) {
          judge(shrunk(original, false, j), fields, counts);
        }
      }
    }
  }
  return counts;
}

class Mutation : public testing::TestWithParam<Conditions> {};

TEST_P(Mutation, AGapShrunkByABitIsProvedOrTheModelFindsAWrongSum) {
  Counts all;
  for (const MultiplierPorts& ports : {kDsp48e2, kDsp48e1, kMult18, kMac16, kDsp58}) {
    for (const int kernel : {1, 3, 5}) {
      const Counts counts = judge_all(GetParam(), kernel, ports);
      all.proved += counts.proved;
      all.refuted += counts.refuted;
      all.merged += counts.merged;
      EXPECT_GT(counts.proved + counts.refuted + counts.merged, 5) << kernel;
    }
  }
  EXPECT_GT(all.proved + all.refuted + all.merged, 500);
  std::printf("%d shrunk packings still proved, %d refuted by a wrong sum, %d with merged sums\n", all.proved,
              all.refuted, all.merged);
}

INSTANTIATE_TEST_SUITE_P(Rules, Mutation, testing::ValuesIn(every_rule()), [](const auto& rule) {
  const Conditions& c = rule.param;
  return std::string(c.coding == Coding::SignMagnitude ? "SignMagnitude" : "") +
         (c.rule == Rule::Canary ? "C" + std::to_string(c.side_bits)
                                 : "G" + std::to_string(c.accumulations) + "v" + std::to_string(c.side_bits));
});

}  // namespace
}  // namespace bitmason::pack::test
