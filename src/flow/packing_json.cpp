#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/json_internal.hpp"
#include "flow/packing_cell.hpp"
#include "hw/array_limits.hpp"
#include "hw/pack_parameters.hpp"

namespace bitmason::flow {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::pair<pack::Family, const char*>, 3> kFamilies{
    {{pack::Family::OuterProduct, "outer_product"},
     {pack::Family::Convolution, "convolution"},
     {pack::Family::Hybrid, "hybrid"}}};

std::string_view name_of(pack::Family family) {
  for (const auto& [value, name] : kFamilies) {
    if (value == family) return name;
  }
  return "";
}

std::optional<pack::Family> family_of(const std::string& text) {
  for (const auto& [value, name] : kFamilies) {
    if (text == name) return value;
  }
  return std::nullopt;
}

Json range_json(const IntRange& range) {
  return {range.lo, range.hi};
}

IntRange range_of(const Json& json) {
  return {json.at(0).get<std::int64_t>(), json.at(1).get<std::int64_t>()};
}

}  // namespace

std::string json_of(const pack::Packing& packing) {
  Json fields = Json::array();
  for (const auto& field : packing.fields) {
    fields.push_back({{"offset", field.offset}, {"width", field.width}, {"products", field.terms.size()}});
  }
  const Json json = {{"family", name_of(packing.family)},
                     {"macs_per_dsp", packing.density()},
                     {"multipliers", packing.ports.multipliers},
                     {"weight_range", range_json(packing.weight)},
                     {"activation_range", range_json(packing.activation)},
                     {"coding", packing.coding == pack::Coding::Plain ? "plain" : "sign_magnitude"},
                     {"rule", packing.rule == pack::Rule::GuardBits ? "G" : "C"},
                     {"side_bits", packing.side_bits},
                     {"accumulations", packing.accumulations},
                     {"weight_offsets", packing.weight_offsets},
                     {"activation_offsets", packing.activation_offsets},
                     {"taps", packing.taps},
                     {"pixels", packing.pixels},
                     {"weights_on_wide_port", packing.weights_on_wide_port},
                     {"bias", packing.bias},
                     {"fields", fields}};
  return json_text(json);
}

bool has_rtl(const pack::Scheme& scheme, const device::Primitive& primitive) {
  return hw::primitive_number(primitive) && std::ranges::all_of(scheme.parts, [&](const auto& part) {
           if (part.packing.ports.multipliers == 1) return true;
           return primitive.split_rtl &&
                  !hw::array_refusal(pack::side_by_side(part.packing), {.accumulate = false});
         });
}

std::string json_of(const pack::Scheme& scheme, const device::Primitive& primitive,
                    const MeasuredCosts& measured) {
  Json parts = Json::array();
  for (const auto& part : scheme.parts) {
    Json json = Json::parse(json_of(part.packing));
    json["role"] = part.product.role;
    json["count"] = part.product.count;
    parts.push_back(std::move(json));
  }
  Json json = {{"macs_per_dsp", scheme.density()},
               {"luts_per_mac_estimated", scheme.luts_per_mac},
               {"stored_weight_bits", scheme.weight_bits},
               {"method", to_text(scheme.method)},
               {"detail", scheme.detail},
               {"all_activation_levels", scheme.all_levels},
               {"rtl", has_rtl(scheme, primitive)},
               {"macs", scheme.macs},
               {"parts", parts}};
  if (const auto synthesised = measured.of(scheme)) {
    json["luts_per_mac_synthesised"] = synthesised->luts_per_mac();
    if (!synthesised->earlier_rtl.empty()) json["synthesised_rtl_sha256"] = synthesised->earlier_rtl;
  }
  return json_text(json);
}

std::optional<pack::Packing> packing_of(std::string_view text, const pack::MultiplierPorts& ports) {
  try {
    const Json json = Json::parse(text);
    const auto family = family_of(json.at("family").get<std::string>());
    if (!family || json.value("multipliers", 1) != ports.multipliers) return std::nullopt;
    pack::Layout layout;
    layout.family = *family;
    layout.coding = json.at("coding") == "plain" ? pack::Coding::Plain : pack::Coding::SignMagnitude;
    layout.rule = json.at("rule") == "G" ? pack::Rule::GuardBits : pack::Rule::Canary;
    layout.side_bits = json.at("side_bits").get<int>();
    layout.weight_offsets = json.at("weight_offsets").get<std::vector<int>>();
    layout.activation_offsets = json.at("activation_offsets").get<std::vector<int>>();
    layout.taps = json.at("taps").get<int>();
    layout.pixels = json.at("pixels").get<int>();
    layout.weights_on_wide_port = json.at("weights_on_wide_port").get<bool>();
    const int accumulations = json.at("accumulations").get<int>();
    const auto on_ports = [&](const std::vector<int>& offsets) {
      return !offsets.empty() && std::ranges::all_of(offsets, [&](int offset) {
        return offset >= 0 && offset < ports.wide_bits;
      });
    };
    if (!on_ports(layout.weight_offsets) || !on_ports(layout.activation_offsets) || accumulations < 1) {
      return std::nullopt;
    }
    pack::Packing packing = pack::assemble({.ports = ports,
                                            .weight = range_of(json.at("weight_range")),
                                            .activation = range_of(json.at("activation_range")),
                                            .kernel = layout.taps},
                                           layout, accumulations);
    if (!pack::verify(packing)) return std::nullopt;
    return packing;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace bitmason::flow
