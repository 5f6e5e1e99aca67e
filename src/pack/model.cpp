#include "pack/model.hpp"

#include <cassert>

namespace bitmason::pack {

namespace {

std::uint64_t low_bits(std::uint64_t value, int bits) {
  return bits >= 64 ? value : value & ((std::uint64_t{1} << bits) - 1);
}

std::int64_t sign_extended(std::uint64_t value, int bits) {
  const std::uint64_t sign = std::uint64_t{1} << (bits - 1);
  return static_cast<std::int64_t>((low_bits(value, bits) ^ sign) - sign);
}

/// What the multiplier sees: D - A of the pre-adder, D the packed low bits and A the packed sign bits.
std::int64_t port_value(std::span<const std::int64_t> values, const std::vector<int>& offsets,
                        const IntRange& range, int port_bits) {
  assert(values.size() == offsets.size());
  const int bits = range.bits();
  const int magnitude_bits = range.is_signed() ? bits - 1 : bits;
  std::uint64_t lows = 0;
  std::uint64_t signs = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint64_t code = low_bits(static_cast<std::uint64_t>(values[i]), bits);
    lows += low_bits(code, magnitude_bits) << offsets[i];
    signs += (code >> magnitude_bits) << (offsets[i] + magnitude_bits);
  }
  return sign_extended(low_bits(lows, port_bits) - low_bits(signs, port_bits), port_bits);
}

}  // namespace

MultiplierModel::MultiplierModel(const Packing& packing) : packing_(packing) {
  clear();
}

void MultiplierModel::clear() {
  sum_ = low_bits(static_cast<std::uint64_t>(packing_.bias), packing_.ports.accumulator_bits);
}

void MultiplierModel::multiply(std::span<const std::int64_t> weights,
                               std::span<const std::int64_t> activations) {
  const MultiplierPorts& ports = packing_.ports;
  const bool wide = packing_.weights_on_wide_port;
  const std::int64_t w = port_value(weights, packing_.weight_offsets, packing_.weight,
                                    wide ? ports.wide_bits : ports.narrow_bits);
  const std::int64_t a = port_value(activations, packing_.activation_offsets, packing_.activation,
                                    wide ? ports.narrow_bits : ports.wide_bits);
  // Both ports together have at most 62 bits, so the product is exact before the accumulator cuts it.
  sum_ = low_bits(sum_ + static_cast<std::uint64_t>(w * a), ports.accumulator_bits);
}

std::vector<std::int64_t> MultiplierModel::read() const {
  std::vector<std::int64_t> sums;
  sums.reserve(packing_.fields.size());
  for (std::size_t k = 0; k < packing_.fields.size(); ++k) {
    const Field& field = packing_.fields[k];
    const auto slice = static_cast<std::int64_t>(low_bits(sum_ >> field.offset, field.width));
    sums.push_back(slice - packing_.field_bias(k));
  }
  return sums;
}

}  // namespace bitmason::pack
