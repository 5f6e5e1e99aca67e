#include "plan/constant_dots.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <unordered_map>

#include "base/signed_digits.hpp"
#include "plan/cost_internal.hpp"

namespace bitmason::plan {

namespace {

constexpr std::int64_t kMostPairs = 4'000'000;
/// Their parameter, 64 bits each, stays below a million bits, the most that tools take.
constexpr std::int64_t kMostNodes = 15'000;

/// sign * (value `id` << shift) as one summand of an output. `id` names what is computed: an input channel,
/// or a node that several outputs may share.
struct Term {
  int id = 0;
  int shift = 0;
  bool negative = false;
  int place = 0;  ///< among the values of the present level
};

/// The sum of two terms less the shift they have in common and the sign of the first.
struct PairKey {
  int left = 0;
  int right = 0;
  int offset = 0;  ///< shift of the left one less that of the right one
  bool subtract = false;
  auto operator<=>(const PairKey&) const = default;
};

struct PairHash {
  std::size_t operator()(const PairKey& key) const {
    const auto mixed =
        (static_cast<std::uint64_t>(key.left) << 40) ^ (static_cast<std::uint64_t>(key.right) << 16) ^
        (static_cast<std::uint64_t>(key.offset + 64) << 1) ^ static_cast<std::uint64_t>(key.subtract);
    return static_cast<std::size_t>(mixed * 0x9E3779B97F4A7C15ULL >> 8);
  }
};

bool before(const Term& a, const Term& b) {
  return std::pair(a.id, a.shift) < std::pair(b.id, b.shift);
}

PairKey key_of(const Term& a, const Term& b) {
  const auto& [left, right] = before(b, a) ? std::tie(b, a) : std::tie(a, b);
  return {left.id, right.id, left.shift - right.shift, left.negative != right.negative};
}

class Builder {
 public:
  Builder(const ir::Conv& conv, IntRange activation, int output_bits) : output_bits_(output_bits) {
    for (int lane = 0; lane < conv.weights.in_channels; ++lane) ranges_.push_back(activation);
    for (int output = 0; output < conv.weights.out_channels; ++output) {
      std::vector<Term>& terms = terms_.emplace_back();
      for (int lane = 0; lane < conv.weights.in_channels; ++lane) {
        for (const SignedDigit digit : signed_digits(conv.weights.at(output, lane, 0, 0)))
          terms.push_back({lane, digit.shift, digit.negative, static_cast<int>(terms.size())});
      }
      biases_.push_back(conv.bias.empty() ? 0 : conv.bias[static_cast<std::size_t>(output)]);
    }
    dots_.trees.resize(terms_.size());
    flip_flops_ = conv.weights.in_channels * activation.united({-1, 0}).bits();
  }

  [[nodiscard]] bool affordable() const {
    std::int64_t pairs = 0;
    std::int64_t nodes = 0;
    for (const auto& terms : terms_) {
      pairs += static_cast<std::int64_t>(terms.size() * terms.size() / 2);
      // One of each adder's operands is used up; a level passes on at most one more.
      nodes += static_cast<std::int64_t>(terms.size() + std::bit_width(terms.size()));
    }
    return pairs <= kMostPairs && nodes <= kMostNodes;
  }

  ConstantDots run() && {
    for (bool first = true; std::ranges::any_of(terms_, [](const auto& t) { return t.size() > 1; });
         first = false) {
      ++dots_.levels;
      add_level(first);
    }
    for (std::size_t c = 0; c < terms_.size(); ++c) finish(c);
    // bm_credit holds what is under way when the output stalls.
    constexpr int kCreditReturn = 4;
    const auto bits = static_cast<std::int64_t>(terms_.size()) * output_bits_;
    dots_.cost = fabric(luts_ * kCost.dot_bit + kCost.credit, flip_flops_ + kCost.credit_ff) +
                 memory_cost(MemoryKind::Lut, bits, dots_.levels + 2 + kCreditReturn, false);
    return std::move(dots_);
  }

 private:
  using Counts = std::unordered_map<PairKey, int, PairHash>;
  [[nodiscard]] Counts count_pairs() const;
  /// The order in which a level takes an output's terms: pairs that many outputs need first.
  [[nodiscard]] std::vector<Term> matched(const std::vector<Term>& terms, const Counts& counts) const;
  void add_level(bool first);
  Term combine(const Term& a, const Term& b, DotTree& tree);
  Term pass(const Term& term, DotTree& tree);
  int new_id(const PairKey& key, IntRange range, double luts);
  void finish(std::size_t output);

  int output_bits_;
  std::vector<IntRange> ranges_;          ///< of every id
  std::vector<std::vector<Term>> terms_;  ///< of every output, at the present level
  std::vector<std::int64_t> biases_;
  std::map<PairKey, int> ids_;  ///< of every node
  ConstantDots dots_;
  double luts_ = 0;
  double flip_flops_ = 0;  ///< of nodes and results
};

Builder::Counts Builder::count_pairs() const {
  Counts counts;
  for (const auto& terms : terms_) {
    for (std::size_t i = 0; i < terms.size(); ++i) {
      for (std::size_t k = i + 1; k < terms.size(); ++k) ++counts[key_of(terms[i], terms[k])];
    }
  }
  return counts;
}

std::vector<Term> Builder::matched(const std::vector<Term>& terms, const Counts& counts) const {
  struct Candidate {
    int count;
    std::size_t first, second;
  };
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    for (std::size_t k = i + 1; k < terms.size(); ++k) {
      const int count = counts.at(key_of(terms[i], terms[k]));
      if (count > 1) candidates.push_back({count, i, k});
    }
  }
  std::ranges::stable_sort(candidates, std::greater{}, &Candidate::count);
  std::vector<bool> taken(terms.size());
  std::vector<Term> order;
  for (const Candidate& candidate : candidates) {
    if (taken[candidate.first] || taken[candidate.second]) continue;
    taken[candidate.first] = taken[candidate.second] = true;
    order.push_back(terms[candidate.first]);
    order.push_back(terms[candidate.second]);
  }
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (!taken[i]) order.push_back(terms[i]);
  }
  for (std::size_t i = 0; i + 1 < order.size(); i += 2) {
    if (before(order[i + 1], order[i])) std::swap(order[i], order[i + 1]);
  }
  return order;
}

