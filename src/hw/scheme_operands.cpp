#include "hw/scheme_operands.hpp"

#include <algorithm>

#include <fmt/format.h>
#include "hw/pack_parameters.hpp"
#include "hw/scheme_codes.hpp"
#include "hw/scheme_layout.hpp"
#include "hw/word.hpp"

namespace bitmason::hw {

namespace {

/// True where bm_mac_pack puts the codes side by side; else their packed sum takes adders.
bool activations_apart(const pack::Packing& packing) {
  const Format format = activation_format(packing);
  const int body = format.is_signed ? format.bits - 1 : format.bits;
  for (std::size_t k = 1; k < packing.activation_offsets.size(); ++k) {
    if (packing.activation_offsets[k] - packing.activation_offsets[k - 1] < body) return false;
  }
  return true;
}

/// Cycles from codes to the port.
int packing_latency(const pack::Packing& packing) {
  const auto count = static_cast<int>(packing.activation_offsets.size());
  if (!activations_apart(packing)) return levels_of(count);
  return activation_format(packing).is_signed && count > 1 ? 1 : 0;
}

/// The packed activations on the port of one lane.
Bits add_packing(Module& module, const std::string& name, const pack::Packing& packing, const Bits& codes) {
  const Format format = activation_format(packing);
  const int port = packing.activation_port_bits();
  const int word = module.add_net(name, port);
  Parameters parameters{{"BITS", std::int64_t{format.bits}}, {"SIGNED", std::int64_t{format.is_signed}}};
  const auto count = static_cast<std::int64_t>(packing.activation_offsets.size());
  Word places;
  const bool apart = activations_apart(packing);
  for (const int offset : packing.activation_offsets)
    places.append(apart ? offset : 0x80 | offset, apart ? 16 : 8);
  if (apart) {
    parameters.insert(parameters.end(),
                      {{"NP", count}, {"WIDTH", std::int64_t{port}}, {"OFF", places.constant()}});
  } else {
    parameters.insert(parameters.end(), {{"COUNT", count},
                                         {"OUT", std::int64_t{port}},
                                         {"LEVELS", std::int64_t{packing_latency(packing)}},
                                         {"M", places.constant()}});
  }
  module.cells.push_back({.name = "u_" + name,
                          .module = apart ? "bm_mac_pack" : "bm_linear",
                          .parameters = parameters,
                          .inputs = {{apart ? "codes" : "x", codes}},
                          .outputs = {{apart ? "word" : "y", module.all_of(word)}}});
  return module.all_of(word);
}

/// Operands [lane][pixel][product].
using Codes = std::vector<std::vector<std::vector<OperandCode>>>;

Codes add_codes(const pack::Scheme& scheme, const SchemeShape& shape, Combiner& combiner, const Bits& x) {
  const auto rows = static_cast<int>(scheme.algorithm.activation_rows());
  const int bits = format_of(scheme.activation.united({0, 0})).bits;
  Codes codes;
  for (int l = 0; l < shape.lanes; ++l) {
    auto& lane = codes.emplace_back();
    for (int j = 0; j < shape.block.pixels; ++j) {
      std::vector<Value> inputs;
      for (int r = 0; r < rows; ++r)
        inputs.push_back(
            {part_of(x, ((l * rows + r) * shape.block.pixels + j) * bits, bits), scheme.activation});
      lane.push_back(combiner.add(fmt::format("l{}_x{}", l, j), inputs));
    }
  }
  return codes;
}

/// Product p's operands of the pixels from `first` on in one lane; zeros beyond the block.
OperandCode group_of(const pack::Packing& packing, const std::vector<std::vector<OperandCode>>& lane,
                     std::size_t p, std::size_t first) {
  OperandCode group;
  for (std::size_t j = first; j < first + packing.activation_offsets.size(); ++j) {
    const bool idle = j >= lane.size();
    append(group.value, idle ? zero(activation_format(packing).bits) : lane[j][p].value);
    if (has_signs(packing)) append(group.negative, idle ? zero(1) : lane[j][p].negative);
  }
  return group;
}

}  // namespace

Operands add_operands(Module& module, const pack::Scheme& scheme, const SchemeShape& shape,
                      const std::array<Bits, 3>& control, const Bits& x) {
  Combiner combiner(module, scheme);
  int packing = 0;
  for (const pack::Part& part : scheme.parts) packing = std::max(packing, packing_latency(part.packing));
  const Codes codes = add_codes(scheme, shape, combiner, x);

  Operands operands{.latency = combiner.latency() + packing};
  for (std::size_t p = 0; p < scheme.algorithm.products(); ++p) {
    const pack::Part& part = scheme.parts[static_cast<std::size_t>(scheme.algorithm.kinds[p])];
    const int own = packing_latency(part.packing);
    auto& groups = operands.products.emplace_back();
    for (int g = 0; g < pack::part_shape(part, shape.block).groups; ++g) {
      PackedOperands& group = groups.emplace_back();
      for (std::size_t l = 0; l < codes.size(); ++l) {
        const std::string name = fmt::format("p{}_g{}_l{}", p, g, l);
        const OperandCode lane = group_of(
            part.packing, codes[l], p, static_cast<std::size_t>(g) * part.packing.activation_offsets.size());
        const Bits in_time = delayed(module, "early_" + name, lane.value, packing - own);
        append(group.ports, add_packing(module, "a_" + name, part.packing, in_time));
        append(group.codes, delayed(module, "codes_" + name, in_time, own));
        if (has_signs(part.packing))
          append(group.negative, delayed(module, "signs_" + name, lane.negative, packing));
      }
    }
  }
  operands.valid = delayed(module, "step_valid", control[0], operands.latency, true);
  operands.first = delayed(module, "step_first", control[1], operands.latency);
  operands.last = delayed(module, "step_last", control[2], operands.latency);
  return operands;
}

}  // namespace bitmason::hw
