#include <string>

#include "pack/diagnostics.hpp"
#include "pack/verify_internal.hpp"

namespace bitmason::pack {

namespace {

/// A row of equal multipliers, as its first one and what the others must be.
struct Row {
  Packing first;
  bool equal = false;
};

Row row_of(const Packing& packing) {
  const int cut = packing.ports.cut_bits;
  const int count = packing.ports.accumulator_bits / cut;
  const std::size_t weights = packing.weight_offsets.size() / static_cast<std::size_t>(count);
  const std::size_t fields = packing.fields.size() / static_cast<std::size_t>(count);
  Row row{.first = packing};
  Packing& first = row.first;
  first.ports.cut_bits = 0;
  first.ports.accumulator_bits = cut;
  first.ports.wide_bits -= (count - 1) * cut;
  first.weight_offsets.resize(weights);
  first.fields.resize(fields);
  first.bias &= (std::int64_t{1} << cut) - 1;
  if (packing.family == Family::Hybrid && weights == static_cast<std::size_t>(packing.taps) &&
      packing.activation_offsets.size() == static_cast<std::size_t>(packing.pixels))
    first.family = Family::Convolution;

  row.equal = packing.weight_offsets.size() == weights * static_cast<std::size_t>(count) &&
              packing.fields.size() == fields * static_cast<std::size_t>(count) &&
              packing.weights_on_wide_port && packing.family != Family::Convolution &&
              first.ports.wide_bits >= first.ports.narrow_bits;
  std::int64_t bias = 0;
  for (std::size_t h = 0; row.equal && h < static_cast<std::size_t>(count); ++h) {
    const int at = static_cast<int>(h) * cut;
    bias += first.bias << at;
    for (std::size_t i = 0; i < weights; ++i)
      row.equal = row.equal && packing.weight_offsets[h * weights + i] == packing.weight_offsets[i] + at;
    for (std::size_t k = 0; k < fields; ++k) {
      Field expected = first.fields[k];
      expected.offset += at;
      for (auto& [weight, activation] : expected.terms) weight += static_cast<int>(h * weights);
      const Field& field = packing.fields[h * fields + k];
      row.equal = row.equal && field.offset == expected.offset && field.width == expected.width &&
                  field.terms == expected.terms;
    }
  }
  row.equal = row.equal && bias == packing.bias;
  return row;
}

}  // namespace

Status verify_side_by_side(const Packing& packing) {
  const int cut = packing.ports.cut_bits;
  const int sum = packing.ports.accumulator_bits;
  const auto refused = [&](const char* what) {
    return make_diagnostic(diagnostics::kSideBySide, what, {std::to_string(sum), std::to_string(cut)});
  };
  if (cut < 1 || sum <= cut || sum > 62 || sum % cut != 0 || packing.ports.multipliers != 1)
    return refused("ports");
  const Row row = row_of(packing);
  if (!row.equal) return refused("multipliers");
  return verify(row.first);
}

}  // namespace bitmason::pack