int Builder::new_id(const PairKey& key, IntRange range, double luts) {
  const auto [found, inserted] = ids_.try_emplace(key, static_cast<int>(ranges_.size()));
  if (inserted) {
    ranges_.push_back(range);
    luts_ += luts;
    flip_flops_ += range.united({-1, 0}).bits();
  }
  return found->second;
}

Term Builder::combine(const Term& a, const Term& b, DotTree& tree) {
  const PairKey key = key_of(a, b);
  const int least = std::min(a.shift, b.shift);
  DotNode node{.kind = key.subtract ? DotNode::Kind::Subtract : DotNode::Kind::Add,
               .left_shift = a.shift - least,
               .right_shift = b.shift - least,
               .left = a.place,
               .right = b.place};
  const IntRange l = ranges_[static_cast<std::size_t>(a.id)];
  const IntRange r = ranges_[static_cast<std::size_t>(b.id)];
  const std::int64_t left = std::int64_t{1} << node.left_shift;
  const std::int64_t right = std::int64_t{1} << node.right_shift;
  const IntRange range = key.subtract ? IntRange{l.lo * left - r.hi * right, l.hi * left - r.lo * right}
                                      : IntRange{l.lo * left + r.lo * right, l.hi * left + r.hi * right};
  node.width = range.united({-1, 0}).bits();
  // Below the shift of one operand the other passes, except that what is subtracted is complemented.
  const int wires = key.subtract ? node.right_shift : std::max(node.left_shift, node.right_shift);
  tree.nodes.push_back(node);
  return {new_id(key, range, node.width - wires), least, a.negative, 0};
}

Term Builder::pass(const Term& term, DotTree& tree) {
  const IntRange range = ranges_[static_cast<std::size_t>(term.id)];
  tree.nodes.push_back({.left = term.place, .width = range.united({-1, 0}).bits()});
  return {new_id({.left = term.id, .right = -1}, range, 0), term.shift, term.negative, 0};
}

void Builder::add_level(bool first) {
  const Counts counts = count_pairs();
  for (std::size_t c = 0; c < terms_.size(); ++c) {
    DotTree& tree = dots_.trees[c];
    if (terms_[c].size() < 2 && !(first && !terms_[c].empty())) continue;
    if (first) {
      for (const Term& term : terms_[c]) tree.lanes.push_back(term.id);
    }
    if (terms_[c].size() < 2) continue;
    const std::vector<Term> order = matched(terms_[c], counts);
    ++tree.levels;
    std::vector<Term> next;
    for (std::size_t i = 0; i + 1 < order.size(); i += 2)
      next.push_back(combine(order[i], order[i + 1], tree));
    if (order.size() % 2 != 0) next.push_back(pass(order.back(), tree));
    for (std::size_t k = 0; k < next.size(); ++k) next[k].place = static_cast<int>(k);
    terms_[c] = std::move(next);
  }
}

void Builder::finish(std::size_t output) {
  DotTree& tree = dots_.trees[output];
  const std::vector<Term>& terms = terms_[output];
  if (terms.empty()) return;
  if (tree.lanes.empty()) tree.lanes.push_back(terms.front().id);
  tree.shift = terms.front().shift;
  tree.negative = terms.front().negative;
  const int width = ranges_[static_cast<std::size_t>(terms.front().id)].united({-1, 0}).bits();
  flip_flops_ += static_cast<double>(dots_.levels - tree.levels) * width + output_bits_;
  if (tree.adds(biases_[output])) luts_ += output_bits_;
}

/// The input takes a cycle a pixel: a layer of far fewer pixels folds its multipliers so often that they cost
/// less.
bool often_idle(const ir::Network& network, const ir::Shape& shape) {
  constexpr std::int64_t kMostIdle = 4;
  const std::int64_t pixels = std::int64_t{shape.height} * shape.width;
  return std::ranges::any_of(network.inputs(), [&](const ir::InputPort& port) {
    const ir::Shape& in = network.layers()[static_cast<std::size_t>(port.layer)].type.shape;
    return std::int64_t{in.height} * in.width > kMostIdle * pixels;
  });
}

}  // namespace

std::optional<ConstantDots> constant_dots(const ir::Network& network, const ir::Layer& layer) {
  const auto* conv = std::get_if<ir::Conv>(&layer.operation);
  if (conv == nullptr || conv->groups != 1 || conv->window != ir::Window{} ||
      often_idle(network, layer.type.shape))
    return std::nullopt;
  const ir::TensorType& input = network.type(layer.inputs.front());
  Builder builder(*conv, input.range.united({0, 0}), layer.type.range.united({-1, 0}).bits());
  if (!builder.affordable()) return std::nullopt;
  return std::move(builder).run();
}

}  // namespace bitmason::plan
