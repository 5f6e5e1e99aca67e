#include <cstddef>
#include <map>

#include <fmt/format.h>
#include "pack/diagnostics.hpp"
#include "pack/packing.hpp"
#include "pack/verify_internal.hpp"
#include "pack/wide.hpp"

// Recomputes everything from offsets and ranges; shares no code with the solvers or with assemble().
namespace bitmason::pack {

namespace {

std::string text(const std::vector<std::pair<int, int>>& terms, int offset) {
  std::string result = fmt::format("bit {}:", offset);
  for (const auto& [i, j] : terms) result += fmt::format(" ({}, {})", i, j);
  return result;
}

struct Extremes {
  Wide lo = 0;
  Wide hi = 0;
};

Extremes product(const Extremes& w, const Extremes& a) {
  Extremes result;
  for (Wide p : {w.lo * a.lo, w.lo * a.hi, w.hi * a.lo, w.hi * a.hi}) {
    if (p < result.lo) result.lo = p;
    if (p > result.hi) result.hi = p;
  }
  return result;
}

using Terms = std::map<int, std::vector<std::pair<int, int>>>;

class Verification {
 public:
  explicit Verification(const Packing& packing) : packing_(packing) {}

  Diagnostics run() {
    check_form();
    if (!found_.empty()) return found_;
    const MultiplierPorts& ports = packing_.ports;
    const bool wide = packing_.weights_on_wide_port;
    weights_ = read_port(packing_.weight_offsets, packing_.weight, wide ? ports.wide_bits : ports.narrow_bits,
                         "weight port");
    activations_ = read_port(packing_.activation_offsets, packing_.activation,
                             wide ? ports.narrow_bits : ports.wide_bits, "activation port");
    if (!found_.empty()) return found_;
    collect_terms();
    check_structure();
    if (!check_recorded()) return found_;
    for (const auto& [offset, pairs] : terms_) steps_.push_back(step_of(pairs));
    if (packing_.rule == Rule::GuardBits) {
      check_guard_bits();
    } else {
      check_canary();
    }
    check_bias();
    return found_;
  }

 private:
  void report(const DiagnosticKind& kind, std::string where, std::initializer_list<std::string> values) {
    found_.push_back(make_diagnostic(kind, std::move(where), values));
  }

  void check_form();
  std::vector<Extremes> read_port(const std::vector<int>& offsets, const IntRange& range, int bits,
                                  const char* where);
  void collect_terms();
  void check_structure();
  bool check_recorded();
  void check_guard_bits();
  void check_canary();
  void check_top_wraps(int room, Wide most_step, Wide least_step);
  void check_bias();

  [[nodiscard]] Extremes step_of(const std::vector<std::pair<int, int>>& pairs) const {
    Extremes sum;
    for (const auto& [i, j] : pairs) {
      const Extremes p =
          product(weights_[static_cast<std::size_t>(i)], activations_[static_cast<std::size_t>(j)]);
      sum.lo += p.lo;
      sum.hi += p.hi;
    }
    return sum;
  }
  [[nodiscard]] bool top(std::size_t k) const { return k + 1 == packing_.fields.size(); }
  /// Bits up to the next field or the accumulator's end.
  [[nodiscard]] int room(std::size_t k) const {
    const int end = top(k) ? packing_.ports.accumulator_bits : packing_.fields[k + 1].offset;
    return end - packing_.fields[k].offset;
  }

