#include "hw/pack_parameters.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "hw/word.hpp"
#include "pack/digits.hpp"

namespace bitmason::hw {

namespace {

/// Modules under rtl/dsp/ by PRIM number; 0 is the inferred twin.
constexpr std::array<std::string_view, 5> kPrimitiveModules{
    "bm_dsp_inferred", "bm_dsp_dsp48e2", "bm_dsp_dsp48e1", "bm_dsp_mult18x18d", "bm_dsp_sb_mac16"};

/// Each 16 bits, the first lowest.
WideConstant packed(const std::vector<int>& offsets) {
  Word word;
  for (const int offset : offsets) word.append(offset, 16);
  return word.constant();
}

/// The arrays know the ports of a whole primitive; those of a split one are said.
void append_ports(Parameters& parameters, const pack::Packing& packing) {
  if (packing.ports.cut_bits > 0)
    parameters.emplace_back("APORT", std::int64_t{packing.activation_port_bits()});
}

}  // namespace

std::optional<int> primitive_number(const device::Primitive& primitive) {
  const auto found = std::find(kPrimitiveModules.begin(), kPrimitiveModules.end(), primitive.rtl_module);
  if (found == kPrimitiveModules.end()) return std::nullopt;
  return static_cast<int>(found - kPrimitiveModules.begin());
}

bool is_cell_of_another(const device::Primitive& primitive, std::string_view module) {
  constexpr std::string_view kPrefix = "bm_dsp";  // "_sb_mac16" follows
  return std::ranges::any_of(kPrimitiveModules, [&](std::string_view other) {
    return other != primitive.rtl_module && module.ends_with(other.substr(kPrefix.size()));
  });
}

bool has_signs(const pack::Packing& packing) {
  return packing.coding == pack::Coding::SignMagnitude;
}

void append_offsets(Parameters& parameters, const pack::Packing& packing, std::string_view count) {
  std::vector<int> fields;
  for (const pack::Field& field : packing.fields) fields.push_back(field.offset);
  const IntRange product = (packing.weight * packing.activation).united({0, 0});
  parameters.insert(parameters.end(), {{std::string(count), static_cast<std::int64_t>(fields.size())},
                                       {"WOFF", packed(packing.weight_offsets)},
                                       {"AOFF", packed(packing.activation_offsets)},
                                       {"FOFF", packed(fields)},
                                       {"WIDE_W", std::int64_t{packing.weights_on_wide_port}},
                                       {"LOW", product.lo},
                                       {"HIGH", product.hi}});
}

bool accumulates(const pack::Packing& packing, const PackArrayShape& shape) {
  return packing.rule == pack::Rule::Canary && shape.accumulate;
}

Parameters pack_array_parameters(const pack::Packing& packing, int primitive, const PackArrayShape& shape) {
  assert(!has_signs(packing));
  const Format weight = format_of(packing.weight.united({0, 0}));
  const Format activation = format_of(packing.activation.united({0, 0}));
  Parameters parameters{{"PRIM", std::int64_t{primitive}},
                        {"ACCUM", std::int64_t{accumulates(packing, shape)}},
                        {"COLS", std::int64_t{shape.columns}},
                        {"LANES", std::int64_t{shape.lanes}},
                        {"CHAIN", std::int64_t{shape.chain}},
                        {"SHARE", std::int64_t{shape.share}},
                        {"STEPS", std::int64_t{shape.steps}},
                        {"NW", static_cast<std::int64_t>(packing.weight_offsets.size())},
                        {"NA", static_cast<std::int64_t>(packing.activation_offsets.size())},
                        {"WBITS", std::int64_t{weight.bits}},
                        {"ABITS", std::int64_t{activation.bits}},
                        {"WSIGNED", std::int64_t{weight.is_signed}},
                        {"ASIGNED", std::int64_t{activation.is_signed}},
                        {"OUT", std::int64_t{shape.sum_bits}}};
  append_offsets(parameters, packing, "NF");
  append_ports(parameters, packing);
  return parameters;
}

Parameters sign_array_parameters(const pack::Packing& packing, int primitive, const SignArrayShape& shape) {
  assert(has_signs(packing));
  const auto magnitude_bits = [&](const IntRange& value) {
    return std::int64_t{pack::digit_range(value, packing.coding).bits()};
  };
  Parameters parameters{{"PRIM", std::int64_t{primitive}},
                        {"COLS", std::int64_t{shape.columns}},
                        {"LANES", std::int64_t{shape.lanes}},
                        {"STEPS", std::int64_t{shape.steps}},
                        {"NW", static_cast<std::int64_t>(packing.weight_offsets.size())},
                        {"NA", static_cast<std::int64_t>(packing.activation_offsets.size())},
                        {"WBITS", magnitude_bits(packing.weight)},
                        {"ABITS", magnitude_bits(packing.activation)},
                        {"OUT", std::int64_t{shape.sum_bits}}};
  append_offsets(parameters, packing, "NF");
  append_ports(parameters, packing);
  return parameters;
}

std::string parameter_bits(const ParameterValue& value) {
  assert(!std::holds_alternative<std::string>(value));
  WideConstant constant;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    Word word;
    word.append(*integer, 32);
    constant = word.constant();
  } else {
    constant = std::get<WideConstant>(value);
  }
  std::string bits;
  for (int bit = constant.bits - 1; bit >= 0; --bit) {
    bits += ((constant.words[static_cast<std::size_t>(bit / 64)] >> (bit % 64)) & 1) != 0 ? '1' : '0';
  }
  return bits;
}

}  // namespace bitmason::hw
