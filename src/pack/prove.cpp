#include "pack/prove.hpp"

#include <algorithm>
#include <random>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include "pack/digits.hpp"
#include "pack/model.hpp"

namespace bitmason::pack {

namespace {

using Values = std::vector<std::int64_t>;

/// Products kept before a comparison of long accumulations.
constexpr int kLongest = 1 << 12;

class OperandCheck {
 public:
  explicit OperandCheck(const Packing& packing)
      : packing_(packing),
        model_(packing),
        weights_(packing.weight_offsets.size()),
        activations_(packing.activation_offsets.size()),
        expected_(packing.fields.size()) {}

  /// One product from a cleared model, every operand combination in turn.
  bool every_operand(Proof& proof) {
    fill(weights_, packing_.weight.lo);
    do {
      fill(activations_, packing_.activation.lo);
      do {
        start();
        add();
        ++proof.operand_cases;
        if (!agrees(proof)) return false;
      } while (advance(activations_, packing_.activation));
    } while (advance(weights_, packing_.weight));
    proof.every_operand = true;
    return true;
  }

  /// Extremes held over long accumulations, then random ones, half of them extreme.
  bool sampled(Proof& proof, const ProofEffort& effort) {
    const int longest = longest_accumulation();
    for (std::int64_t w : {packing_.weight.lo, std::int64_t{0}, packing_.weight.hi}) {
      for (std::int64_t a : {packing_.activation.lo, std::int64_t{0}, packing_.activation.hi}) {
        fill(weights_, w);
        fill(activations_, a);
        start();
        for (int n = 0; n < longest; ++n) add();
        proof.operand_cases += static_cast<std::uint64_t>(longest);
        if (!agrees(proof)) return false;
      }
    }
    std::mt19937_64 random(effort.seed);
    const std::uint64_t end = proof.operand_cases + effort.samples;
    while (proof.operand_cases < end) {
      const int length = 1 + static_cast<int>(random() % static_cast<std::uint64_t>(longest));
      start();
      for (int n = 0; n < length; ++n) {
        draw(weights_, packing_.weight, random);
        draw(activations_, packing_.activation, random);
        add();
      }
      proof.operand_cases += static_cast<std::uint64_t>(length);
      if (!agrees(proof)) return false;
    }
    return true;
  }

 private:
  static void fill(Values& values, std::int64_t value) { std::fill(values.begin(), values.end(), value); }

  static bool advance(Values& values, const IntRange& range) {
    for (auto& value : values) {
      if (value < range.hi) return ++value, true;
      value = range.lo;
    }
    return false;
  }

  static void draw(Values& values, const IntRange& range, std::mt19937_64& random) {
    for (auto& value : values) {
      const std::uint64_t bits = random();
      const auto offset =
          static_cast<std::int64_t>((bits >> 2) % static_cast<std::uint64_t>(range.span() + 1));
      value = (bits & 1) != 0 ? range.lo + offset : (bits & 2) != 0 ? range.lo : range.hi;
    }
  }

  /// Reads of several extractions for GuardBits; as long as promised, or beyond every wrap, for Canary.
  [[nodiscard]] int longest_accumulation() const {
    if (packing_.rule == Rule::Canary) return std::min(packing_.accumulations, kLongest);
    return packing_.accumulations > kLongest / 2 ? kLongest : 2 * packing_.accumulations;
  }

  void start() {
    model_.clear();
    fill(expected_, 0);
  }

  void add() {
    model_.multiply(weights_, activations_);
    for (std::size_t k = 0; k < expected_.size(); ++k) {
      for (const auto& [i, j] : packing_.fields[k].terms) {
        expected_[k] += weights_[static_cast<std::size_t>(i)] * activations_[static_cast<std::size_t>(j)];
      }
    }
  }

  bool agrees(Proof& proof) {
    const Values read = model_.read();
    if (read == expected_) return true;
    proof.holds = false;
    proof.counterexample = fmt::format("last weights ({}), activations ({}): fields ({}) and ({}) is right",
                                       fmt::join(weights_, ", "), fmt::join(activations_, ", "),
                                       fmt::join(read, ", "), fmt::join(expected_, ", "));
    return false;
  }

