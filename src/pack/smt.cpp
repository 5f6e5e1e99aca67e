#include <fmt/format.h>
#include "pack/digits.hpp"
#include "pack/prove.hpp"

// The queries are bit vectors two bits wider than the accumulator, so that no sum of the query itself wraps
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
      // What is left is a wrap of the top field: none, or one period.
      const std::string period = number(std::int64_t{1} << gap);
      wrong = fmt::format("(or {} (not (or (= {} {}) (= {} {}) (= {} (bvneg {})))))", wrong, moved, number(0),
                          moved, period, moved, period);
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
  return Query(packing).run();
}

}  // namespace bitmason::pack
