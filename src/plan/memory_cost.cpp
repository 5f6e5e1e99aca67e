#include "plan/cost_internal.hpp"

namespace bitmason::plan {

std::int64_t block_memory(std::int64_t width, std::int64_t depth) {
  // Aspect ratios of half a block: 36 bits by 512 words down to 1 bit by 16,384.
  std::int64_t best = ceil_div(width, 36) * ceil_div(depth, 512);
  for (const auto& [bits, words] : {std::pair{18, 1024}, {9, 2048}, {4, 4096}, {2, 8192}, {1, 16384}}) {
    best = std::min(best, ceil_div(width, bits) * ceil_div(depth, words));
  }
  return best;
}

std::int64_t written_block_memory(std::int64_t width, std::int64_t depth) {
  // bm_ram cuts its words into parts of 36 bits.
  return width / 36 * block_memory(36, depth) + (width % 36 == 0 ? 0 : block_memory(width % 36, depth));
}

std::int64_t lut_memory(std::int64_t width, std::int64_t depth) {
  // RAM64M8: 7 bits by 64 words in 8 LUTs; RAM32M16: 14 bits by 32 words in 8 LUTs.
  if (depth <= 32) return ceil_div(width, 14) * 8;
  const std::int64_t banks = ceil_div(depth, 64);
  return ceil_div(width, 7) * 8 * banks + rounded(kCost.bank_mux * static_cast<double>(width * (banks - 1)));
}

std::int64_t lut_rom(std::int64_t width, std::int64_t depth) {
  if (depth <= 1) return 0;
  return rounded(static_cast<double>(distinct_columns(width, depth)) *
                 static_cast<double>(ceil_div(depth, 64)));
}

std::int64_t ultra_memory(std::int64_t width, std::int64_t depth) {
  // bm_ram cuts its words into parts of 72 bits.
  return ceil_div(width, 72) * ceil_div(depth, 4096);
}

Resources memory_cost(MemoryKind kind, std::int64_t width, std::int64_t depth, bool read_only) {
  if (kind == MemoryKind::Ultra) {
    // Words of several blocks are chosen in LUTs.
    return {.luts = Luts(width * ceil_div(ceil_div(depth, 4096) - 1, 3)),
            .urams = Urams(ultra_memory(width, depth))};
  }
  if (kind == MemoryKind::Block) {
    // The words of a whole block, and multiplexers of up to four blocks.
    const std::int64_t choices = ceil_div(ceil_div(depth, 1024) - 1, 3);
    return {.luts = Luts(width * choices),
            .bram18s = Bram18s(read_only ? block_memory(width, depth) : written_block_memory(width, depth))};
  }
  if (!read_only) return {.luts = Luts(lut_memory(width, depth)), .flip_flops = FlipFlops(width)};
  return {.luts = Luts(lut_rom(width, depth)), .flip_flops = FlipFlops(distinct_columns(width, depth))};
}

Resources memory_cost(MemoryKind kind, const MemoryShape& shape, bool read_only) {
  return times(shape.count, memory_cost(kind, shape.width, shape.depth, read_only));
}

MemoryKind cheaper_memory(std::int64_t width, std::int64_t depth, bool read_only) {
  // Typical parts hold about 160 LUTs per half block.
  constexpr std::int64_t kLutsPerBlock = 160;
  const std::int64_t luts = read_only ? lut_rom(width, depth) : lut_memory(width, depth);
  const std::int64_t blocks = memory_cost(MemoryKind::Block, width, depth, read_only).bram18s.value;
  return luts > kLutsPerBlock * blocks ? MemoryKind::Block : MemoryKind::Lut;
}

}  // namespace bitmason::plan
