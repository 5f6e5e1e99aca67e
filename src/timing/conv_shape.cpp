#include "timing/conv_shape.hpp"

#include <algorithm>

#include "timing/parameters.hpp"

namespace bitmason::timing {

namespace {

/// The module's parameters and what its header derives from them.
struct Engine {
  explicit Engine(const hw::Instance& i)
      : instance(i),
        conv(integer(i, "CONV") != 0),
        depthwise(integer(i, "DW") != 0),
        simd(integer(i, "SIMD")),
        kernel_rows(integer(i, "KPF")),
        own_pixels(integer(i, "NP")),
        arrays(integer(i, "PG", 1)),
        pixels(own_pixels * arrays),
        chain(integer(i, "CHAIN")),
        accumulate(integer(i, "ACCUM")),
        fields(integer(i, "NFIELDS")),
        is_signed(integer(i, "ASIGNED") != 0 || integer(i, "CENTRE") != 0) {}

  const hw::Instance& instance;
  bool conv, depthwise;
  std::int64_t simd, kernel_rows;
  std::int64_t own_pixels;  ///< of one array
  std::int64_t arrays;
  std::int64_t pixels;  ///< of a block
  std::int64_t chain, accumulate, fields;
  bool is_signed;

  [[nodiscard]] std::int64_t operator[](const char* name) const { return integer(instance, name); }
  [[nodiscard]] std::int64_t chains() const { return (depthwise ? kernel_rows : simd * kernel_rows) / chain; }
  [[nodiscard]] std::int64_t pack_stage() const { return is_signed && own_pixels > 1 ? 1 : 0; }
  /// Levels of the sums where fields of neighbouring arrays meet (bm_conv_sums).
  [[nodiscard]] std::int64_t join_stages() const {
    return conv && arrays > 1 ? clog2(std::min(arrays, ceil_div(fields, own_pixels))) : 0;
  }
  /// Sums of more than 24 bits are made in two parts, one after the other (bm_conv_accumulate).
  [[nodiscard]] std::int64_t wide_stage() const { return (*this)["OUT_BITS"] > 24 ? 1 : 0; }
  [[nodiscard]] std::int64_t carry_bits() const;
  [[nodiscard]] std::int64_t products(std::int64_t field) const;
  [[nodiscard]] bool has_constant() const;
};

/// Products of one chain that meet in a field (bm_pack_array).
std::int64_t Engine::products(std::int64_t field) const {
  const std::int64_t weights = conv ? (*this)["KW"] : (*this)["NWC"];
  std::int64_t count = 0;
  for (int i = 0; i < weights; ++i) {
    for (int j = 0; j < own_pixels; ++j) {
      const std::int64_t at = element(instance, "WOFF", i, 16) + element(instance, "AOFF", j, 16);
      if (at == element(instance, "FOFF", static_cast<int>(field), 16)) count += chain;
    }
  }
  return count;
}

/// Bits of the widest carry between fields (bm_pack_array's side_bits).
std::int64_t Engine::carry_bits() const {
  const bool each = (*this)["PRIM"] < 2 || accumulate != 1;
  const std::int64_t low = (*this)["LOW"];
  const std::int64_t high = (*this)["HIGH"];
  std::int64_t widest = 0, most = 0, least = 0;
  for (int k = 0; k + 1 < fields; ++k) {
    const std::int64_t gap = element(instance, "FOFF", k + 1, 16) - element(instance, "FOFF", k, 16);
    const std::int64_t rest = accumulate == 1 ? (std::int64_t{1} << gap) - 1 : 0;
    most = (rest + products(k) * (high - (each ? low : 0)) + most) >> gap;
    least = (products(k) * (each ? 0 : low) + least) >> gap;
    widest = std::max<std::int64_t>(widest, clog2(most - least + 1));
  }
  return widest;
}

/// Whether the output adds a constant: what the fields that meet in an output still carry.
bool Engine::has_constant() const {
  if (!conv) return false;
  std::vector<std::int64_t> fixes(static_cast<std::size_t>(fields + (arrays - 1) * own_pixels));
  for (std::int64_t at = 0; accumulate == 0 && at < arrays * fields; ++at) {
    const std::int64_t field = at % fields;
    fixes[static_cast<std::size_t>(at / fields * own_pixels + field)] +=
        element(instance, "FIELD_FIX", static_cast<int>(field), 32);
  }
  for (std::size_t first = 0; first < fixes.size(); ++first) {
    std::int64_t sum = 0;
    for (std::size_t f = first; f < fixes.size(); f += static_cast<std::size_t>(pixels)) {
      sum += chains() * fixes[f] + 1;
    }
    if (sum != 0) return true;
  }
  return false;
}

/// Cycles from a block's last step to the word written (bm_conv_sums, bm_pack_array, bm_conv_merge).
std::int64_t sums_latency(const Engine& e) {
  constexpr std::int64_t kOperands = 4;  // from the step's registers to the operands
  constexpr std::int64_t kMerged = 1;
  const std::int64_t start = kOperands + e.pack_stage() + e.wide_stage() + e.join_stages();
  if (e.accumulate == 0) return start + 4 + e.chain - 1 + clog2(e.chains()) + kMerged;
  const std::int64_t at_sum = 3 + e.chain;
  const std::int64_t carries = e.carry_bits();
  const std::int64_t words = e.simd * e.kernel_rows / e.chain;
  if (e.accumulate == 2) return start + at_sum + (carries > 0 ? 2 : 0) + clog2(words) + 1 + kMerged;
  const std::int64_t side = std::max<std::int64_t>(1, carries);
  const std::int64_t slots = std::max(words, side + 2) + side;
  return start + at_sum + 1 + e["SHARE"] * slots + 1 + kMerged;
}

/// Words of the result buffer, and the pixels that it sends.
void set_output(const Engine& e, std::int64_t columns_out, ConvShape& s) {
  const std::int64_t pe = e.depthwise ? e.simd : e["COLS"] * (e.conv ? 1 : e["NWC"]);
  const std::int64_t beat = e["CHO"];
  const bool real_padding = e.conv && e["PAD_VALUE"] != 0;
  const std::int64_t drop = !e.conv ? 0 : real_padding ? e["KW"] - 1 : e["KW"] - 1 - e["PL"];
  const std::int64_t last_sums = (e.conv ? drop + columns_out : columns_out) - (s.blocks - 1) * e.pixels;
  s.empty_blocks = std::min(drop / e.pixels, s.blocks - 1);
  const std::int64_t pixels = last_sums > e.pixels || s.blocks == 1 ? last_sums : e.pixels;
  const bool aligned = e["ALIGN"] != 0;
  s.gather = beat > pe && !aligned ? beat / pe : 1;
  s.word_groups = s.groups / s.gather;
  s.chunks = pe * s.gather / beat;
  s.first_pixel = drop - s.empty_blocks * e.pixels;
  s.last_pixel = e.pixels - 1;
  s.row_last_pixel = last_sums - 1;
  if (aligned) {
    // A block's pixels are as many channels of one.
    s.chunks = e.pixels * pe / beat;
    s.first_pixel = s.last_pixel = s.row_last_pixel = 0;
    s.completed_late = drop > 0 && s.blocks > 1;
  }

  const std::int64_t most = e.accumulate == 0   ? 4 + e.chain - 1 + clog2(e.chains())
                            : e.accumulate == 1 ? s.steps + e.chain + 6
                                                : 2 + clog2(e.chains()) + e.chain + 6;
  const std::int64_t flight =
      (4 + most + e.pack_stage() + e.wide_stage() + e.join_stages() + 10 + (aligned ? 2 : 0)) /
          (s.steps * s.gather) +
      5;
  const std::int64_t passes = std::max<std::int64_t>(0, pixels - e.pixels);
  const std::int64_t held =
      s.word_groups > 1 && pixels > 1
          ? 2 * s.word_groups - 2 * s.word_groups / e.pixels + ceil_div(passes * s.word_groups, e.pixels)
          : 0;
  const std::int64_t needed = std::max(held, s.word_groups) + flight;
  s.words = needed <= 16 ? 16 : std::int64_t{1} << clog2(needed);
  const std::int64_t bits = e["OUT_BITS"];
  const std::int64_t add_stages = bits <= 24 ? 1 : ceil_div(bits, 20);
  s.output_stages = static_cast<int>(e.has_constant() || e["HAS_BIAS"] != 0 ? 1 + 2 * add_stages : 2);
}

}  // namespace

ConvShape conv_shape(const hw::Instance& instance) {
  const Engine e(instance);
  ConvShape s;
  const std::int64_t width = e["W"];
  const std::int64_t padded = width + e["PL"] + e["PR"];
  const std::int64_t columns_out = (padded - e["KW"]) / e["SW"] + 1;
  const std::int64_t columns = !e.conv ? columns_out : e["PAD_VALUE"] != 0 ? padded : width;
  s.height = e["H"];
  s.kernel_h = e["KH"];
  s.stride_h = e["SH"];
  s.pad_top = e["PT"];
  s.pad_bottom = e["PB"];
  s.out_height = (s.height + s.pad_top + s.pad_bottom - s.kernel_h) / s.stride_h + 1;
  s.row_beats = width / std::max<std::int64_t>(1, e["INP"]) * (e["CIN"] / e.simd);
  s.slots = ceil_div(e["ROWS"], e.kernel_rows) * e.kernel_rows;
  const std::int64_t pe = e.depthwise ? e.simd : e["COLS"] * (e.conv ? 1 : e["NWC"]);
  s.groups = e["COUT"] / pe;
  s.blocks = ceil_div(columns, e.pixels);
  s.steps = s.kernel_h / e.kernel_rows * (e.conv ? 1 : e["KW"]) * (e.depthwise ? 1 : e["CIN"] / e.simd);
  s.latency = sums_latency(e);
  set_output(e, columns_out, s);
  return s;
}

}  // namespace bitmason::timing
