#include "hw/scheme_module.hpp"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>
#include "hw/diagnostics.hpp"
#include "hw/scheme_operands.hpp"
#include "hw/scheme_sums.hpp"

namespace bitmason::hw {

namespace {

constexpr int kWidestSum = 32;

/// Bits of an output's exact sum, two's complement: its most MACs, over the block.
int output_bits_of(const pack::Scheme& scheme, const SchemeShape& shape) {
  std::int64_t most = 1;
  for (const pack::Matrix& output : pack::definition_of(scheme.algorithm)) {
    std::int64_t macs = 0;
    for (const auto& row : output)
      macs += std::count_if(row.begin(), row.end(), [](int c) { return c != 0; });
    most = std::max(most, macs);
  }
  // Digits and pieces are parts of one MAC.
  if (scheme.method == pack::Method::Split || scheme.method == pack::Method::RowPieces) most = 1;
  const IntRange product = (scheme.weight * scheme.activation).united({-1, 0});
  return (product * (most * scheme.algorithm.kernel * shape.lanes * shape.steps)).bits();
}

/// Bits of the exact sums of a part's fields.
int field_bits_of(const pack::Packing& packing, const SchemeShape& shape) {
  std::size_t terms = 1;
  for (const pack::Field& field : packing.fields) terms = std::max(terms, field.terms.size());
  const IntRange product = (packing.weight * packing.activation).united({-1, 0});
  return (product * (static_cast<std::int64_t>(terms) * shape.lanes * shape.steps)).bits();
}

/// The arrays' shapes, one a part; errors: BM-HW-030, 031.
Result<std::vector<PackArrayShape>> array_shapes(const pack::Scheme& scheme, const SchemeShape& shape,
                                                 int sum_bits) {
  if (sum_bits > kWidestSum) {
    return make_diagnostic(diagnostics::kSchemeSum, to_text(scheme.method),
                           {std::to_string(sum_bits), std::to_string(kWidestSum)});
  }
  std::vector<PackArrayShape> shapes;
  for (const pack::Part& part : scheme.parts) {
    shapes.push_back({.columns = pack::part_shape(part, shape.block).columns,
                      .lanes = shape.lanes,
                      .chain = chain_of(part.packing, shape.lanes, shape.cascade),
                      .steps = shape.steps,
                      .sum_bits = std::min(sum_bits, field_bits_of(part.packing, shape))});
    if (const auto refusal = array_refusal(part.packing, shapes.back())) {
      return make_diagnostic(diagnostics::kSchemeArray, to_text(scheme.method),
                             {part.product.role, *refusal});
    }
  }
  return shapes;
}

/// The arrays of every product and group of pixels; their sums come with the slowest array's.
struct Arrays {
  std::vector<std::vector<Bits>> sums;  ///< [product][group], as bm_pack_array's, aligned
  Bits done;                            ///< of the slowest array
  int latency = 0;
};

Arrays add_arrays(Module& module, const pack::Scheme& scheme, const SchemeShape& shape,
                  const std::vector<PackArrayShape>& shapes, const Operands& operands, const Bits& weights) {
  Arrays arrays;
  for (std::size_t k = 0; k < shapes.size(); ++k)
    arrays.latency = std::max(arrays.latency, array_latency(scheme.parts[k].packing, shapes[k]));
  int weights_at = 0;
  for (std::size_t p = 0; p < scheme.algorithm.products(); ++p) {
    const auto kind = static_cast<std::size_t>(scheme.algorithm.kinds[p]);
    const pack::Packing& packing = scheme.parts[kind].packing;
    const int weight_bits = shape.lanes * shapes[kind].columns *
                            static_cast<int>(packing.weight_offsets.size()) *
                            format_of(packing.weight.united({0, 0})).bits;
    const int late = arrays.latency - array_latency(packing, shapes[kind]);
    auto& of_product = arrays.sums.emplace_back();
    for (std::size_t g = 0; g < operands.products[p].size(); ++g) {
      const std::string name = fmt::format("p{}_g{}", p, g);
      const int width =
          shapes[kind].columns * static_cast<int>(packing.fields.size()) * shapes[kind].sum_bits;
      const int sums = module.add_net("sums_" + name, width);
      const int done = module.add_net("done_" + name, 1);
      module.cells.push_back(
          {.name = "u_array_" + name,
           .module = "bm_pack_array",
           .parameters = pack_array_parameters(packing, shape.primitive, shapes[kind]),
           .inputs = {{"rst", {{0, 0, 1}}},
                      {"valid", operands.valid},
                      {"first", operands.first},
                      {"last", operands.last},
                      {"tag", zero(1)},
                      {"w", part_of(weights, weights_at, weight_bits)},
                      {"a", operands.products[p][g].ports},
                      {"codes", operands.products[p][g].codes}},
           .outputs = {
               {"sums_valid", module.all_of(done)}, {"sums_tag", {}}, {"sums", module.all_of(sums)}}});
      // Sums stay for a block; where that is too short for the slowest array they are delayed.
      of_product.push_back(
          delayed(module, "late_" + name, module.all_of(sums), late < shape.steps ? 0 : late));
      if (late == 0) arrays.done = module.all_of(done);
    }
    weights_at += weight_bits;
  }
  return arrays;
}

int weight_bits_of(const pack::Scheme& scheme, const SchemeShape& shape,
                   const std::vector<PackArrayShape>& shapes) {
  int bits = 0;
  for (const int kind : scheme.algorithm.kinds) {
    const pack::Packing& packing = scheme.parts[static_cast<std::size_t>(kind)].packing;
    bits += shape.lanes * shapes[static_cast<std::size_t>(kind)].columns *
            static_cast<int>(packing.weight_offsets.size()) * format_of(packing.weight.united({0, 0})).bits;
  }
  return bits;
}

}  // namespace

Result<SchemeModule> scheme_module(const pack::Scheme& scheme, const SchemeShape& shape,
                                   const std::string& name) {
  assert(pack::computes(scheme.algorithm));
  SchemeModule result{.output_bits = output_bits_of(scheme, shape)};
  const auto shapes = array_shapes(scheme, shape, result.output_bits + scheme.algorithm.shift);
  if (!shapes) return shapes.errors();
  Module& module = result.module;
  module.name = name;
  module.about = fmt::format("{}{}{}, {:.2f} MAC per multiplier", to_text(scheme.method),
                             scheme.detail.empty() ? "" : ", ", scheme.detail, scheme.density());
  const auto input = [&](const std::string& net, int width) {
    module.inputs.push_back(module.add_net(net, width));
    return module.all_of(module.inputs.back());
  };
  input("rst", 1);
  const Bits valid = input("valid", 1);
  const Bits first = input("first", 1);
  const Bits last = input("last", 1);
  const Bits x =
      input("activations", shape.lanes * static_cast<int>(scheme.algorithm.activation_rows()) *
                               shape.block.pixels * format_of(scheme.activation.united({0, 0})).bits);
  const Bits w = input("weights", weight_bits_of(scheme, shape, *shapes));

  const Operands operands = add_operands(module, scheme, shape, {valid, first, last}, x);
  const Arrays arrays = add_arrays(module, scheme, shape, *shapes, operands, w);
  const Outputs outputs = add_outputs(module, scheme, shape, *shapes, arrays.sums, result.output_bits);
  const int y = module.add_net("outputs", width_of(outputs.bits));
  const int y_valid = module.add_net("outputs_valid", 1);
  module.outputs = {y_valid, y};
  module.assigns = {{y_valid, delayed(module, "done", arrays.done, outputs.latency, true)},
                    {y, outputs.bits}};
  result.weights_at = operands.latency;
  result.latency = operands.latency + arrays.latency + outputs.latency;
  result.multipliers = shape.lanes * pack::multipliers(scheme, shape.block);
  return result;
}

}  // namespace bitmason::hw
