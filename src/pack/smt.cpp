#include <fmt/format.h>
#include "pack/digits.hpp"
#include "pack/prove.hpp"
#include "pack/rules.hpp"

// The queries are bit vectors 16 bits wider than the accumulator, so that no sum of the query itself wraps
// unseen; the accumulator's own wrap is written out.
namespace bitmason::pack {

namespace {

class Query {
 public:
  explicit Query(const Packing& packing)
      : packing_(packing), steps_(step_ranges(packing)), bits_(packing.ports.accumulator_bits + 16) {
    text_ = "(set-logic QF_BV)\n";
  }

  std::string run() {
    if (packing_.rule == Rule::GuardBits) {
      guard_bits();
    } else {
      canary();
    }
    return text_;
  }

 private:
  [[nodiscard]] std::string number(std::int64_t value) const {
    const std::string magnitude = fmt::format("(_ bv{} {})", value < 0 ? -value : value, bits_);
    return value < 0 ? "(bvneg " + magnitude + ")" : magnitude;
  }
  [[nodiscard]] std::string up(const std::string& value, int bits) const {
    return bits == 0 ? value : fmt::format("(bvshl {} {})", value, number(bits));
  }
  [[nodiscard]] std::string down(const std::string& value, int bits) const {
    return bits == 0 ? value : fmt::format("(bvlshr {} {})", value, number(bits));
  }
  /// The lowest `bits` bits.
  [[nodiscard]] std::string low(const std::string& value, int bits) const {
    return fmt::format("((_ zero_extend {}) ((_ extract {} 0) {}))", bits_ - bits, bits - 1, value);
  }
  static std::string two(const char* op, const std::string& a, const std::string& b) {
    return fmt::format("({} {} {})", op, a, b);
  }
  void define(const std::string& name, const std::string& value) {
    text_ += fmt::format("(define-fun {} () (_ BitVec {}) {})\n", name, bits_, value);
  }
  void free(const std::string& name, const std::string& lo, const std::string& hi) {
    text_ += fmt::format("(declare-const {} (_ BitVec {}))\n", name, bits_);
    text_ += fmt::format("(assert (and (bvsle {} {}) (bvsle {} {})))\n", lo, name, name, hi);
  }
  [[nodiscard]] std::string weighted(const std::string& prefix) const {
    std::string sum = number(0);
    for (std::size_t k = 0; k < steps_.size(); ++k) {
      sum = two("bvadd", sum, up(fmt::format("{}{}", prefix, k), packing_.fields[k].offset));
    }
    return sum;
  }
  /// Fields above k in units of the next one's offset.
  [[nodiscard]] std::string above(const std::string& prefix, std::size_t k) const {
    std::string sum = number(0);
    for (std::size_t j = k + 1; j < steps_.size(); ++j) {
      const int shift = packing_.fields[j].offset - packing_.fields[k + 1].offset;
      sum = two("bvadd", sum, up(fmt::format("{}{}", prefix, j), shift));
    }
    return sum;
  }

  /// Bits `lo` + 1 and `lo` of a sum are `bits`.
  [[nodiscard]] static std::string pair_is(const char* sum, int lo, const char* bits) {
    return fmt::format("(= ((_ extract {} {}) {}) #b{})", lo + 1, lo, sum, bits);
  }
  [[nodiscard]] std::string wraps_wrong(const std::string& moved) const;

  void guard_bits();
  void canary();

