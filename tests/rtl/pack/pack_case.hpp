#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace bitmason::rtl {

/// One parameter set of bm_pack_array or, with `magnitudes`, of bm_sign_array; names follow their headers.
struct PackCase {
  std::string name;
  int prim = 1, cols = 2, lanes = 8, chain = 1, share = 1, steps = 16;
  bool accum = true, wide_w = false, wsigned = true, asigned = true;
  int wbits = 4, abits = 4;
  bool magnitudes = false;                         ///< wbits and abits are then those of magnitudes
  int wlow = -7, whigh = 7, alow = -8, ahigh = 7;  ///< operand values that occur, 0 included
  std::vector<int> woff, aoff;
  bool split = false;  ///< two SB_MAC16 multipliers of 8 x 8: the upper one's weights stand from bit 16 on

  int wide_port() const { return split ? 24 : prim < 2 ? 27 : prim == 2 ? 25 : prim == 3 ? 18 : 16; }
  int narrow_port() const { return split ? 8 : prim == 4 ? 16 : 18; }
  int aport() const { return wide_w ? narrow_port() : wide_port(); }
  int wport() const { return wide_w ? wide_port() : narrow_port(); }
  int accumulator() const { return prim == 4 ? 32 : prim == 3 ? 36 : 48; }
  int nw() const { return static_cast<int>(woff.size()); }
  int na() const { return static_cast<int>(aoff.size()); }
  int words() const { return lanes / chain; }
  std::vector<int> fields() const;
  int products(int field) const;  ///< of one lane
  std::int64_t low() const;       ///< of one product
  std::int64_t high() const;
  /// Bits that hold every block's sum, two's complement.
  int out_bits() const;
  /// Carry bits a boundary needs, by plain arithmetic on exact ranges; largest over the boundaries.
  int side_bits() const;
  /// The same of magnitudes: bits by which a product reaches into the field above, largest over the fields.
  int overlap() const;
  /// True where operands fit the ports, carries at most four bits and the block length the array's limits.
  bool legal() const;

 private:
  bool legal_magnitudes() const;
};

/// Bits of every vector between the bench and a case.
inline constexpr int kVectorBits = 1024;

/// The cases of a set ("accumulate", "flat", "front", "front_large", "random", "long", "sign",
/// "sign_random"), in the order of the printed top level.
std::vector<PackCase> pack_cases(const std::string& set);

/// Plain packings that the solver finds with carries of four bits or with weights that share bits of their
/// port.
std::vector<PackCase> front_cases();
/// More of them, which take minutes to compile.
std::vector<PackCase> large_front_cases();

/// Packings of signs and magnitudes: those that the solver finds for some widths, and random ones for all
/// primitives.
std::vector<PackCase> sign_cases();
std::vector<PackCase> random_sign_cases(std::uint64_t seed, int count);

}  // namespace bitmason::rtl
