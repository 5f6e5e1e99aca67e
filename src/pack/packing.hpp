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
/// Problem, solution, solver and verifier are apart: PackingProblem, Packing, solve_front() and verify().
namespace bitmason::pack {

/// What the packing needs to know of a DSP primitive; derived from device data, never from a name.
struct MultiplierPorts {
  int wide_bits = 27;         ///< two's complement width of the wider multiplier port
  int narrow_bits = 18;       ///< of the narrower one
  int accumulator_bits = 48;  ///< of the sum that leaves the primitive
  bool operator==(const MultiplierPorts&) const = default;
};

/// Which products one multiplier computes.
enum class Family {
  OuterProduct,  ///< weights of several output channels times activations of several pixels; every product
                 ///< its own field
  Convolution  ///< the taps of one kernel row times adjacent pixels; products of one output position share a
               ///< field
};

struct PackingProblem {
  MultiplierPorts ports;
  IntRange weight;
  IntRange activation;
  int kernel = 1;        ///< taps of a kernel row (Convolution)
  int max_weights = 16;  ///< bounds on the operands of one multiplier
  int max_activations = 16;
};

/// One field of the product.
struct Field {
  int offset = 0;
  /// (weight index, activation index) of each product that meets here, by ascending weight index.
  std::vector<std::pair<int, int>> terms;
  /// Bits of the slice: what the largest biased sum needs, never more than the distance to the next field or
  /// to the top of the accumulator.
  int width = 0;
};

/// One way to fill a multiplier; offsets in bits, ascending, the first is 0.
///
/// Convolution: weight_offsets[t] holds tap kernel-1-t, activation_offsets[j] holds pixel j, so that field t
/// + j is the partial sum of output position (j + t) - (kernel - 1) relative to the block's first pixel.
struct Packing {
  Family family = Family::OuterProduct;
  MultiplierPorts ports;
  IntRange weight;
  IntRange activation;
  std::vector<int> weight_offsets;
  std::vector<int> activation_offsets;
  bool weights_on_wide_port = true;
  std::vector<Field> fields;
  /// Products of the multiplier (time steps or cascaded multipliers) that may be summed before the fields are
  /// read; the n of rule G(n, 0).
  int accumulations = 1;
  /// Added once per read: sum of 2^offset * bias_k with bias_k = -accumulations * multiplicity * product
  /// minimum, which makes every field non-negative, so that a field is a plain slice of the sum.
  std::int64_t bias = 0;

  /// Multiply-accumulates per multiplier and cycle, without edge losses.
  [[nodiscard]] double density() const {
    return static_cast<double>(weight_offsets.size()) * static_cast<double>(activation_offsets.size());
  }
  /// What a field read adds to the true sum: accumulations * multiplicity * -(product minimum).
  [[nodiscard]] std::int64_t field_bias(std::size_t field) const;
};

/// Where operands sit, before fields, widths and bias are derived from it.
struct Layout {
  Family family = Family::OuterProduct;
  std::vector<int> weight_offsets;      ///< ascending, the first is 0
  std::vector<int> activation_offsets;  ///< ascending, the first is 0
  bool weights_on_wide_port = true;
};

/// The packing with these offsets: fields, slice widths and bias derived, nothing proved (verify() does
/// that). Preconditions: offsets below 62, accumulations >= 1, ranges that ports of at most 62 bits together
/// can hold.
Packing assemble(const PackingProblem& problem, const Layout& layout, int accumulations);

/// All packings of a family that no other one dominates in (density, accumulations), densest first;
/// deterministic. Each has the widest fields its density allows; solve() gives narrower ones where fewer
/// accumulations do. Empty where the ranges are empty or the ports are not 2 to 62 bits. Cost: below 100 ms.
std::vector<Packing> solve_front(const PackingProblem& problem, Family family);

/// A packing of exactly this many weights and activations with the narrowest fields that hold
/// `accumulations`, and as many accumulations as these fields then prove; nothing if none fits. Weights go to
/// the wide port where both ports do. Convolution packs whole kernel rows: nothing unless weights ==
/// problem.kernel. Cost: microseconds.
std::optional<Packing> solve(const PackingProblem& problem, Family family, int weights, int activations,
                             int accumulations);

/// Proves the packing on its exact ranges, independently of every solver: port ranges, field widths, top
/// field, bias. Both ranges are widened to hold 0, since idle operands and padding multiply zeros. Errors:
/// BM-PACK-001..011 naming the port or field and the two numbers that disagree.
Status verify(const Packing& packing);

/// "3 taps x 2 pixels, 6 MAC, 4 fields, n = 4"
std::string to_text(const Packing& packing);

/// The bits of both ports and of the sum, most significant first, one character a bit: the index of the
/// operand or field that owns the bit, '+' where operands overlap, '.' where none does.
std::string draw(const Packing& packing);

}  // namespace bitmason::pack