  const Packing& packing_;
  std::vector<Extremes> weights_;
  std::vector<Extremes> activations_;
  Terms terms_;
  std::vector<Extremes> steps_;
  Diagnostics found_;
};

void Verification::check_form() {
  const MultiplierPorts& ports = packing_.ports;
  if (ports.narrow_bits < 2 || ports.narrow_bits > ports.wide_bits || ports.wide_bits > 60 ||
      ports.wide_bits + ports.narrow_bits > 62 || ports.accumulator_bits < 1 || ports.accumulator_bits > 62) {
    report(diagnostics::kPorts, "ports",
           {std::to_string(ports.wide_bits), std::to_string(ports.narrow_bits),
            std::to_string(ports.accumulator_bits)});
  }
  const auto range = [&](const IntRange& r, const char* where) {
    if (r.lo > r.hi || r.lo < -(std::int64_t{1} << 31) || r.hi > (std::int64_t{1} << 31)) {
      report(diagnostics::kRange, where, {std::to_string(r.lo), std::to_string(r.hi)});
    }
  };
  range(packing_.weight, "weight");
  range(packing_.activation, "activation");
  if (packing_.accumulations < 1) {
    report(diagnostics::kAccumulations, "accumulations", {std::to_string(packing_.accumulations)});
  }
  const bool guard = packing_.rule == Rule::GuardBits;
  if (packing_.side_bits < (guard ? 0 : 1) || packing_.side_bits > 16) {
    report(diagnostics::kRule, "rule",
           {fmt::format("{} residue bits are kept", packing_.side_bits), guard ? "0" : "1",
            "to 16 are allowed; change side_bits"});
  }
  if (packing_.coding == Coding::SignMagnitude && (!guard || packing_.accumulations != 1)) {
    report(diagnostics::kRule, "rule",
           {"magnitudes have no sign inside the multiplier",
            fmt::format("{} {}", guard ? packing_.accumulations : 0, "accumulations are promised;"),
            "use G(1, v)"});
  }
}

/// Port condition: offsets in order, and the sums of the extremes within the two's complement port;
/// magnitudes may use its sign bit where only the top one reaches it. Returns each operand's extremes as the
/// multiplier reads it, with the 0 of idle operands.
std::vector<Extremes> Verification::read_port(const std::vector<int>& offsets, const IntRange& range,
                                              int bits, const char* where) {
  if (offsets.empty()) {
    report(diagnostics::kOffset, where, {"0", "none", "0", "0", std::to_string(bits)});
    return {};
  }
  const bool magnitudes = packing_.coding == Coding::SignMagnitude;
  Extremes one{range.lo < 0 ? range.lo : 0, range.hi > 0 ? range.hi : 0};
  if (magnitudes) one = {0, -one.lo > one.hi ? -one.lo : one.hi};
  int least = 0;
  int most = 0;
  Extremes packed;
  Wide below_top = 0;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    if (offsets[i] < least || offsets[i] > most) {
      report(diagnostics::kOffset, where,
             {std::to_string(i), std::to_string(offsets[i]), std::to_string(least), std::to_string(most),
              std::to_string(bits)});
      return {};
    }
    below_top = packed.hi;
    packed.lo += one.lo * wide_power(offsets[i]);
    packed.hi += one.hi * wide_power(offsets[i]);
    least = offsets[i] + 1;
    most = bits - 1;
  }
  std::vector<Extremes> seen(offsets.size(), one);
  const Wide half = wide_power(bits - 1);
  if (packed.lo >= -half && packed.hi <= half - 1) return seen;
  const Wide top_unit = wide_power(offsets.back());
  if (magnitudes && packed.hi <= 2 * half - 1 && below_top < top_unit) {
    seen.back() = {-half / top_unit, half / top_unit - 1};
    return seen;
  }
  report(diagnostics::kPortRange, where,
         {wide_text(packed.lo), wide_text(packed.hi), std::to_string(bits), wide_text(-half),
          wide_text(half - 1)});
  return {};
}

void Verification::collect_terms() {
  for (std::size_t i = 0; i < packing_.weight_offsets.size(); ++i) {
    for (std::size_t j = 0; j < packing_.activation_offsets.size(); ++j) {
      terms_[packing_.weight_offsets[i] + packing_.activation_offsets[j]].emplace_back(i, j);
    }
  }
}

/// The family's promise: products share a field only within one block and one output position of it.
void Verification::check_structure() {
  const int weights = static_cast<int>(packing_.weight_offsets.size());
  const int activations = static_cast<int>(packing_.activation_offsets.size());
  const int taps = packing_.taps;
  const int pixels = packing_.pixels;
  if (taps < 1 || pixels < 1 || weights % taps != 0 || activations % pixels != 0) {
    report(diagnostics::kRule, "blocks",
           {fmt::format("{} weights in blocks of {}", weights, taps),
            fmt::format("{} activations in blocks of {}", activations, pixels),
            "leave a remainder; use whole blocks"});
    return;
  }
  const bool shared = taps > 1 || pixels > 1;
  for (const auto& [offset, pairs] : terms_) {
    const auto first = pairs.front();
    for (const auto& pair : pairs) {
      const bool same =
          pair.first / taps == first.first / taps && pair.second / pixels == first.second / pixels &&
          pair.first % taps + pair.second % pixels == first.first % taps + first.second % pixels;
      if (same) continue;
      report(diagnostics::kStructure, "fields",
             {std::to_string(pair.first), std::to_string(pair.second), std::to_string(first.first),
              std::to_string(first.second), std::to_string(offset),
              shared ? "adds only products of one output position" : "keeps all products apart"});
      return;
    }
  }
  const auto positions =
      static_cast<std::size_t>((weights / taps) * (activations / pixels) * (taps + pixels - 1));
  if (terms_.size() != positions) {
    report(diagnostics::kFields, "fields",
           {"count", std::to_string(positions), std::to_string(terms_.size())});
  }
}

bool Verification::check_recorded() {
  if (packing_.fields.size() != terms_.size()) {
    report(diagnostics::kFields, "fields",
           {"count", std::to_string(packing_.fields.size()), std::to_string(terms_.size())});
    return false;
  }
  std::size_t k = 0;
  for (const auto& [offset, pairs] : terms_) {
    const Field& field = packing_.fields[k];
    if (field.offset != offset || field.terms != pairs) {
      report(diagnostics::kFields, "fields",
             {std::to_string(k), text(field.terms, field.offset), text(pairs, offset)});
      return false;
    }
    ++k;
  }
  return true;
}

/// Rule G(n, v): n * m * D fits the slice, a slice reaches at most v bits into the next field, the last one
/// ends inside the accumulator.
void Verification::check_guard_bits() {
  for (std::size_t k = 0; k < steps_.size(); ++k) {
    const Field& field = packing_.fields[k];
    const std::string where = fmt::format("field {}", k);
    const Wide reach = (steps_[k].hi - steps_[k].lo) * packing_.accumulations;
    const int width = field.width;
    if (width < 1 || width > 62 || reach > wide_power(width) - 1) {
      const Wide held = width >= 1 && width <= 62 ? wide_power(width) - 1 : Wide{0};
      report(diagnostics::kFieldWidth, where, {wide_text(reach), std::to_string(width), wide_text(held)});
    }
    const int end = field.offset + (width > 0 && width <= 62 ? width : 0);
    if (top(k)) {
      if (end <= packing_.ports.accumulator_bits) continue;
      report(diagnostics::kTop, where,
             {std::to_string(end), std::to_string(packing_.ports.accumulator_bits)});
    } else if (end > packing_.fields[k + 1].offset + packing_.side_bits) {
      report(diagnostics::kOverlap, where,
             {std::to_string(end - packing_.side_bits), std::to_string(packing_.fields[k + 1].offset)});
    } else if (end > packing_.ports.accumulator_bits) {
      // Its upper bits lie in the fields above it, which end with the register.
      report(diagnostics::kTop, where,
             {std::to_string(end), std::to_string(packing_.ports.accumulator_bits)});
    }
  }
}

/// Rule C(c): the carries out of each field form at most 2^c consecutive values, whatever the field holds.
void Verification::check_canary() {
  const bool biased = packing_.ports.cycle_constant;
  Extremes carry;
  for (std::size_t k = 0; k < steps_.size(); ++k) {
    const int bits = room(k);
    const Wide lo = biased ? Wide{0} : steps_[k].lo;
    const Wide hi = biased ? steps_[k].hi - steps_[k].lo : steps_[k].hi;
    if (packing_.fields[k].width != bits) {
      report(diagnostics::kFields, "fields",
             {fmt::format("{} width", k), std::to_string(packing_.fields[k].width), std::to_string(bits)});
    }
    if (top(k)) return check_top_wraps(bits, hi + carry.hi, lo + carry.lo);
    // A carry shows in the lowest bits of the field above, which the register must have.
    const int next = packing_.fields[k + 1].offset;
    if (next + packing_.side_bits > packing_.ports.accumulator_bits) {
      report(diagnostics::kTop, fmt::format("field {}, carry", k),
             {std::to_string(next + packing_.side_bits), std::to_string(packing_.ports.accumulator_bits)});
      return;
    }
    carry = {wide_floor_shift(lo + carry.lo, bits),
             wide_floor_shift(wide_power(bits) - 1 + hi + carry.hi, bits)};
    if (carry.hi - carry.lo > wide_power(packing_.side_bits) - 1) {
      report(diagnostics::kCarry, fmt::format("field {}", k),
             {wide_text(carry.lo), wide_text(carry.hi), std::to_string(packing_.side_bits),
              wide_text(wide_power(packing_.side_bits))});
      return;
    }
  }
}

/// The top field either stays inside its bits for the promised products, or moves so little that the fall of
/// its highest bit (two bits where it is signed) tells a wrap.
void Verification::check_top_wraps(int bits, Wide most_step, Wide least_step) {
  const bool biased = packing_.ports.cycle_constant;
  const int guard = biased ? 1 : 2;
  const Wide quarter = bits > guard ? wide_power(bits - guard) : Wide{0};
  if (most_step < quarter && -least_step < quarter) return;
  const Wide magnitude = most_step > -least_step ? most_step : -least_step;
  const Wide room = biased ? wide_power(bits) - 1 : wide_power(bits - 1) - 1;
  const Wide fits = magnitude == 0 ? wide_power(30) : room / magnitude;
  if (packing_.accumulations > fits) {
    report(diagnostics::kTopWraps, fmt::format("field {}", packing_.fields.size() - 1),
           {std::to_string(packing_.accumulations), wide_text(fits)});
  }
}

void Verification::check_bias() {
  Wide bias = 0;
  const bool guard = packing_.rule == Rule::GuardBits;
  for (std::size_t k = 0; k < steps_.size(); ++k) {
    const Wide count = guard ? packing_.accumulations : packing_.ports.cycle_constant ? 1 : 0;
    bias += -count * steps_[k].lo * wide_power(packing_.fields[k].offset);
  }
  if (bias != packing_.bias) {
    report(diagnostics::kBias, "bias", {std::to_string(packing_.bias), wide_text(bias)});
  }
}

}  // namespace

Status verify(const Packing& packing) {
  if (packing.ports.cut_bits != 0) return verify_side_by_side(packing);
  Diagnostics found = Verification(packing).run();
  if (!found.empty()) return found;
  return success();
}

}  // namespace bitmason::pack
