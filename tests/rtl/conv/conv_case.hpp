#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace bitmason::rtl {

/// One parameter set of bm_conv and what its test expects; names follow docs/hardware.md.
struct ConvCase {
  std::string name;
  int cin = 1, h = 1, w = 1, cout = 1, kh = 1, kw = 1, sh = 1, sw = 1;
  int pt = 0, pl = 0, pb = 0, pr = 0;
  int abits = 4, wbits = 4, pad_value = 0;
  bool asigned = false, conv = false, dw = false, wide_w = true, has_bias = false;
  int simd = 1, kpf = 1, cols = 1, nwc = 1, np = 1, chain = 1, cho = 1, rows = 2;
  bool line_block = false, weight_block = false;
  int prim = 0;
  bool fabric = false;    ///< multipliers in LUTs
  bool external = false;  ///< the weights come as a stream, once for every output row
  int side = 0;           ///< residue bits of carries; 0: guard bits keep fields apart
  bool stay = true;       ///< side > 0: sums stay in the multipliers over a block
  int share = 1;          ///< columns that drain through one accumulator
  bool centred = false;   ///< unsigned codes, multiplied less half their range
  bool wraps = false;     ///< the sums of a block outgrow the top field's room in the register
  int more_bits = 0;      ///< of a sum than its values need
  int pg = 1;             ///< arrays side by side, np pixels each
  int inp = 1;            ///< pixels of an input beat
  bool align = false;     ///< results leave as whole blocks of pixels, cho of their values a beat
  bool full_rate = true;  ///< false where ROWS is too small to overlap rows

  int ho() const { return (h + pt + pb - kh) / sh + 1; }
  int wo() const { return (w + pl + pr - kw) / sw + 1; }
  int nw() const { return conv ? kw : nwc; }
  int pe() const { return dw ? simd : cols * (conv ? 1 : nwc); }
  int groups() const { return cout / pe(); }
  int channel_groups() const { return cin / simd; }
  int steps() const { return kh / kpf * (conv ? 1 : kw) * (dw ? 1 : channel_groups()); }
  int chains() const { return (dw ? kpf : simd * kpf) / chain; }
  int fields() const { return conv ? kw + np - 1 : nwc * np; }
  int columns() const { return !conv ? wo() : pad_value != 0 ? w + pl + pr : w; }
  int out_bits() const;
  /// Cycles per frame of the engine alone, as docs/hardware.md states them.
  int engine_cycles() const { return ho() * ((columns() + block() - 1) / block()) * groups() * steps(); }
  /// Pixels of a block.
  int block() const { return np * pg; }
  /// What weights from outside may take (docs/weight_streaming.md): two tiles are filled and used in turn,
  /// two rows of results are filled and sent in turn.
  int external_cycles() const;
  /// Bits of a word of the weight memory.
  int word_bits() const { return simd * kpf * (dw ? 1 : cols) * nw() * wbits; }
  /// Beats a frame needs on the slower stream.
  int stream_cycles() const;
  /// What is taken off a code before it is multiplied.
  std::int64_t centre() const { return centred ? std::int64_t{1} << (abits - 1) : 0; }
  /// Least and largest product, 0 included.
  std::array<std::int64_t, 2> product_bounds() const;
  std::int64_t weight_low() const { return -(std::int64_t{1} << (wbits - 1)); }
  std::int64_t weight_high() const { return (std::int64_t{1} << (wbits - 1)) - 1; }
  std::int64_t code_low() const { return asigned ? -(std::int64_t{1} << (abits - 1)) : 0; }
  std::int64_t code_high() const {
    return asigned ? (std::int64_t{1} << (abits - 1)) - 1 : (std::int64_t{1} << abits) - 1;
  }
};

/// A uniform packing with guard bits for one chain read, or with room for carries of `side` bits, checked
/// against the ports of the primitive.
struct UniformPacking {
  std::vector<int> weight_offsets, code_offsets, field_offsets, field_widths;
  std::vector<std::int64_t> field_fix;
  std::int64_t bias = 0;
};

/// The packing of a case by plain arithmetic on exact ranges; ends the program where it does not fit the
/// ports.
UniformPacking pack_uniformly(const ConvCase& test);

/// The cases whose fields overlap (ACCUM = 1 and 2).
std::vector<ConvCase> accum_cases();

/// The cases whose beats hold several pixels (INP > 1, ALIGN = 1).
std::vector<ConvCase> wide_cases();

/// Every `step`-th of the dense cases of all other sets that have several groups and the first two
/// primitives, with their weights from outside.
std::vector<ConvCase> external_cases(std::size_t step);
/// Of the default set: all of them take minutes to compile.
inline constexpr std::size_t kExternalStep = 3;

/// Every case of the bench, in the order of the printed top level.
std::vector<ConvCase> conv_cases(const std::string& set);

}  // namespace bitmason::rtl
