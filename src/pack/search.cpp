#include "pack/search.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <bitset>
#include <functional>
#include <map>
#include <tuple>

#include "pack/digits.hpp"
#include "pack/rules.hpp"

namespace bitmason::pack {

namespace {

constexpr int kMostTurns = 6;
/// More than any product of two ports has (well_formed()).
constexpr std::size_t kProductBits = 64;
/// Pitches tried above the least one that keeps the rule: carries grow from field to field, so the least
/// pitch of two copies may be too small for more.
constexpr int kCanarySlack = 1;

using Offsets = std::vector<int>;

/// `count` copies of the offsets, `pitch` bits apart.
Offsets repeated(const Offsets& offsets, int count, int pitch) {
  Offsets result;
  result.reserve(offsets.size() * static_cast<std::size_t>(count));
  for (int copy = 0; copy < count; ++copy) {
    for (int offset : offsets) result.push_back(offset + copy * pitch);
  }
  return result;
}

int overlaps(const Offsets& offsets, int bits) {
  int count = 0;
  for (std::size_t i = 1; i < offsets.size(); ++i) count += offsets[i] - offsets[i - 1] < bits ? 1 : 0;
  return count;
}

/// Both operands' offsets and what they have of the promise.
struct Block {
  Offsets weights{0};
  Offsets activations{0};
  int taps = 1;
  int pixels = 1;

  [[nodiscard]] std::size_t products() const { return weights.size() * activations.size(); }
  /// Fields that a correct packing of these operands has.
  [[nodiscard]] std::size_t positions() const {
    const auto shared = static_cast<std::size_t>(taps * pixels);
    return products() / shared * static_cast<std::size_t>(taps + pixels - 1);
  }
  [[nodiscard]] int span() const { return weights.back() + activations.back(); }
};

class DensitySearch {
 public:
  DensitySearch(const PackingProblem& problem, const Conditions& conditions)
      : problem_(problem), conditions_(conditions) {}

  std::vector<Packing> run() {
    for (const bool wide : {true, false}) {
      weights_wide_ = wide;
      weight_bits_ = wide ? problem_.ports.wide_bits : problem_.ports.narrow_bits;
      activation_bits_ = wide ? problem_.ports.narrow_bits : problem_.ports.wide_bits;
      if (accumulations_of({}) > 0) nest({}, Turn::None, 0);
      if (problem_.kernel > 1 && conditions_.kernel_rows && conditions_.coding == Coding::Plain) rows();
    }
    std::vector<Packing> packings;
    for (auto& [products, best] : best_) packings.push_back(std::move(best.packing));
    return packings;
  }

 private:
  enum class Turn { None, Weights, Activations };
  struct Best {
    Packing packing;
    std::tuple<std::size_t, int, int> rank;  ///< the least is best
  };

  /// Convolution blocks of a whole kernel row, at every spacing that keeps the rule.
  void rows() {
    const int taps = problem_.kernel;
    if (taps > problem_.max_weights) return;
    for (int spacing = 1; spacing < weight_bits_; ++spacing) {
      for (int pixels = 2; pixels <= problem_.max_activations; ++pixels) {
        const Block block{.weights = repeated({0}, taps, spacing),
                          .activations = repeated({0}, pixels, spacing),
                          .taps = taps,
                          .pixels = pixels};
        if (accumulations_of(block) == 0) break;
        nest(block, Turn::None, 0);
      }
    }
  }

  /// Judges the block, then nests it: copies along one operand at the least pitch, then along the other.
  void nest(const Block& block, Turn last, int turns) {
    consider(block);
    if (turns == kMostTurns) return;
    for (const Turn turn : {Turn::Weights, Turn::Activations}) {
      if (turn == last) continue;
      const bool weights = turn == Turn::Weights;
      const Offsets& own = weights ? block.weights : block.activations;
      const auto most = static_cast<std::size_t>(weights ? problem_.max_weights : problem_.max_activations);
      const int port = weights ? weight_bits_ : activation_bits_;
      int slack = conditions_.rule == Rule::Canary ? kCanarySlack : 0;
      for (int pitch = own.back() + 1; pitch < port && slack >= 0; ++pitch) {
        bool any = false;
        for (int count = 2; own.size() * static_cast<std::size_t>(count) <= most; ++count) {
          // Beyond the port for sure, before anything is built.
          if (own.back() + (count - 1) * pitch >= port) break;
          Block next{.taps = block.taps, .pixels = block.pixels};
          next.weights = weights ? repeated(own, count, pitch) : block.weights;
          next.activations = weights ? block.activations : repeated(own, count, pitch);
          if (accumulations_of(next) == 0) break;
          any = true;
          nest(next, turn, turns + 1);
        }
        // Beyond the block's own span a wider pitch only moves operands up.
        if (any && pitch > block.span()) --slack;
      }
    }
  }

  /// Products that may accumulate; 0 where ports, structure or rule fail or fewer than wanted are allowed.
  [[nodiscard]] std::int64_t accumulations_of(const Block& block) const {
    if (!fits_port(block.weights, problem_.weight, conditions_.coding, weight_bits_)) return 0;
    if (!fits_port(block.activations, problem_.activation, conditions_.coding, activation_bits_)) return 0;
    if (block.span() >= problem_.ports.accumulator_bits) return 0;
    if (field_count(block) != block.positions()) return 0;
    const FieldSteps& steps = steps_of(block);
    if (conditions_.rule == Rule::Canary) {
      return canary_accumulations(steps, conditions_.side_bits, problem_.ports);
    }
    const auto n = guard_accumulations(steps, conditions_.side_bits, problem_.ports.accumulator_bits);
    return n < conditions_.accumulations ? 0 : n;
  }

