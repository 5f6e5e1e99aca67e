#pragma once

#include "ir/network.hpp"

/// Parameters of a layer in other widths: what size and cost depend on is kept, accuracy is not.
namespace bitmason::search {

/// Weights and the factor by which their typical magnitude grew.
struct ResizedWeights {
  ir::Weights weights;
  double gain = 1;
};

/// Narrow signed codes of so many bits (1 bit: -1 and 1) with the distribution that training leaves, as in
/// docs/zoo.md: 2.7 standard deviations fill the codes, 2.2 at 3 bits, 1.3 at 2 bits. Both extreme codes
/// occur, so that packings face the whole range.
ResizedWeights resize(const ir::Weights& weights, int bits);

/// The codes of a quantiser in another width: unsigned stay unsigned, signed ones have at least 2 bits.
IntRange resize(const IntRange& codes, int bits);

/// New codes per old code of one real value.
double code_gain(const IntRange& from, const IntRange& to);

/// A quantiser, fitted per channel by a line: code = (accumulator - zero) * slope, rounded to nearest.
struct LinearQuantiser {
  IntRange output;
  std::vector<double> slope;  ///< codes per accumulator step; negative where codes fall
  std::vector<double> zero;   ///< accumulator of code 0
  bool scales = false;        ///< the original is exactly a multiplier of at most 18 bits and a shift
};

/// Cost: that of ir::to_scale_shift, up to 0.1 s for 1,024 channels of 8 bits.
LinearQuantiser fit(const ir::Requantise& requantise, const IntRange& domain);

/// Thresholds of the quantiser for accumulators `gain` times as large and output codes in another range.
/// Slopes get 9 bits where the original is a multiplier and a shift, so that the new one is too.
ir::Requantise resize(const LinearQuantiser& quantiser, double gain, const IntRange& output);

}  // namespace bitmason::search
