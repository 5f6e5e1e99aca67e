#include "pack/transform_cost.hpp"

#include <algorithm>
#include <limits>

namespace bitmason::pack {

namespace {

int terms_of(const std::vector<int>& row) {
  return static_cast<int>(std::count_if(row.begin(), row.end(), [](int c) { return c != 0; }));
}

IntRange combined(const std::vector<int>& row, const std::vector<IntRange>& inputs) {
  IntRange sum{0, 0};
  for (std::size_t i = 0; i < row.size(); ++i) sum = sum + inputs[i] * IntRange{row[i], row[i]};
  return sum;
}

/// An adder of a centred operand's constant. None where unsigned inputs with their top bit inverted leave 0,
/// or the carry of the last adder holds what they leave.
double centring_luts(const std::vector<int>& row, const std::vector<IntRange>& inputs, std::int64_t constant,
                     int bits) {
  if (constant == 0) return 0;
  std::int64_t left = -constant;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!inputs[i].is_signed()) left += row[i] * (std::int64_t{1} << (inputs[i].bits() - 1));
  }
  return left == 0 || (left == 1 && terms_of(row) > 1) ? 0 : bits;
}

/// Fields of the sums of one product and channel, over the block.
int fields_of(const Part& part, const SchemeBlock& block) {
  const int pixels = part.packing.family == Family::OuterProduct ? 1 : part.packing.pixels;
  const int taps = part.packing.family == Family::OuterProduct ? 1 : part.packing.taps;
  return (block.pixels + pixels - 1) / pixels * (taps + pixels - 1) * (part.product.kernel / taps);
}

}  // namespace

double activation_transform_luts(const Scheme& scheme) {
  const Bilinear& algorithm = scheme.algorithm;
  double luts = 0;

  std::vector<IntRange> inputs = activation_inputs(algorithm, scheme.activation);
  // The carry into what is above a balanced digit starts in a LUT; its other bits are the adder's own.
  if (algorithm.activation_digits.digits == Slicing::Digits::Balanced)
    luts += static_cast<double>(algorithm.activation_digits.widths.size());
  for (std::size_t f = 0; f < algorithm.activations.size(); ++f) {
    std::vector<IntRange> sums;
    for (std::size_t r = 0; r < algorithm.activations[f].size(); ++r) {
      const auto& row = algorithm.activations[f][r];
      sums.push_back(combined(row, inputs));
      // The highest bit of a sum is its carry.
      luts += (terms_of(row) - 1) * (sums.back().bits() - 1);
      if (f + 1 < algorithm.activations.size()) continue;
      const Part& part = scheme.parts[static_cast<std::size_t>(algorithm.kinds[r])];
      luts += centring_luts(row, inputs, part.product.activation.lo - part.packing.activation.lo,
                            sums.back().bits());
    }
    inputs = std::move(sums);
  }
  return luts;
}

double output_transform_luts(const Scheme& scheme, const SchemeBlock& block, int sum_bits) {
  const Bilinear& algorithm = scheme.algorithm;
  double adders = 0;
  for (const int kind : algorithm.kinds) {
    const Part& part = scheme.parts[static_cast<std::size_t>(kind)];
    adders += fields_of(part, block) - (block.pixels + part.product.kernel - 1);
  }
  const int positions = block.pixels + algorithm.kernel - 1;
  if (algorithm.method == Method::RowPieces) {
    // Only positions that both pieces reach are added.
    adders += block.pixels - 1;
  } else {
    for (const Matrix& factor : algorithm.outputs) {
      for (const auto& row : factor) adders += (terms_of(row) - 1) * positions;
    }
  }
  return adders * sum_bits;
}

AdderShares adder_shares(const Scheme& scheme, const ArrayShape& array) {
  const SchemeBlock block = full_block(scheme.parts);
  const double channel_macs = scheme.density() * multipliers(scheme, block) / block.channels;
  double channels = std::numeric_limits<double>::max();
  for (const Part& part : scheme.parts) {
    channels =
        std::min(channels, static_cast<double>(array.outputs) *
                               static_cast<double>(part.packing.weight_offsets.size()) / part.product.kernel);
  }
  return {.lane_macs = channel_macs * channels, .channel_macs = channel_macs * array.lanes};
}

double estimated_transform_luts(const Scheme& scheme, const ArrayShape& array) {
  if (scheme.method == Method::Direct) return 0;
  const SchemeBlock block = full_block(scheme.parts);
  const AdderShares shares = adder_shares(scheme, array);
  return activation_transform_luts(scheme) * block.pixels / shares.lane_macs +
         output_transform_luts(scheme, block, array.sum_bits) / shares.channel_macs;
}

double estimated_luts_per_mac(const Scheme& scheme) {
  double luts = 0;
  for (const Part& part : scheme.parts) {
    const double per_mac = static_cast<double>(part.product.count) / scheme.macs;
    luts += per_mac * estimated_luts(part.packing) / part.packing.products();
  }
  return luts + estimated_transform_luts(scheme);
}

}  // namespace bitmason::pack