  /// Different sums of a weight's and an activation's offset; their span is below 62.
  [[nodiscard]] static std::size_t field_count(const Block& block) {
    std::uint64_t activations = 0;
    for (const int offset : block.activations) activations |= std::uint64_t{1} << offset;
    std::uint64_t fields = 0;
    for (const int offset : block.weights) fields |= activations << offset;
    return static_cast<std::size_t>(std::popcount(fields));
  }

  /// step_range() of every field, from one sum for every bit of the product, for speed.
  const FieldSteps& steps_of(const Block& block) const {
    steps_.offsets.clear();
    steps_.steps.clear();
    if (conditions_.coding == Coding::Plain) {
      count_products(block);
    } else {
      sum_products(block);
    }
    return steps_;
  }

  /// Plain operands: every product has the same range.
  void count_products(const Block& block) const {
    const IntRange product =
        (digit_range(problem_.weight, Coding::Plain) * digit_range(problem_.activation, Coding::Plain))
            .united({0, 0});
    std::array<std::int64_t, kProductBits> counts{};
    for (const int w : block.weights) {
      for (const int a : block.activations) ++counts[static_cast<std::size_t>(w + a)];
    }
    for (std::size_t offset = 0; offset < kProductBits; ++offset) {
      if (counts[offset] == 0) continue;
      steps_.offsets.push_back(static_cast<int>(offset));
      steps_.steps.push_back({product.lo * counts[offset], product.hi * counts[offset]});
    }
  }

  /// Magnitudes: the port may read the top operand otherwise.
  void sum_products(const Block& block) const {
    const Digits weights = digits_on_port(block.weights, problem_.weight, conditions_.coding, weight_bits_);
    const Digits activations =
        digits_on_port(block.activations, problem_.activation, conditions_.coding, activation_bits_);
    std::array<IntRange, kProductBits> sums{};
    std::bitset<kProductBits> used;
    for (std::size_t i = 0; i < block.weights.size(); ++i) {
      for (std::size_t j = 0; j < block.activations.size(); ++j) {
        const IntRange product = weights.values[i] * activations.values[j];
        const auto offset = static_cast<std::size_t>(block.weights[i] + block.activations[j]);
        sums[offset] = sums[offset] + product.united({0, 0});
        used.set(offset);
      }
    }
    for (std::size_t offset = 0; offset < kProductBits; ++offset) {
      if (!used[offset]) continue;
      steps_.offsets.push_back(static_cast<int>(offset));
      steps_.steps.push_back(sums[offset]);
    }
  }

  void consider(const Block& block) {
    const int weight_digit = digit_range(problem_.weight, conditions_.coding).bits();
    const int activation_digit = digit_range(problem_.activation, conditions_.coding).bits();
    const std::tuple rank{block.positions(), overlaps(block.activations, activation_digit),
                          overlaps(block.weights, weight_digit)};
    const auto known = best_.find(block.products());
    if (known != best_.end() && known->second.rank <= rank) return;
    const auto n = accumulations_of(block);
    const bool magnitudes = conditions_.coding == Coding::SignMagnitude;
    best_.insert_or_assign(block.products(),
                           Best{assemble(problem_,
                                         {.family = family_of(block),
                                          .weight_offsets = block.weights,
                                          .activation_offsets = block.activations,
                                          .weights_on_wide_port = weights_wide_,
                                          .taps = block.taps,
                                          .pixels = block.pixels,
                                          .coding = conditions_.coding,
                                          .rule = conditions_.rule,
                                          .side_bits = conditions_.side_bits},
                                         magnitudes ? 1 : static_cast<int>(std::min(n, kMostAccumulations))),
                                rank});
  }

  [[nodiscard]] static Family family_of(const Block& block) {
    if (block.taps == 1 && block.pixels == 1) return Family::OuterProduct;
    const bool one_block = block.weights.size() == static_cast<std::size_t>(block.taps) &&
                           block.activations.size() == static_cast<std::size_t>(block.pixels);
    return one_block ? Family::Convolution : Family::Hybrid;
  }

  const PackingProblem& problem_;
  const Conditions& conditions_;
  bool weights_wide_ = true;
  int weight_bits_ = 0;
  int activation_bits_ = 0;
  std::map<std::size_t, Best, std::greater<>> best_;  ///< by products
  mutable FieldSteps steps_;                          ///< of the last candidate, kept for its memory
};

bool well_formed(const PackingProblem& problem) {
  const MultiplierPorts& ports = problem.ports;
  if (ports.narrow_bits < 2 || ports.narrow_bits > ports.wide_bits ||
      ports.wide_bits + ports.narrow_bits > 62 || ports.accumulator_bits < 1 || ports.accumulator_bits > 62) {
    return false;
  }
  constexpr IntRange kOperand{-(std::int64_t{1} << 31), std::int64_t{1} << 31};
  return problem.weight.lo <= problem.weight.hi && problem.activation.lo <= problem.activation.hi &&
         kOperand.contains(problem.weight) && kOperand.contains(problem.activation);
}

}  // namespace

std::vector<Packing> solve_each_density(const PackingProblem& problem, const Conditions& conditions) {
  if (!well_formed(problem)) return {};
  return DensitySearch(problem, conditions).run();
}

std::optional<Packing> solve_densest(const PackingProblem& problem, const Conditions& conditions) {
  std::vector<Packing> packings = solve_each_density(problem, conditions);
  if (packings.empty()) return std::nullopt;
  return std::move(packings.front());
}

}  // namespace bitmason::pack
