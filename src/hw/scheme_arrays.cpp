#include "hw/scheme_arrays.hpp"

#include <algorithm>

#include <fmt/format.h>
#include "hw/diagnostics.hpp"
#include "hw/scheme_layout.hpp"

namespace bitmason::hw {

namespace {

/// OUT of the arrays.
constexpr int kWidestSum = 32;

/// Bits of the exact sums of a part's fields.
int field_bits_of(const pack::Packing& packing, const SchemeShape& shape) {
  std::size_t terms = 1;
  for (const pack::Field& field : packing.fields) terms = std::max(terms, field.terms.size());
  const IntRange product = (packing.weight * packing.activation).united({-1, 0});
  return (product * (static_cast<std::int64_t>(terms) * shape.lanes * shape.steps)).bits();
}

/// Weights of one array: codes, or magnitudes and signs.
struct ArrayWeights {
  Bits values;
  Bits signs;
};

Parameters array_parameters(const pack::Packing& packing, int primitive, const PackArrayShape& shape) {
  if (!has_signs(packing)) return pack_array_parameters(packing, primitive, shape);
  return sign_array_parameters(
      packing, primitive,
      {.columns = shape.columns, .lanes = shape.lanes, .steps = shape.steps, .sum_bits = shape.sum_bits});
}

/// What drives an array's ports beside clk.
std::vector<Connection> array_inputs(const pack::Packing& packing, const Operands& operands,
                                     const PackedOperands& group, const ArrayWeights& weights) {
  std::vector<Connection> inputs{{"rst", {{0, 0, 1}}}, {"valid", operands.valid}, {"last", operands.last},
                                 {"tag", zero(1)},     {"w", weights.values},     {"a", group.ports}};
  if (has_signs(packing)) {
    inputs.insert(inputs.end(),
                  {{"w_negative", weights.signs}, {"magnitudes", group.codes}, {"negative", group.negative}});
  } else {
    inputs.insert(inputs.end(), {{"first", operands.first}, {"codes", group.codes}});
  }
  return inputs;
}

}  // namespace

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

Result<std::vector<PackArrayShape>> array_shapes(const pack::Scheme& scheme, const SchemeShape& shape) {
  const int sum_bits = output_bits_of(scheme, shape) + scheme.algorithm.shift;
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
                             {part.product.role, array_module(part.packing), *refusal});
    }
  }
  return shapes;
}

SchemeArrays add_arrays(Module& module, const pack::Scheme& scheme, const SchemeShape& shape,
                        const std::vector<PackArrayShape>& shapes, const Operands& operands,
                        const Bits& weights) {
  SchemeArrays arrays;
  for (std::size_t k = 0; k < shapes.size(); ++k)
    arrays.latency = std::max(arrays.latency, array_latency(scheme.parts[k].packing, shapes[k]));
  int weights_at = 0;
  for (std::size_t p = 0; p < scheme.algorithm.products(); ++p) {
    const auto kind = static_cast<std::size_t>(scheme.algorithm.kinds[p]);
    const pack::Packing& packing = scheme.parts[kind].packing;
    const WeightBits bits = weight_bits(scheme.parts[kind], shape.block, shape.lanes);
    const ArrayWeights own{.values = part_of(weights, weights_at, bits.values),
                           .signs = part_of(weights, weights_at + bits.values, bits.signs)};
    weights_at += bits.all();
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
           .module = array_module(packing),
           .parameters = array_parameters(packing, shape.primitive, shapes[kind]),
           .inputs = array_inputs(packing, operands, operands.products[p][g], own),
           .outputs = {
               {"sums_valid", module.all_of(done)}, {"sums_tag", {}}, {"sums", module.all_of(sums)}}});
      // Sums stay for a block; where that is too short for the slowest array they are delayed.
      of_product.push_back(
          delayed(module, "late_" + name, module.all_of(sums), late < shape.steps ? 0 : late));
      if (late == 0) arrays.done = module.all_of(done);
    }
  }
  return arrays;
}

}  // namespace bitmason::hw
