#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/integer_range.hpp"
#include "base/result.hpp"

/// Packing several low-bit multiply-accumulates into one hard multiplier.
///
/// Weights w_i sit at offsets alpha_i on one port, activations x_j at offsets beta_j on the other; the
/// product is sum over o of 2^o * v_o, where field o collects every w_i * x_j with alpha_i + beta_j = o.
/// Problem, solution, solvers and verifier are apart: PackingProblem, Packing, solve.hpp, search.hpp and
/// verify(). docs/packing.md states every rule with its proof.
namespace bitmason::pack {

/// What the packing needs to know of a DSP primitive; derived from device data, never from a name.
struct MultiplierPorts {
  int wide_bits = 27;          ///< two's complement width of the wider multiplier port
  int narrow_bits = 18;        ///< of the narrower one
  int accumulator_bits = 48;   ///< of the sum that leaves the primitive
  bool cycle_constant = true;  ///< a constant joins product and running sum in one cycle
  int multipliers = 1;         ///< such multipliers in one primitive (a mode that splits it)
  bool cascade = true;         ///< the sum enters the neighbour's without fabric
  int cut_bits = 0;  ///< of one such multiplier's sum, where side_by_side() made one of them; else 0
  bool operator==(const MultiplierPorts&) const = default;
};

/// Which products one multiplier computes.
enum class Family {
  OuterProduct,  ///< weights of several output channels times activations of several pixels; every product
                 ///< its own field
  Convolution,  ///< the taps of one kernel row times adjacent pixels; products of one output position share a
                ///< field
  Hybrid        ///< several such blocks: channels of `taps` weights times groups of `pixels` activations
};

/// How an operand stands on its port.
enum class Coding {
  Plain,         ///< as its value
  SignMagnitude  ///< as its absolute value; the product's sign is applied after extraction
};

/// How sums are freed from the product.
enum class Rule {
  GuardBits,  ///< G(n, v): n products from zero, then every field is read; v residue bits of the fields above
              ///< are computed beside the multiplier
  Canary      ///< C(c): products accumulate on; each cycle c residue bits reveal the carry out of each field,
              ///< which is counted
};

struct PackingProblem {
  MultiplierPorts ports;
  IntRange weight;
  IntRange activation;
  int kernel = 1;        ///< taps of a kernel row (Convolution)
  int max_weights = 64;  ///< bounds on the operands of one multiplier
  int max_activations = 64;
};

/// One field of the product.
struct Field {
  int offset = 0;
  /// (weight index, activation index) of each product that meets here, by ascending weight index.
  std::vector<std::pair<int, int>> terms;
  /// Bits of the slice. GuardBits: what the largest biased sum needs, never more than the distance to the
  /// next field plus the residue bits, or to the top of the accumulator. Canary: that distance.
  int width = 0;
};

/// Where operands sit and how sums are extracted, before fields, widths and bias are derived from it.
struct Layout {
  Family family = Family::OuterProduct;
  std::vector<int> weight_offsets;      ///< ascending, the first is 0
  std::vector<int> activation_offsets;  ///< ascending, the first is 0
  bool weights_on_wide_port = true;
  /// Weights and activations of one convolution block. Weight i is tap i mod taps of channel i / taps,
  /// activation j pixel j mod pixels of group j / pixels. 1 and 1 for OuterProduct; all for Convolution.
  int taps = 1;
  int pixels = 1;
  Coding coding = Coding::Plain;
  Rule rule = Rule::GuardBits;
  int side_bits = 0;  ///< v of G(n, v) or c of C(c)
};

/// One way to fill a multiplier; offsets in bits, ascending, the first is 0.
///
/// Convolution: weight_offsets[t] holds tap kernel-1-t, activation_offsets[j] holds pixel j, so that field t
/// + j is the partial sum of output position (j + t) - (kernel - 1) relative to the block's first pixel.
struct Packing : Layout {
  MultiplierPorts ports;
  IntRange weight;
  IntRange activation;
  std::vector<Field> fields;
  /// GuardBits: products of the multiplier (time steps or cascaded multipliers) that may be summed before the
  /// fields are read. Canary: products until the top field wraps; kMostAccumulations where its
  /// wraps can be counted, so that there is no bound.
  int accumulations = 1;
  /// sum of 2^offset * (what keeps the field from being negative). GuardBits: added once per read, field_bias
  /// being -accumulations * minimum of the field's step. Canary: added with every product where
  /// ports.cycle_constant, else 0.
  std::int64_t bias = 0;

  /// Multiply-accumulates of one multiplier in a cycle, without edge losses.
  [[nodiscard]] double products() const {
    return static_cast<double>(weight_offsets.size()) * static_cast<double>(activation_offsets.size());
  }
  /// Those of the whole primitive.
  [[nodiscard]] double density() const { return products() * ports.multipliers; }
  /// What one read of a field (GuardBits) or one product (Canary) adds to the true sum.
  [[nodiscard]] std::int64_t field_bias(std::size_t field) const;

  [[nodiscard]] int weight_port_bits() const {
    return weights_on_wide_port ? ports.wide_bits : ports.narrow_bits;
  }
  [[nodiscard]] int activation_port_bits() const {
    return weights_on_wide_port ? ports.narrow_bits : ports.wide_bits;
  }
  /// Bits from a field's offset to the next one, or to the top of the accumulator.
  [[nodiscard]] int gap(std::size_t field) const;
};

/// The packing with this layout: fields, slice widths and bias derived, nothing proved (verify() does that).
/// Preconditions: offsets below 62, accumulations >= 1, ranges that ports of at most 62 bits together can
/// hold.
Packing assemble(const PackingProblem& problem, const Layout& layout, int accumulations);

/// The packings of all multipliers of a split primitive as one, as modules take it: each multiplier has its
/// own weights on a port that is as much wider as its sum stands higher, all have the same activations, and
/// no carry passes between their sums. A packing of a whole primitive stays as it is.
Packing side_by_side(const Packing& packing);

/// Why modules do not take such a packing: the words of its multipliers have no carries between them, and
/// magnitudes that use a port's sign bit are not corrected. Nothing where they do, and of a whole primitive.
std::optional<std::string> side_by_side_refusal(const Packing& side_by_side);

/// The reverse: the packing of one of the multipliers.
Packing one_of(const Packing& side_by_side);

/// Proves the packing on its exact ranges, independently of every solver: ports, structure, gaps or carries,
/// top field, bias; multipliers side by side each on its own. Both ranges are widened to hold 0, since idle
/// operands and padding multiply zeros. Errors: BM-PACK-001..015 naming the port or field and the two numbers
/// that disagree.
Status verify(const Packing& packing);

/// "3 taps x 2 pixels, 6 MAC, 4 fields, n = 4"
std::string to_text(const Packing& packing);

/// "n = 4", "G(1, 3)", "C(2)"
std::string rule_text(const Packing& packing);

/// The bits of both ports and of the sum, most significant first, one character a bit: the index of the
/// operand or field that owns the bit, '+' where operands overlap, '.' where none does.
std::string draw(const Packing& packing);

}  // namespace bitmason::pack
