#include <cstddef>
#include <map>

#include <fmt/format.h>
#include "pack/diagnostics.hpp"
#include "pack/packing.hpp"

// Recomputes everything from offsets and ranges; shares no code with the solvers or with assemble().
namespace bitmason::pack {

namespace {

/// Holds every sum below: offsets < 62, operands of at most 2^31, fewer than 2^31 terms and accumulations.
__extension__ using Wide = __int128;

Wide power(int exponent) {
  return Wide{1} << exponent;
}

std::string text(Wide value) {
  const bool negative = value < 0;
  std::string digits;
  do {
    const int digit = static_cast<int>(value % 10);
    digits.insert(digits.begin(), static_cast<char>('0' + (negative ? -digit : digit)));
    value /= 10;
  } while (value != 0);
  return negative ? "-" + digits : digits;
}

std::string text(const std::vector<std::pair<int, int>>& terms, int offset) {
  std::string result = fmt::format("bit {}:", offset);
  for (const auto& [i, j] : terms) result += fmt::format(" ({}, {})", i, j);
  return result;
}

struct Extremes {
  Wide lo = 0;
  Wide hi = 0;
};

/// What one operand may be, with the 0 of idle operands.
Extremes operand(const IntRange& range) {
  return {range.lo < 0 ? range.lo : 0, range.hi > 0 ? range.hi : 0};
}

Extremes product(const Packing& packing) {
  const Extremes w = operand(packing.weight);
  const Extremes a = operand(packing.activation);
  Extremes result;
  for (Wide p : {w.lo * a.lo, w.lo * a.hi, w.hi * a.lo, w.hi * a.hi}) {
    if (p < result.lo) result.lo = p;
    if (p > result.hi) result.hi = p;
  }
  return result;
}

void check_form(const Packing& packing, Diagnostics& found) {
  const MultiplierPorts& ports = packing.ports;
  if (ports.narrow_bits < 2 || ports.narrow_bits > ports.wide_bits || ports.wide_bits > 60 ||
      ports.wide_bits + ports.narrow_bits > 62 || ports.accumulator_bits < 1 || ports.accumulator_bits > 62) {
    found.push_back(make_diagnostic(diagnostics::kPorts, "ports",
                                    {std::to_string(ports.wide_bits), std::to_string(ports.narrow_bits),
                                     std::to_string(ports.accumulator_bits)}));
  }
  const auto range = [&](const IntRange& r, const char* where) {
    if (r.lo > r.hi || r.lo < -(std::int64_t{1} << 31) || r.hi > (std::int64_t{1} << 31)) {
      found.push_back(
          make_diagnostic(diagnostics::kRange, where, {std::to_string(r.lo), std::to_string(r.hi)}));
    }
  };
  range(packing.weight, "weight");
  range(packing.activation, "activation");
  if (packing.accumulations < 1) {
    found.push_back(make_diagnostic(diagnostics::kAccumulations, "accumulations",
                                    {std::to_string(packing.accumulations)}));
  }
}

/// Port condition: offsets in order, and the sums of the extremes within the two's complement port.
void check_port(const std::vector<int>& offsets, const IntRange& range, int bits, const char* where,
                Diagnostics& found) {
  if (offsets.empty()) {
    found.push_back(
        make_diagnostic(diagnostics::kOffset, where, {"0", "none", "0", "0", std::to_string(bits)}));
    return;
  }
  int least = 0;
  int most = 0;
  Extremes packed;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    if (offsets[i] < least || offsets[i] > most) {
      found.push_back(make_diagnostic(diagnostics::kOffset, where,
                                      {std::to_string(i), std::to_string(offsets[i]), std::to_string(least),
                                       std::to_string(most), std::to_string(bits)}));
      return;
    }
    packed.lo += operand(range).lo * power(offsets[i]);
    packed.hi += operand(range).hi * power(offsets[i]);
    least = offsets[i] + 1;
    most = bits - 1;
  }
  const Wide half = power(bits - 1);
  if (packed.lo < -half || packed.hi > half - 1) {
    found.push_back(make_diagnostic(
        diagnostics::kPortRange, where,
        {text(packed.lo), text(packed.hi), std::to_string(bits), text(-half), text(half - 1)}));
  }
}

using Terms = std::map<int, std::vector<std::pair<int, int>>>;

Terms terms_of(const Packing& packing) {
  Terms terms;
  for (std::size_t i = 0; i < packing.weight_offsets.size(); ++i) {
    for (std::size_t j = 0; j < packing.activation_offsets.size(); ++j) {
      terms[packing.weight_offsets[i] + packing.activation_offsets[j]].emplace_back(i, j);
    }
  }
  return terms;
}

/// The family's promise: a field each for OuterProduct, field t + j for Convolution.
void check_structure(const Packing& packing, const Terms& terms, Diagnostics& found) {
  const bool convolution = packing.family == Family::Convolution;
  for (const auto& [offset, pairs] : terms) {
    const auto first = pairs.front();
    for (const auto& pair : pairs) {
      const bool same = convolution ? pair.first + pair.second == first.first + first.second : pair == first;
      if (same) continue;
      found.push_back(make_diagnostic(
          diagnostics::kStructure, "fields",
          {std::to_string(pair.first), std::to_string(pair.second), std::to_string(first.first),
           std::to_string(first.second), std::to_string(offset),
           convolution ? "adds only products of one output position" : "keeps all products apart"}));
      return;
    }
  }
  const std::size_t positions = packing.weight_offsets.size() + packing.activation_offsets.size() - 1;
  if (convolution && terms.size() != positions) {
    found.push_back(make_diagnostic(diagnostics::kFields, "fields",
                                    {"count", std::to_string(positions), std::to_string(terms.size())}));
  }
}

bool check_recorded(const Packing& packing, const Terms& terms, Diagnostics& found) {
  if (packing.fields.size() != terms.size()) {
    found.push_back(
        make_diagnostic(diagnostics::kFields, "fields",
                        {"count", std::to_string(packing.fields.size()), std::to_string(terms.size())}));
    return false;
  }
  std::size_t k = 0;
  for (const auto& [offset, pairs] : terms) {
    const Field& field = packing.fields[k];
    if (field.offset != offset || field.terms != pairs) {
      found.push_back(
          make_diagnostic(diagnostics::kFields, "fields",
                          {std::to_string(k), text(field.terms, field.offset), text(pairs, offset)}));
      return false;
    }
    ++k;
  }
  return true;
}

/// Rule G(n, 0): n * m * D fits the slice, slices do not overlap, the last one ends inside the accumulator.
void check_fields(const Packing& packing, Diagnostics& found) {
  const Extremes p = product(packing);
  Wide bias = 0;
  for (std::size_t k = 0; k < packing.fields.size(); ++k) {
    const Field& field = packing.fields[k];
    const std::string where = fmt::format("field {}", k);
    const Wide count = static_cast<Wide>(field.terms.size()) * packing.accumulations;
    const Wide reach = count * (p.hi - p.lo);
    bias += -count * p.lo * power(field.offset);
    const int width = field.width;
    if (width < 1 || width > 62 || reach > power(width) - 1) {
      const Wide held = width >= 1 && width <= 62 ? power(width) - 1 : Wide{0};
      found.push_back(
          make_diagnostic(diagnostics::kFieldWidth, where, {text(reach), std::to_string(width), text(held)}));
    }
    const int end = field.offset + (width > 0 && width <= 62 ? width : 0);
    if (k + 1 < packing.fields.size()) {
      const int next = packing.fields[k + 1].offset;
      if (end > next) {
        found.push_back(
            make_diagnostic(diagnostics::kOverlap, where, {std::to_string(end), std::to_string(next)}));
      }
    } else if (end > packing.ports.accumulator_bits) {
      found.push_back(make_diagnostic(diagnostics::kTop, where,
                                      {std::to_string(end), std::to_string(packing.ports.accumulator_bits)}));
    }
  }
  if (bias != packing.bias) {
    found.push_back(make_diagnostic(diagnostics::kBias, "bias", {std::to_string(packing.bias), text(bias)}));
  }
}

}  // namespace

Status verify(const Packing& packing) {
  Diagnostics found;
  check_form(packing, found);
  if (!found.empty()) return found;
  const MultiplierPorts& ports = packing.ports;
  const bool wide = packing.weights_on_wide_port;
  check_port(packing.weight_offsets, packing.weight, wide ? ports.wide_bits : ports.narrow_bits,
             "weight port", found);
  check_port(packing.activation_offsets, packing.activation, wide ? ports.narrow_bits : ports.wide_bits,
             "activation port", found);
  if (!found.empty()) return found;
  const Terms terms = terms_of(packing);
  check_structure(packing, terms, found);
  if (check_recorded(packing, terms, found)) check_fields(packing, found);
  if (!found.empty()) return found;
  return success();
}

}  // namespace bitmason::pack
