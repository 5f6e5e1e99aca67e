#include "hw/scheme_codes.hpp"

#include <algorithm>

#include <fmt/format.h>
#include "hw/pack_parameters.hpp"
#include "hw/scheme_layout.hpp"
#include "pack/digits.hpp"

namespace bitmason::hw {

namespace {

using Digits = pack::Slicing::Digits;

/// The lowest digit of a value and what is above it; `last`: that is the highest digit. Else a balanced one's
/// next stage reads it as two's complement, whatever its range.
std::pair<Value, Value> add_digit(Module& module, const std::string& name, int width, bool balanced,
                                  const Value& value, const std::vector<IntRange>& ranges, bool last) {
  const int bits = width_of(value.bits);
  const int low = module.add_net(name + "_low", width);
  const int high = module.add_net(name + "_high", bits - width + 1);
  module.cells.push_back({.name = "u_" + name,
                          .module = "bm_digits",
                          .parameters = {{"BITS", std::int64_t{bits}},
                                         {"LOW", std::int64_t{width}},
                                         {"SIGNED", std::int64_t{balanced}}},
                          .inputs = {{"x", value.bits}},
                          .outputs = {{"low", module.all_of(low)}, {"high", module.all_of(high)}}});
  const IntRange above = balanced && !last ? ranges[1].united({-1, 0}) : ranges[1];
  const int high_bits = std::min(above.bits(), bits - width + 1);
  return {{module.all_of(low), ranges[0]}, {part_of(module.all_of(high), 0, high_bits), ranges[1]}};
}

/// The digits of a value, one stage each: a balanced digit takes a cycle, for which the lower ones wait.
std::vector<Value> add_digits(Module& module, const std::string& name, const pack::Slicing& slicing,
                              const Value& value) {
  const bool balanced = slicing.digits == pack::Slicing::Digits::Balanced;
  std::vector<Value> digits;
  Value rest = value;
  for (std::size_t k = 0; k < slicing.widths.size(); ++k) {
    const pack::Slicing one{.widths = {slicing.widths[k]}, .digits = slicing.digits};
    auto [low, high] = add_digit(module, fmt::format("{}_{}", name, k), one.widths.front(), balanced, rest,
                                 one.of(rest.range), k + 1 == slicing.widths.size());
    const auto later = static_cast<int>(slicing.widths.size() - k) - 1;
    low.bits = delayed(module, fmt::format("{}_{}_wait", name, k), low.bits, balanced ? later : 0);
    digits.push_back(std::move(low));
    rest = std::move(high);
  }
  digits.push_back(std::move(rest));
  return digits;
}

/// Sign and magnitude of a value; a signed one's come a cycle later.
OperandCode add_magnitude(Module& module, const std::string& name, const Value& value, int bits) {
  const int code_bits = width_of(value.bits);
  const int magnitude = module.add_net(name, bits);
  const int negative = module.add_net(name + "_negative", 1);
  module.cells.push_back(
      {.name = "u_" + name,
       .module = "bm_magnitude",
       .parameters = {{"BITS", std::int64_t{code_bits}},
                      {"SIGNED", std::int64_t{value.range.is_signed()}},
                      {"OUT", std::int64_t{bits}}},
       .inputs = {{"x", value.bits}},
       .outputs = {{"magnitude", module.all_of(magnitude)}, {"negative", module.all_of(negative)}}});
  return {module.all_of(magnitude), module.all_of(negative)};
}

}  // namespace

Combiner::Combiner(Module& module, const pack::Scheme& scheme)
    : module_(module), scheme_(scheme), algorithm_(scheme.algorithm) {
  // Latencies do not depend on lane and pixel: they follow from ranges alone.
  std::vector<Value> values;
  for (const IntRange& range : pack::activation_inputs(algorithm_, scheme.activation))
    values.push_back({{}, range});
  for (std::size_t f = 0; f < algorithm_.activations.size(); ++f) {
    int most = 0;
    std::vector<Value> next;
    for (std::size_t r = 0; r < algorithm_.activations[f].size(); ++r) {
      const auto& row = algorithm_.activations[f][r];
      most = std::max(most, row_levels(row, values, constant_of(f, r)));
      const std::int64_t constant = constant_of(f, r);
      IntRange range{constant, constant};
      for (std::size_t i = 0; i < row.size(); ++i) range = range + values[i].range * IntRange{row[i], row[i]};
      next.push_back({{}, range});
    }
    levels_.push_back(most);
    values = std::move(next);
  }
  if (splits(Digits::Magnitude)) {
    magnitude_cycles_ = scheme.activation.is_signed() ? 1 : 0;
    return;
  }
  for (std::size_t p = 0; p < values.size(); ++p)
    if (makes_magnitudes(p, values[p].range.is_signed())) magnitude_cycles_ = 1;
}

int Combiner::latency() const {
  int sum = magnitude_cycles_ + (splits(Digits::Balanced) ? algorithm_.activation_digits.count() - 1 : 0);
  for (const int levels : levels_) sum += levels;
  return sum;
}

std::vector<OperandCode> Combiner::add(const std::string& place, const std::vector<Value>& rows) {
  if (splits(Digits::Magnitude)) return digits_of_magnitude(place, rows.front());
  const std::vector<Value> values = combinations(
      place, !algorithm_.activation_digits.splits()
                 ? rows
                 : add_digits(module_, "digits_" + place, algorithm_.activation_digits, rows.front()));
  std::vector<OperandCode> codes;
  for (std::size_t p = 0; p < values.size(); ++p) {
    const int bits = activation_format(part_of_product(p).packing).bits;
    const bool is_signed = values[p].range.is_signed();
    const std::string name = fmt::format("m{}_{}", p, place);
    if (makes_magnitudes(p, is_signed)) {
      codes.push_back(add_magnitude(module_, name, values[p], bits));
      continue;
    }
    const Bits late = delayed(module_, name, resized(values[p].bits, bits, is_signed), magnitude_cycles_);
    codes.push_back({late, has_signs(part_of_product(p).packing) ? zero(1) : Bits{}});
  }
  return codes;
}

bool Combiner::splits(Digits digits) const {
  return algorithm_.activation_digits.splits() && algorithm_.activation_digits.digits == digits;
}

bool Combiner::makes_magnitudes(std::size_t product, bool is_signed) const {
  return is_signed && has_signs(part_of_product(product).packing);
}

const pack::Part& Combiner::part_of_product(std::size_t product) const {
  return scheme_.parts[static_cast<std::size_t>(algorithm_.kinds[product])];
}

std::int64_t Combiner::constant_of(std::size_t factor, std::size_t row) const {
  if (factor + 1 < algorithm_.activations.size()) return 0;
  const pack::Part& part = part_of_product(row);
  return part.packing.activation.lo - part.product.activation.lo;
}

std::vector<Value> Combiner::combinations(const std::string& place, std::vector<Value> values) {
  for (std::size_t f = 0; f < algorithm_.activations.size(); ++f) {
    std::vector<Value> next;
    for (std::size_t r = 0; r < algorithm_.activations[f].size(); ++r) {
      next.push_back(combined(module_, fmt::format("c{}_{}_{}", f, r, place), algorithm_.activations[f][r],
                              values, constant_of(f, r), levels_[f]));
    }
    values = std::move(next);
  }
  return values;
}

/// The products of a split take one digit each, the value's sign with it.
std::vector<OperandCode> Combiner::digits_of_magnitude(const std::string& place, const Value& value) {
  const pack::Slicing& slicing = algorithm_.activation_digits;
  const int bits = pack::digit_range(value.range, pack::Coding::SignMagnitude).bits();
  const OperandCode whole = add_magnitude(module_, "m_" + place, value, bits);
  std::vector<OperandCode> codes;
  for (std::size_t p = 0; p < algorithm_.products(); ++p) {
    const auto& row = algorithm_.activations.front()[p];
    const auto k = static_cast<int>(std::ranges::find_if(row, [](int c) { return c != 0; }) - row.begin());
    const int start = slicing.shift(k);
    const int end = k + 1 < slicing.count() ? slicing.shift(k + 1) : bits;
    codes.push_back({resized(part_of(whole.value, start, end - start),
                             activation_format(part_of_product(p).packing).bits, false),
                     whole.negative});
  }
  return codes;
}

}  // namespace bitmason::hw
