#include "hw/scheme_adders.hpp"

#include <algorithm>

#include <fmt/format.h>
#include "hw/scheme_arrays.hpp"
#include "hw/scheme_sums.hpp"

namespace bitmason::hw {

namespace {

Bits add_input(Module& module, const std::string& name, int width) {
  module.inputs.push_back(module.add_net(name, width));
  return module.all_of(module.inputs.back());
}

void add_output(Module& module, const std::string& name, const Bits& bits) {
  const int net = module.add_net(name, width_of(bits));
  module.outputs.push_back(net);
  module.assigns.emplace_back(net, bits);
}

/// Returns the cycles from activations to operands.
int fill_lane(Module& module, const pack::Scheme& scheme, SchemeShape shape) {
  shape.lanes = 1;
  add_input(module, "rst", 1);
  const Bits x = add_input(module, "activations",
                           static_cast<int>(scheme.algorithm.activation_rows()) * shape.block.pixels *
                               format_of(scheme.activation.united({0, 0})).bits);
  const Operands operands = add_operands(module, scheme, shape, {zero(1), zero(1), zero(1)}, x);
  for (std::size_t p = 0; p < operands.products.size(); ++p) {
    for (std::size_t g = 0; g < operands.products[p].size(); ++g) {
      const PackedOperands& group = operands.products[p][g];
      add_output(module, fmt::format("ports_p{}_g{}", p, g), group.ports);
      add_output(module, fmt::format("codes_p{}_g{}", p, g), group.codes);
      if (!group.negative.empty()) add_output(module, fmt::format("negative_p{}_g{}", p, g), group.negative);
    }
  }
  return operands.latency;
}

/// Returns the cycles from sums to outputs.
int fill_channel(Module& module, const pack::Scheme& scheme, SchemeShape shape,
                 std::vector<PackArrayShape> shapes) {
  const int output_bits = output_bits_of(scheme, shape);
  shape.block.channels = 1;
  int latest = 0;
  for (std::size_t k = 0; k < shapes.size(); ++k) {
    shapes[k].columns = pack::part_shape(scheme.parts[k], shape.block).columns;
    latest = std::max(latest, array_latency(scheme.parts[k].packing, shapes[k]));
  }
  add_input(module, "rst", 1);
  std::vector<std::vector<Bits>> sums;
  for (std::size_t p = 0; p < scheme.algorithm.products(); ++p) {
    const auto kind = static_cast<std::size_t>(scheme.algorithm.kinds[p]);
    const pack::Part& part = scheme.parts[kind];
    const int late = latest - array_latency(part.packing, shapes[kind]);
    auto& of_product = sums.emplace_back();
    for (int g = 0; g < pack::part_shape(part, shape.block).groups; ++g) {
      const std::string name = fmt::format("p{}_g{}", p, g);
      const Bits in = add_input(
          module, "sums_" + name,
          shapes[kind].columns * static_cast<int>(part.packing.fields.size()) * shapes[kind].sum_bits);
      of_product.push_back(delayed(module, "late_" + name, in, late < shape.steps ? 0 : late));
    }
  }
  const Outputs outputs = add_outputs(module, scheme, shape, shapes, sums, output_bits);
  add_output(module, "outputs", outputs.bits);
  return outputs.latency;
}

}  // namespace

Result<SchemeAdders> scheme_adders(const pack::Scheme& scheme, const SchemeShape& shape,
                                   const std::string& name) {
  const auto shapes = array_shapes(scheme, shape);
  if (!shapes) return shapes.errors();
  SchemeAdders adders;
  adders.lane.name = name + "_lane";
  adders.channel.name = name + "_channel";
  adders.lane.about = adders.channel.about = to_text(scheme.method) + ", beside its arrays";
  const int before = fill_lane(adders.lane, scheme, shape);
  const int behind = fill_channel(adders.channel, scheme, shape, *shapes);
  adders.control_flip_flops = 3 * before + behind;
  return adders;
}

}  // namespace bitmason::hw
