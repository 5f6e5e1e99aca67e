#include "pack/model.hpp"

#include <algorithm>
#include <cassert>
#include <cstdlib>

namespace bitmason::pack {

namespace {

std::uint64_t low_bits(std::uint64_t value, int bits) {
  return bits >= 64 ? value : value & ((std::uint64_t{1} << bits) - 1);
}

std::uint64_t raw(std::int64_t value) {
  return static_cast<std::uint64_t>(value);
}

std::int64_t sign_extended(std::uint64_t value, int bits) {
  const std::uint64_t sign = std::uint64_t{1} << (bits - 1);
  return static_cast<std::int64_t>((low_bits(value, bits) ^ sign) - sign);
}

/// value * 2^shift modulo 2^64.
std::uint64_t shifted(std::uint64_t value, int shift) {
  return shift >= 64 ? 0 : value << shift;
}

void digits_of(const std::vector<std::int64_t>& values, Coding coding, std::vector<std::int64_t>& digits) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    digits[i] = coding == Coding::SignMagnitude ? std::abs(values[i]) : values[i];
  }
}

std::int64_t floor_shift(std::int64_t value, int bits) {
  return bits >= 63 ? (value < 0 ? -1 : 0) : value >> bits;
}

/// What the wrap of the top operand took from it: 2^wrap_bits where its magnitude reaches the sign bit.
std::int64_t taken(const Digits& digits, std::size_t index, std::int64_t digit) {
  if (digits.wrap_bits == 0 || index + 1 != digits.values.size()) return 0;
  return digit > digits.values[index].hi ? std::int64_t{1} << digits.wrap_bits : 0;
}

}  // namespace

MultiplierModel::MultiplierModel(const Packing& packing)
    : packing_(packing),
      weights_(
          digits_on_port(packing.weight_offsets, packing.weight, packing.coding, packing.weight_port_bits())),
      activations_(digits_on_port(packing.activation_offsets, packing.activation, packing.coding,
                                  packing.activation_port_bits())),
      ranges_(step_ranges(packing)) {
  std::int64_t below = 0;
  for (std::size_t k = 0; k < ranges_.size(); ++k) {
    gaps_.push_back(packing.gap(k));
    biases_.push_back(packing.field_bias(k));
    below = floor_shift((packing.ports.cycle_constant ? 0 : ranges_[k].lo) + below, gaps_[k]);
    least_carry_.push_back(below);
  }
  weight_values_.resize(packing.weight_offsets.size());
  weight_digits_.resize(weight_values_.size());
  activation_values_.resize(packing.activation_offsets.size());
  activation_digits_.resize(activation_values_.size());
  steps_.resize(ranges_.size());
  above_.resize(ranges_.size());
  extracted_.resize(ranges_.size());
  clear();
}

void MultiplierModel::clear() {
  const bool guard = packing_.rule == Rule::GuardBits;
  sum_ = guard ? low_bits(raw(packing_.bias), packing_.ports.accumulator_bits) : 0;
  pending_ = 0;
  residues_.assign(ranges_.size(), 0);
  carries_.assign(ranges_.size(), 0);
  totals_.assign(ranges_.size(), 0);
}

/// What the multiplier sees: D - A of the pre-adder, D the packed low bits and A the packed sign bits.
std::int64_t MultiplierModel::port_value(const std::vector<std::int64_t>& values,
                                         const std::vector<int>& offsets, const IntRange& digit,
                                         int port_bits) const {
  const int bits = digit.bits();
  const int low = digit.is_signed() ? bits - 1 : bits;
  std::uint64_t lows = 0;
  std::uint64_t signs = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint64_t code = low_bits(raw(values[i]), bits);
    lows += low_bits(code, low) << offsets[i];
    signs += (code >> low) << (offsets[i] + low);
  }
  return sign_extended(low_bits(lows, port_bits) - low_bits(signs, port_bits), port_bits);
}

void MultiplierModel::multiply(std::span<const std::int64_t> weights,
                               std::span<const std::int64_t> activations) {
  assert(weights.size() == weight_values_.size() && activations.size() == activation_values_.size());
  std::copy(weights.begin(), weights.end(), weight_values_.begin());
  std::copy(activations.begin(), activations.end(), activation_values_.begin());
  digits_of(weight_values_, packing_.coding, weight_digits_);
  digits_of(activation_values_, packing_.coding, activation_digits_);
  const std::int64_t w =
      port_value(weight_digits_, packing_.weight_offsets, digit_range(packing_.weight, packing_.coding),
                 packing_.weight_port_bits());
  const std::int64_t a =
      port_value(activation_digits_, packing_.activation_offsets,
                 digit_range(packing_.activation, packing_.coding), packing_.activation_port_bits());
  for (std::size_t k = 0; k < steps_.size(); ++k) {
    steps_[k] = 0;
    for (const auto& [i, j] : packing_.fields[k].terms) {
      const auto wi = static_cast<std::size_t>(i);
      const auto aj = static_cast<std::size_t>(j);
      steps_[k] += (weight_digits_[wi] - taken(weights_, wi, weight_digits_[wi])) *
                   (activation_digits_[aj] - taken(activations_, aj, activation_digits_[aj]));
    }
  }
  // Both ports together have at most 62 bits, so the product is exact before the accumulator cuts it.
  const std::uint64_t before = sum_;
  const bool canary = packing_.rule == Rule::Canary;
  sum_ = low_bits(sum_ + raw(w * a) + (canary ? raw(packing_.bias) : 0), packing_.ports.accumulator_bits);
  ++pending_;
  if (canary) return watch(before);
  for (std::size_t k = 0; k < steps_.size(); ++k) residues_[k] += raw(steps_[k]);
  if (pending_ < packing_.accumulations) return;
  extract_guarded(extracted_);
  for (std::size_t k = 0; k < steps_.size(); ++k) {
    totals_[k] += extracted_[k];
    residues_[k] = 0;
  }
  pending_ = 0;
  sum_ = low_bits(raw(packing_.bias), packing_.ports.accumulator_bits);
}