  const Packing& packing_;
  MultiplierModel model_;
  Values weights_;
  Values activations_;
  Values expected_;
};

/// C(c): for every amount that a field may gain, at every place where the carry changes, the carry modulo 2^c
/// names the carry.
void check_carry_lemma(const Packing& packing, Proof& proof) {
  const auto steps = step_ranges(packing);
  IntRange carry{0, 0};
  for (std::size_t k = 0; k + 1 < steps.size(); ++k) {
    const int gap = packing.gap(k);
    const std::int64_t unit = std::int64_t{1} << gap;
    const IntRange step = packing.ports.cycle_constant ? IntRange{0, steps[k].span()} : steps[k];
    const IntRange gain = step + carry;
    IntRange seen{gain.lo >> gap, (unit - 1 + gain.hi) >> gap};
    for (std::int64_t g = gain.lo; g <= gain.hi; ++g) {
      const std::int64_t change = (unit - (g & (unit - 1))) & (unit - 1);
      for (const std::int64_t held :
           {std::int64_t{0}, std::max<std::int64_t>(change - 1, 0), change, unit - 1}) {
        const std::int64_t out = (held + g) >> gap;
        const std::int64_t mask = (std::int64_t{1} << packing.side_bits) - 1;
        ++proof.lemma_cases;
        if (seen.lo + ((out - seen.lo) & mask) == out) continue;
        proof.holds = false;
        proof.counterexample = fmt::format("field {} holds {} and gains {}: carry {} is taken for {}", k,
                                           held, g, out, seen.lo + ((out - seen.lo) & mask));
        return;
      }
    }
    carry = seen;
  }
}

/// G(n, v): every biased field sum (a sample where there are more than 2^20) returns from its bits less the
/// residue of what stands above, which is tried beyond the residue's own period.
void check_guard_lemma(const Packing& packing, Proof& proof) {
  constexpr std::int64_t kMostSums = std::int64_t{1} << 20;
  const auto steps = step_ranges(packing);
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const bool top = k + 1 == steps.size();
    const int gap = packing.gap(k);
    const std::int64_t reach = steps[k].span() * packing.accumulations;
    const std::int64_t mask = (std::int64_t{1} << packing.fields[k].width) - 1;
    const std::int64_t period = std::int64_t{1} << packing.side_bits;
    const std::int64_t aboves = top || gap >= 40 ? 1 : 2 * period;
    const std::int64_t stride = std::max<std::int64_t>(1, reach / kMostSums);
    proof.every_lemma_case = proof.every_lemma_case && stride == 1;
    for (std::int64_t above = 0; above < aboves; ++above) {
      const std::int64_t unknown = above == 0 ? 0 : (above - above % period) << gap;
      for (std::int64_t sum = 0; sum <= reach; sum += stride) {
        ++proof.lemma_cases;
        if (((sum + unknown) & mask) == sum) continue;
        proof.holds = false;
        proof.counterexample = fmt::format("field {} with {} and {} above reads {} from {} bits", k, sum,
                                           above, (sum + unknown) & mask, packing.fields[k].width);
        return;
      }
    }
  }
}

}  // namespace

std::optional<std::uint64_t> operand_combinations(const Packing& packing) {
  std::uint64_t count = 1;
  const auto times = [&count](std::size_t operands, const IntRange& range) {
    const auto values = static_cast<std::uint64_t>(range.span() + 1);
    for (std::size_t i = 0; i < operands; ++i) {
      if (count > (std::uint64_t{1} << 62) / values) return false;
      count *= values;
    }
    return true;
  };
  if (!times(packing.weight_offsets.size(), packing.weight)) return std::nullopt;
  if (!times(packing.activation_offsets.size(), packing.activation)) return std::nullopt;
  return count;
}

Proof prove(const Packing& packing, const ProofEffort& effort) {
  if (packing.ports.cut_bits > 0 && verify(packing)) return prove(one_of(packing), effort);
  Proof proof;
  if (const Status status = verify(packing); !status.ok()) {
    proof.holds = false;
    proof.counterexample = to_text(status.errors());
    return proof;
  }
  if (packing.rule == Rule::Canary) {
    check_carry_lemma(packing, proof);
  } else {
    check_guard_lemma(packing, proof);
  }
  if (!proof.holds) return proof;
  OperandCheck check(packing);
  const auto combinations = operand_combinations(packing);
  const bool few = combinations && *combinations <= effort.most_exhaustive;
  if (few && !check.every_operand(proof)) return proof;
  check.sampled(proof, effort);
  return proof;
}

std::string to_text(const Proof& proof) {
  if (!proof.holds) return "refuted: " + proof.counterexample;
  return fmt::format(
      "ports, gaps and top field on exact ranges; {} lemma cases{}; {} products in the model, {}",
      proof.lemma_cases, proof.every_lemma_case ? "" : ", a sample", proof.operand_cases,
      proof.every_operand ? "every operand combination among them" : "extremes and random");
}

}  // namespace bitmason::pack
