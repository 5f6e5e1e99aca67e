#include "hw/scheme_sums.hpp"

#include <algorithm>

#include <fmt/format.h>
#include "hw/scheme_layout.hpp"

namespace bitmason::hw {

namespace {

/// Fields that meet: [product][channel][position].
using Meeting = std::vector<std::vector<std::vector<std::vector<Bits>>>>;

Meeting meeting_fields(const pack::Scheme& scheme, const SchemeShape& shape,
                       const std::vector<PackArrayShape>& shapes,
                       const std::vector<std::vector<Bits>>& sums) {
  const auto positions = static_cast<std::size_t>(positions_of(scheme, shape.block));
  const auto channels = static_cast<std::size_t>(shape.block.channels);
  Meeting meeting;
  for (std::size_t p = 0; p < scheme.algorithm.products(); ++p) {
    const auto kind = static_cast<std::size_t>(scheme.algorithm.kinds[p]);
    const pack::Part& part = scheme.parts[kind];
    const int bits = shapes[kind].sum_bits;
    const auto fields = static_cast<int>(part.packing.fields.size());
    auto& product = meeting.emplace_back(channels, std::vector<std::vector<Bits>>(positions));
    for (int g = 0; g < static_cast<int>(sums[p].size()); ++g) {
      for (int c = 0; c < shapes[kind].columns; ++c) {
        for (int f = 0; f < fields; ++f) {
          const FieldSlot slot =
              field_slot(scheme, part, scheme.algorithm.taps_of(p), c, g, static_cast<std::size_t>(f));
          // Operands beyond the block are zeros, and so are the sums that only they reach.
          if (slot.channel >= shape.block.channels || slot.position >= static_cast<int>(positions)) continue;
          product[static_cast<std::size_t>(slot.channel)][static_cast<std::size_t>(slot.position)].push_back(
              part_of(sums[p][static_cast<std::size_t>(g)], (c * fields + f) * bits, bits));
        }
      }
    }
  }
  return meeting;
}

std::size_t most_meeting(const Meeting& meeting) {
  std::size_t most = 1;
  for (const auto& product : meeting) {
    for (const auto& channel : product) {
      for (const auto& position : channel) most = std::max(most, position.size());
    }
  }
  return most;
}

/// Products that have a sum at a position, and each row's coefficients of them.
pack::Matrix columns_of(const pack::Matrix& rows, const std::vector<std::size_t>& chosen) {
  pack::Matrix result;
  for (const auto& row : rows) {
    auto& kept = result.emplace_back();
    for (const std::size_t column : chosen) kept.push_back(row[column]);
  }
  return result;
}

}  // namespace

Outputs add_outputs(Module& module, const pack::Scheme& scheme, const SchemeShape& shape,
                    const std::vector<PackArrayShape>& shapes, const std::vector<std::vector<Bits>>& sums,
                    int output_bits) {
  const pack::Bilinear& algorithm = scheme.algorithm;
  const int full = output_bits + algorithm.shift;
  const Meeting meeting = meeting_fields(scheme, shape, shapes, sums);
  const int gather_levels = levels_of(static_cast<int>(most_meeting(meeting)));
  Outputs outputs{.latency = gather_levels};
  for (const pack::Matrix& factor : algorithm.outputs) outputs.latency += levels_of(most_terms(factor));

  const std::size_t positions = meeting.front().front().size();
  for (std::size_t c = 0; c < static_cast<std::size_t>(shape.block.channels); ++c) {
    std::vector<std::vector<Bits>> by_position;
    for (std::size_t u = 0; u < positions; ++u) {
      std::vector<Bits> values;
      std::vector<std::size_t> chosen;
      for (std::size_t p = 0; p < algorithm.products(); ++p) {
        const auto& fields = meeting[p][c][u];
        if (fields.empty()) continue;
        const pack::Matrix ones(1, std::vector<int>(fields.size(), 1));
        const int bits = std::min(full, width_of(fields.front()) + gather_levels);
        values.push_back(gather_levels == 0 ? fields.front()
                                            : combined_sums(module, fmt::format("s_p{}_c{}_u{}", p, c, u),
                                                            ones, fields, bits, 0, gather_levels)
                                                  .front());
        chosen.push_back(p);
      }
      for (std::size_t f = 0; f < algorithm.outputs.size(); ++f) {
        const bool final = f + 1 == algorithm.outputs.size();
        const pack::Matrix rows = f == 0 ? columns_of(algorithm.outputs[f], chosen) : algorithm.outputs[f];
        values = combined_sums(module, fmt::format("y{}_c{}_u{}", f, c, u), rows, values,
                               final ? output_bits : full, final ? algorithm.shift : 0,
                               levels_of(most_terms(algorithm.outputs[f])));
      }
      by_position.push_back(std::move(values));
    }
    for (std::size_t o = 0; o < algorithm.outputs.back().size(); ++o) {
      for (const auto& position : by_position) append(outputs.bits, position[o]);
    }
  }
  return outputs;
}

}  // namespace bitmason::hw