/// Counts the carries of one product: the change of the bits above a field that its products do not explain.
void MultiplierModel::watch(std::uint64_t before) {
  const bool biased = packing_.ports.cycle_constant;
  const int c = packing_.side_bits;
  std::uint64_t above = 0;  // of the fields above, in units of the next field's offset, modulo 2^64
  for (std::size_t k = steps_.size(); k-- > 0;) {
    const std::int64_t step = steps_[k] - (biased ? ranges_[k].lo : 0);
    if (k + 1 == steps_.size()) {
      carries_[k] += top_wrap(before, packing_.fields[k].offset + gaps_[k], biased);
    } else {
      const int offset = packing_.fields[k + 1].offset;
      const std::uint64_t change = (sum_ >> offset) - (before >> offset) - above;
      // The carry is the only value of its residue class from the least one on.
      carries_[k] += least_carry_[k] + static_cast<std::int64_t>(low_bits(change - raw(least_carry_[k]), c));
    }
    above = raw(step) + shifted(above, gaps_[k]);
  }
}

/// Wraps of the top field, whose highest bit is bit `end` - 1: its fall, or the fall or rise of its two
/// highest bits together where the field is signed.
std::int64_t MultiplierModel::top_wrap(std::uint64_t before, int end, bool biased) const {
  const std::uint64_t old_top = low_bits(before >> (end - 2), 2);
  const std::uint64_t new_top = low_bits(sum_ >> (end - 2), 2);
  if (biased) return (old_top >> 1) > (new_top >> 1) ? 1 : 0;
  if (old_top == 1 && new_top == 2) return 1;
  return old_top == 2 && new_top == 1 ? -1 : 0;
}

void MultiplierModel::extract_guarded(std::vector<std::int64_t>& sums) const {
  const int v = packing_.side_bits;
  const std::size_t count = steps_.size();
  // Residues above each field, in units of the next field's offset, as the side logic knows them.
  std::uint64_t above = 0;
  for (std::size_t k = count; k-- > 0;) {
    above_[k] = above;
    above = residues_[k] + raw(biases_[k]) + shifted(above, gaps_[k]);
  }
  std::uint64_t rest = sum_;
  for (std::size_t k = 0; k < count; ++k) {
    const Field& field = packing_.fields[k];
    const std::uint64_t residue = k + 1 == count ? 0 : shifted(low_bits(above_[k], v), gaps_[k]);
    const std::uint64_t biased = low_bits((rest >> field.offset) - residue, field.width);
    if (v > 0) rest = low_bits(rest - shifted(biased, field.offset), packing_.ports.accumulator_bits);
    sums[k] = restored(k, static_cast<std::int64_t>(biased) - biases_[k]);
  }
}

/// The signed product of a field of magnitudes; the sum itself where operands are plain.
std::int64_t MultiplierModel::restored(std::size_t field, std::int64_t sum) const {
  if (packing_.coding == Coding::Plain || pending_ == 0) return sum;
  const auto [i, j] = packing_.fields[field].terms.front();
  const auto wi = static_cast<std::size_t>(i);
  const auto aj = static_cast<std::size_t>(j);
  const std::int64_t w_taken = taken(weights_, wi, weight_digits_[wi]);
  const std::int64_t a_taken = taken(activations_, aj, activation_digits_[aj]);
  const std::int64_t product =
      sum + a_taken * (weight_digits_[wi] - w_taken) + w_taken * activation_digits_[aj];
  return (weight_values_[wi] < 0) != (activation_values_[aj] < 0) ? -product : product;
}

std::vector<std::int64_t> MultiplierModel::extract_counted() const {
  std::vector<std::int64_t> sums(steps_.size());
  const bool biased = packing_.ports.cycle_constant;
  std::int64_t carried_in = 0;
  for (std::size_t k = 0; k < sums.size(); ++k) {
    const std::uint64_t slice = low_bits(sum_ >> packing_.fields[k].offset, gaps_[k]);
    const bool signed_top = k + 1 == sums.size() && !biased;
    const std::int64_t low = signed_top ? sign_extended(slice, gaps_[k]) : static_cast<std::int64_t>(slice);
    sums[k] = low + carries_[k] * (std::int64_t{1} << gaps_[k]) - carried_in;
    if (biased) sums[k] += pending_ * ranges_[k].lo;
    carried_in = carries_[k];
  }
  return sums;
}

std::vector<std::int64_t> MultiplierModel::read() const {
  if (packing_.rule == Rule::Canary) return extract_counted();
  std::vector<std::int64_t> sums = totals_;
  if (pending_ == 0) return sums;
  std::vector<std::int64_t> last(sums.size());
  extract_guarded(last);
  for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += last[k];
  return sums;
}

}  // namespace bitmason::pack
