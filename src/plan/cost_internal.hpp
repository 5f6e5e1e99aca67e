#pragma once

#include <algorithm>
#include <cmath>

#include "plan/cost.hpp"

/// What the cost formulas share.
namespace bitmason::plan {

/// The one table of coefficients, per bit or per item as named. Found by synthesis with Yosys 0.23
/// (synth_xilinx -family xcup -nosrl) of the blocks of two networks; see docs/planning.md.
struct Coefficients {
  double conv_control = 180;  ///< LUTs of counters, credits, addresses
  double conv_control_ff = 320;
  double lane_bit = 0.3;        ///< LUTs per operand bit of a lane
  double lane_turn_bit = 1.4;   ///< the same where kernel rows turn between banks
  double tree_bit = 1.05;       ///< LUTs per bit of a field's adder tree
  double accumulate_bit = 1.1;  ///< LUTs per bit of a field's accumulator
  double sum_bit_ff = 1.3;
  double packed_field_ff = 16;  ///< flip-flops per field of a multiplier whose fields overlap
  double packed_side_ff = 10;   ///< the same per residue bit
  double packed_sum_ff = 6;     ///< the same per bit of a column's field sum
  double result_bit = 0.6;      ///< LUTs per bit of a result word: selection
  double credit = 60;           ///< LUTs of a requantiser's admission and output FIFO
  double credit_ff = 50;
  double compare_bit = 0.65;     ///< LUTs per bit of a stage's comparison and choice
  double compare_bit_ff = 2.75;  ///< flip-flops per bit of a stage's code, threshold and count
  double dot_bit = 0.88;         ///< LUTs per bit of an adder of constant dot products
  double scale_control = 90;     ///< as `credit`, with the counters of multiplier and bias
  double booth_bit = 1.2;        ///< LUTs per bit of a base 4 digit's adder
  double scale_bit = 1.75;       ///< LUTs per bit of the product: bias, shift and clamp
  double scale_lane_ff = 20;     ///< flip-flops of a lane's code and flags
  double add_digit_bit = 0.6;    ///< LUTs per bit of each adder behind a weighted sum's first
  double window_control = 95;    ///< LUTs of a pool's counters
  double window_control_ff = 60;
  double window_bit = 7.3;  ///< LUTs per bit of a pool's beat: both directions and their memories
  double window_bit_ff = 7.8;
  double module_control = 35;   ///< LUTs of a small module's counters
  double reorder_control = 60;  ///< LUTs of a rearrangement's counters
  double slice_bit = 1.0;       ///< LUTs per bit of a register slice
  double repack_bit = 1.1;      ///< LUTs per bit of a beat that is split
  /// Guesses, not fitted: LUTs of a layer that reads its weights, for requests, tiles and turn.
  double external_control = 180;
  double external_control_ff = 230;
  double external_bit = 0.2;  ///< LUTs per bit of a word of such weights
  double bank_mux = 0.34;     ///< LUTs per bit and extra 64 words of a memory in LUTs
};
inline constexpr Coefficients kCost;

inline std::int64_t ceil_div(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
}

inline std::int64_t rounded(double value) {
  return static_cast<std::int64_t>(std::ceil(value));
}

inline Resources fabric(double luts, double flip_flops) {
  return {.luts = Luts(rounded(luts)), .flip_flops = FlipFlops(rounded(flip_flops))};
}

/// Columns of a memory of constants that can differ: equal ones are made once.
inline std::int64_t distinct_columns(std::int64_t width, std::int64_t depth) {
  return depth < 16 ? std::min(width, std::int64_t{1} << depth) : width;
}

inline Resources times(std::int64_t count, const Resources& one) {
  return {count * one.dsps,    count * one.luts,  count * one.flip_flops,
          count * one.bram18s, count * one.urams, count * one.traffic};
}

}  // namespace bitmason::plan
