#include "hw/array_limits.hpp"

#include <algorithm>
#include <bit>

#include <fmt/format.h>
#include "hw/sign_timing.hpp"
#include "pack/carries.hpp"
#include "pack/digits.hpp"
#include "pack/word_cost.hpp"

namespace bitmason::hw {

namespace {

constexpr int kMostSideBits = 4;
constexpr int kMostChains = 9;
constexpr int kMostLowerBits = 3;

int ceil_log2(int count) {
  return static_cast<int>(std::bit_width(static_cast<unsigned>(count - 1)));
}

int bits_of(std::int64_t value) {
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(value)));
}

/// The carries that the array tells apart.
pack::Carries carries_in(const pack::Packing& packing, const PackArrayShape& shape) {
  const bool read = packing.rule == pack::Rule::Canary && !accumulates(packing, shape);
  return pack::carries_of(read ? pack::read_every_step(packing) : packing, shape.chain);
}

/// Cycles that one column's drain takes.
int slots_of(const pack::Packing& packing, const PackArrayShape& shape) {
  const int side = std::max(1, carries_in(packing, shape).widest());
  return std::max(shape.lanes / shape.chain, side + 2) + side;
}

/// Weights that have a bit of their port in common, at most; bm_pack_words sums them.
int shared_weights(const pack::Packing& packing) {
  const Format format = format_of(packing.weight.united({0, 0}));
  const int body = format.is_signed ? format.bits - 1 : format.bits;
  return pack::shared_operands(packing.weight_offsets, body);
}

/// The top field holds a step, or a block where the array accumulates.
bool top_holds(const pack::Packing& packing, const PackArrayShape& shape) {
  if (accumulates(packing, shape)) return pack::holds_block(packing, shape.chain, shape.steps);
  return bits_of(carries_in(packing, shape).top_step) <= packing.gap(packing.fields.size() - 1);
}

}  // namespace

int chain_of(const pack::Packing& packing, int lanes, bool cascade) {
  int chain = 1;
  if (packing.rule == pack::Rule::Canary || has_signs(packing) || !cascade) return chain;
  while (2 * chain <= packing.accumulations && lanes % (2 * chain) == 0) chain *= 2;
  return chain;
}

std::string array_module(const pack::Packing& packing) {
  return has_signs(packing) ? "bm_sign_array" : "bm_pack_array";
}

std::optional<std::string> array_refusal(const pack::Packing& packing, const PackArrayShape& shape) {
  if (has_signs(packing)) return sign_array_refusal(packing);
  if (auto refusal = pack::side_by_side_refusal(packing)) return refusal;
  const int side = carries_in(packing, shape).widest();
  if (side > kMostSideBits) return fmt::format("carries have {} bits, at most {}", side, kMostSideBits);
  if (accumulates(packing, shape) && shape.lanes / shape.chain > kMostChains)
    return fmt::format("{} chains accumulate, at most {}", shape.lanes / shape.chain, kMostChains);
  if (accumulates(packing, shape) && slots_of(packing, shape) * shape.share > shape.steps)
    return fmt::format("blocks have {} steps, at least {}", shape.steps,
                       slots_of(packing, shape) * shape.share);
  if (!top_holds(packing, shape)) return "the top field outgrows the sum";
  return std::nullopt;
}

PackArrayShape array_shape(const pack::Packing& packing, PackArrayShape shape) {
  shape.accumulate = true;
  shape.accumulate = !array_refusal(packing, shape);
  return shape;
}

std::optional<std::string> sign_array_refusal(const pack::Packing& packing) {
  if (packing.coding != pack::Coding::SignMagnitude) return "its operands are no magnitudes";
  if (auto refusal = pack::side_by_side_refusal(packing)) return refusal;
  const IntRange weight = pack::digit_range(packing.weight, packing.coding);
  const IntRange activation = pack::digit_range(packing.activation, packing.coding);
  const int bits = bits_of(weight.hi * activation.hi);
  if (packing.fields.size() != packing.weight_offsets.size() * packing.activation_offsets.size())
    return "products share a field";
  for (std::size_t k = 0; k + 1 < packing.fields.size(); ++k) {
    const int lower = bits - packing.gap(k);
    if (lower > kMostLowerBits)
      return fmt::format("fields overlap by {} bits, at most {}", lower, kMostLowerBits);
  }
  if (packing.fields.back().offset + bits > packing.ports.accumulator_bits)
    return "the top field outgrows the sum";
  return std::nullopt;
}

int array_latency(const pack::Packing& packing, const PackArrayShape& shape) {
  if (has_signs(packing)) return sign_array_latency(packing, shape.lanes);
  const int at_sum = 3 + shape.chain + ceil_log2(shared_weights(packing));
  if (accumulates(packing, shape)) return at_sum + slots_of(packing, shape) + 2;
  const int carried = carries_in(packing, shape).widest() > 0 ? 2 : 0;
  return at_sum + 1 + ceil_log2(shape.lanes / shape.chain) + carried;
}

}  // namespace bitmason::hw
