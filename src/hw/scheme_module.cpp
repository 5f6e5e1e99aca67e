#include "hw/scheme_module.hpp"

#include <cassert>

#include <fmt/format.h>
#include "hw/scheme_arrays.hpp"
#include "hw/scheme_layout.hpp"
#include "hw/scheme_operands.hpp"
#include "hw/scheme_sums.hpp"

namespace bitmason::hw {

namespace {

int weight_bits_of(const pack::Scheme& scheme, const SchemeShape& shape) {
  int bits = 0;
  for (const int kind : scheme.algorithm.kinds)
    bits += weight_bits(scheme.parts[static_cast<std::size_t>(kind)], shape.block, shape.lanes).all();
  return bits;
}

}  // namespace

Result<SchemeModule> scheme_module(const pack::Scheme& scheme, const SchemeShape& shape,
                                   const std::string& name) {
  assert(pack::computes(scheme.algorithm));
  SchemeModule result{.output_bits = output_bits_of(scheme, shape)};
  const auto shapes = array_shapes(scheme, shape);
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
  const Bits w = input("weights", weight_bits_of(scheme, shape));

  const Operands operands = add_operands(module, scheme, shape, {valid, first, last}, x);
  const SchemeArrays arrays = add_arrays(module, scheme, shape, *shapes, operands, w);
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
