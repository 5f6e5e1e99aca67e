#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pack/packing.hpp"

/// Evidence beyond verify(): the bit-true model of multiplier and decoder against plain multiplication, and
/// the lemma that the rule rests on, case by case.
namespace bitmason::pack {

struct Proof {
  bool holds = true;
  std::string counterexample;       ///< of the first failure; empty where the proof holds
  std::uint64_t operand_cases = 0;  ///< products that the model computed
  bool every_operand = false;       ///< these were all operand combinations
  bool every_lemma_case = true;     ///< false: field sums above 2^20 were tried at even steps
  std::uint64_t lemma_cases = 0;    ///< (field value, step, carry in) or (sum, residue) cases
};

struct ProofEffort {
  std::uint64_t most_exhaustive = std::uint64_t{1} << 24;  ///< operand combinations tried one by one
  std::uint64_t samples = 200'000;                         ///< else: extremes and random products
  std::uint64_t seed = 1;
};

/// Runs verify(), the lemma exhaustively per field and the model on all operands, or on extremes and random
/// long accumulations where there are too many.
Proof prove(const Packing& packing, const ProofEffort& effort = {});

/// Operand combinations of one product; nothing where they exceed 2^62.
std::optional<std::uint64_t> operand_combinations(const Packing& packing);

/// "ports and gaps on exact ranges; 864000 of 864000 operand combinations; 3120 lemma cases"
std::string to_text(const Proof& proof);

/// The decoder as SMT-LIB 2, multiplier abstracted to its fields: that a product is their weighted sum is the
/// port condition. GuardBits: one query a field for any field sum in range and anything above it. Canary: one
/// query for one product from any state of the accumulator. The decoder is proved where every answer is
/// `unsat`.
std::string decoder_smt2(const Packing& packing);

}  // namespace bitmason::pack