  const Packing& packing_;
  std::vector<IntRange> steps_;
  int bits_;
  std::string text_;
};

/// One query a field: whatever stands above it, its bits less the residue of that are its sum. The fields
/// below have been taken off by the same lemma.
void Query::guard_bits() {
  for (std::size_t k = 0; k < steps_.size(); ++k) {
    const bool top = k + 1 == steps_.size();
    const int gap = packing_.gap(k);
    text_ += "(push)\n";
    free("sum", number(0), number(steps_[k].span() * packing_.accumulations));
    std::string bits = "sum";
    if (!top) {
      text_ += fmt::format("(declare-const above (_ BitVec {}))\n", bits_);
      bits = two("bvadd", bits, up("above", gap));
      if (packing_.side_bits > 0) bits = two("bvsub", bits, up(low("above", packing_.side_bits), gap));
    }
    text_ +=
        fmt::format("(assert (not (= {} sum)))\n(check-sat)\n(pop)\n", low(bits, packing_.fields[k].width));
  }
}

/// What the top field lacks after a product, `moved`, is not what the change of its highest bits says, or,
/// where its wraps are not counted, not a whole period.
std::string Query::wraps_wrong(const std::string& moved) const {
  const int gap = packing_.gap(steps_.size() - 1);
  const std::string none = number(0);
  const std::string up_once = number(std::int64_t{1} << gap);
  const std::string down_once = number(-(std::int64_t{1} << gap));
  if (packing_.accumulations < kMostAccumulations) {
    return fmt::format("(not (or (= {0} {1}) (= {0} {2}) (= {0} {3})))", moved, none, up_once, down_once);
  }
  const int lo = packing_.fields.back().offset + gap - 2;
  const auto turns = [&](const char* from, const char* to) {
    return fmt::format("(and {} {})", pair_is("before", lo, from), pair_is("after", lo, to));
  };
  if (packing_.ports.cycle_constant) {
    const std::string fall = fmt::format(
        "(and (bvuge ((_ extract {1} {0}) before) #b10) (bvult ((_ extract {1} {0}) after) #b10))", lo,
        lo + 1);
    return fmt::format("(not (= {} (ite {} {} {})))", moved, fall, up_once, none);
  }
  // Read as two's complement, a slice is less by a period where its highest bit is set.
  const auto sign = [&](const char* sum) {
    return fmt::format("(ite (= ((_ extract {0} {0}) {1}) #b1) {2} {3})", lo + 1, sum, up_once, none);
  };
  const std::string signed_moved = two("bvadd", two("bvsub", moved, sign("before")), sign("after"));
  return fmt::format("(not (= {} (ite {} {} (ite {} {} {}))))", signed_moved, turns("01", "10"), up_once,
                     turns("10", "01"), down_once, none);
}

void Query::canary() {
  const int accumulator = packing_.ports.accumulator_bits;
  const bool biased = packing_.ports.cycle_constant;
  free("before", number(0), number((std::int64_t{1} << accumulator) - 1));
  for (std::size_t k = 0; k < steps_.size(); ++k) {
    const IntRange step = biased ? IntRange{0, steps_[k].span()} : steps_[k];
    free(fmt::format("s{}", k), number(step.lo), number(step.hi));
  }
  define("after", low(two("bvadd", "before", weighted("s")), accumulator));
  std::int64_t least = 0;
  std::string wrong = "false";
  std::string carry_in = number(0);
  for (std::size_t k = 0; k < steps_.size(); ++k) {
    const bool top = k + 1 == steps_.size();
    const int gap = packing_.gap(k);
    const auto slice = [&](const char* sum) { return low(down(sum, packing_.fields[k].offset), gap); };
    const std::string moved =
        two("bvsub", two("bvadd", two("bvsub", slice("before"), slice("after")), fmt::format("s{}", k)),
            two("bvsub", number(0), carry_in));
    if (top) {
      wrong = fmt::format("(or {} {})", wrong, wraps_wrong(moved));
      break;
    }
    least = ((biased ? 0 : steps_[k].lo) + least) >> gap;
    const int offset = packing_.fields[k + 1].offset;
    const std::string change =
        two("bvsub", two("bvsub", down("after", offset), down("before", offset)), above("s", k));
    define(fmt::format("c{}", k),
           two("bvadd", number(least), low(two("bvsub", change, number(least)), packing_.side_bits)));
    // slice' + 2^gap * carry out - carry in = slice + step
    wrong = fmt::format("(or {} (not (= {} {})))", wrong, moved, up(fmt::format("c{}", k), gap));
    carry_in = fmt::format("c{}", k);
  }
  text_ += fmt::format("(assert {})\n(check-sat)\n", wrong);
}

}  // namespace

std::string decoder_smt2(const Packing& packing) {
  return Query(one_of(packing)).run();
}

}  // namespace bitmason::pack
