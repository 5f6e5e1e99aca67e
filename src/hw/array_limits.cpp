#include "hw/array_limits.hpp"

#include <algorithm>
#include <bit>

#include <fmt/format.h>
#include "pack/carries.hpp"

namespace bitmason::hw {

namespace {

constexpr int kMostSideBits = 3;
constexpr int kMostChains = 9;

int ceil_log2(int count) {
  return static_cast<int>(std::bit_width(static_cast<unsigned>(count - 1)));
}

bool accumulates(const pack::Packing& packing) {
  return packing.rule == pack::Rule::Canary;
}

/// Cycles that one column's drain takes.
int slots_of(const pack::Packing& packing, const PackArrayShape& shape) {
  const int side = std::max(1, pack::carries_of(packing, shape.chain).widest());
  return std::max(shape.lanes / shape.chain, side + 2) + side;
}

/// Weights that the port packs without an adder: bm_acc_fields.
bool weights_apart(const pack::Packing& packing) {
  const Format format = format_of(packing.weight.united({0, 0}));
  const int body = format.is_signed ? format.bits - 1 : format.bits;
  for (std::size_t k = 1; k < packing.weight_offsets.size(); ++k) {
    if (packing.weight_offsets[k] - packing.weight_offsets[k - 1] < body) return false;
  }
  return true;
}

/// The top field holds a step, or its wraps are counted where the primitive can.
bool top_holds(const pack::Packing& packing, const PackArrayShape& shape) {
  const pack::Carries carries = pack::carries_of(packing, shape.chain);
  const int room = packing.ports.accumulator_bits - packing.fields.back().offset;
  const auto bits = [](std::int64_t value) {
    return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(value)));
  };
  if (!accumulates(packing)) return bits(carries.top_step) <= room;
  const std::int64_t unit = std::int64_t{1} << std::max(1, carries.widest());
  const std::int64_t start = (-shape.steps * carries.top_least + unit - 1) / unit * unit;
  if (bits(start + shape.steps * carries.top_step) <= room) return true;
  return packing.ports.cycle_constant && bits(carries.top_step) < room;
}

}  // namespace

int chain_of(const pack::Packing& packing, int lanes, bool cascade) {
  int chain = 1;
  if (accumulates(packing) || !cascade) return chain;
  while (2 * chain <= packing.accumulations && lanes % (2 * chain) == 0) chain *= 2;
  return chain;
}

std::optional<std::string> array_refusal(const pack::Packing& packing, const PackArrayShape& shape) {
  // Sign-magnitude operands need another cell and a decoder with signs: whoever adds them starts here.
  if (packing.coding == pack::Coding::SignMagnitude) return "its operands are magnitudes";
  const int side = pack::carries_of(packing, shape.chain).widest();
  if (side > kMostSideBits) return fmt::format("carries have {} bits, at most {}", side, kMostSideBits);
  if (!weights_apart(packing)) return "weights overlap on their port";
  if (accumulates(packing) && shape.lanes / shape.chain > kMostChains)
    return fmt::format("{} chains accumulate, at most {}", shape.lanes / shape.chain, kMostChains);
  if (accumulates(packing) && slots_of(packing, shape) * shape.share > shape.steps)
    return fmt::format("blocks have {} steps, at least {}", shape.steps,
                       slots_of(packing, shape) * shape.share);
  if (!top_holds(packing, shape)) return "the top field outgrows the sum";
  return std::nullopt;
}

int array_latency(const pack::Packing& packing, const PackArrayShape& shape) {
  const int at_sum = 3 + shape.chain;
  if (accumulates(packing)) return at_sum + slots_of(packing, shape) + 2;
  const int carried = pack::carries_of(packing, shape.chain).widest() > 0 ? 2 : 0;
  return at_sum + 1 + ceil_log2(shape.lanes / shape.chain) + carried;
}

}  // namespace bitmason::hw
