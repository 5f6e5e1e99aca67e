#pragma once

#include <cstdint>
#include <vector>

#include "pack/packing.hpp"

/// Carries between overlapping fields as bm_pack_array counts them (docs/pack_array.md).
namespace bitmason::pack {

struct Carries {
  std::vector<int> products;   ///< of each field in one step, over the cascade
  std::vector<int> bits;       ///< of the carry out of each field but the top one; 0: none
  std::int64_t top_step = 0;   ///< most that one step adds to the top field, the carry in included
  std::int64_t top_least = 0;  ///< least; negative where no step adds a bias

  /// Bits of the widest carry; 0 where there is none.
  [[nodiscard]] int widest() const;
};

/// Carries of one step of `chain` multipliers in cascade. The array tells carries apart where the rule needs
/// only residues: a field of G(n, v) that is full to its last value needs v + 1 bits here.
Carries carries_of(const Packing& packing, int chain);

/// The packing as the array reads it in every step: a canary without its accumulation.
Packing read_every_step(Packing packing);

/// True where the array can accumulate blocks of `steps` products of a canary in the multiplier: its top
/// field holds a block's sum, or its wraps can be counted. Else every step is read, as always where the
/// primitive is split.
bool holds_block(const Packing& packing, int chain, int steps);

}  // namespace bitmason::pack
