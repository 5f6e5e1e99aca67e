#include "flow/scheme_costs.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_internal.hpp"
#include "flow/packing_cell.hpp"
#include "hw/scheme_arrays.hpp"
#include "pack/transform_cost.hpp"

namespace bitmason::flow {

namespace {

using Json = nlohmann::ordered_json;

double rounded(double value) {
  return std::round(value * 100) / 100;
}

Json to_json(const AdderFigures& figures) {
  return {{"lut", figures.luts},
          {"ff", figures.flip_flops},
          {"levels", figures.levels},
          {"carry_bits", figures.carry_bits}};
}

AdderFigures figures_of(const Json& json) {
  return {.luts = json.at("lut").get<std::int64_t>(),
          .flip_flops = json.at("ff").get<std::int64_t>(),
          .levels = json.at("levels").get<int>(),
          .carry_bits = json.at("carry_bits").get<int>()};
}

/// Of the array alone, without the packing on its port.
double estimated_luts_per_multiplier(const pack::Packing& packing) {
  return pack::estimated_array_luts(
      packing, {.outputs = kReferenceColumns, .lanes = kReferenceLanes, .steps = kMeasuredSteps});
}

Json to_json(const pack::Part& part, const MeasuredPackings& packings) {
  const PackingCost* measured = packings.find(part.packing);
  return {
      {"role", part.product.role},
      {"count", part.product.count},
      {"array", measured != nullptr ? "measured" : "estimated"},
      {"lut_per_multiplier", rounded(measured != nullptr ? measured->luts_per_multiplier(kReferenceColumns)
                                                         : estimated_luts_per_multiplier(part.packing))},
      {"packing", Json::parse(json_of(part.packing))}};
}

}  // namespace

MeasuredPackings::MeasuredPackings(const PackingCosts& costs) {
  for (const CellCosts& cell : costs.cells) {
    for (const PackingCost& cost : cell.points) costs_.emplace(json_of(cost.packing), &cost);
  }
}

const PackingCost* MeasuredPackings::find(const pack::Packing& packing) const {
  const auto found = costs_.find(json_of(packing));
  return found == costs_.end() ? nullptr : found->second;
}

SchemeLuts luts_of(const SchemeCost& cost, const MeasuredPackings& packings) {
  const pack::Scheme& scheme = cost.scheme;
  const pack::AdderShares shares =
      pack::adder_shares(scheme, {.outputs = kReferenceColumns, .lanes = kReferenceLanes});
  SchemeLuts luts{.adders = static_cast<double>(cost.lane.luts) / shares.lane_macs +
                            static_cast<double>(cost.channel.luts) / shares.channel_macs};
  for (const pack::Part& part : scheme.parts) {
    const double multipliers_per_mac = part.product.count / part.packing.density() / scheme.macs;
    const PackingCost* measured = packings.find(part.packing);
    const double own =
        multipliers_per_mac * (measured != nullptr ? measured->luts_per_multiplier(kReferenceColumns)
                                                   : estimated_luts_per_multiplier(part.packing));
    luts.arrays += own;
    if (measured != nullptr) luts.measured_arrays += own;
  }
  return luts;
}

double estimated_lane_luts(const pack::Scheme& scheme) {
  const pack::SchemeBlock block = pack::full_block(scheme.parts);
  double luts = pack::activation_transform_luts(scheme) * block.pixels;
  for (const int kind : scheme.algorithm.kinds) {
    const pack::Part& part = scheme.parts[static_cast<std::size_t>(kind)];
    luts += pack::part_shape(part, block).groups * pack::estimated_packing_luts(part.packing);
  }
  return luts;
}

double estimated_channel_luts(const pack::Scheme& scheme) {
  const int bits = hw::output_bits_of(scheme, {.lanes = kReferenceLanes, .steps = kMeasuredSteps});
  return pack::output_transform_luts(scheme, pack::full_block(scheme.parts), bits);
}

std::optional<pack::Scheme> scheme_of(const pack::Cell& cell, const std::string& method,
                                      const std::string& detail, std::vector<pack::Packing> packings) {
  const auto known = std::ranges::find_if(pack::kMethods, [&](auto one) { return to_text(one) == method; });
  if (known == pack::kMethods.end()) return std::nullopt;
  auto recipe = pack::find_recipe(cell.weight, cell.activation, cell.kernel, *known, detail);
  if (!recipe || recipe->products.size() != packings.size()) return std::nullopt;
  pack::Scheme scheme{.method = recipe->method,
                      .macs = recipe->macs,
                      .weight = recipe->weight,
                      .activation = recipe->activation,
                      .algorithm = std::move(recipe->algorithm),
                      .detail = detail};
  for (std::size_t k = 0; k < packings.size(); ++k)
    scheme.parts.push_back({std::move(recipe->products[k]), std::move(packings[k])});
  return scheme;
}

std::string text_of(const pack::Scheme& scheme) {
  return fmt::format("{:.2f} MAC/DSP, {}{}: {}", scheme.density(), to_text(scheme.method),
                     scheme.detail.empty() ? "" : ", " + scheme.detail,
                     to_text(scheme.parts.front().packing));
}

std::string key_of(const pack::Scheme& scheme) {
  std::string key = to_text(scheme.method) + "\n" + scheme.detail;
  for (const pack::Part& part : scheme.parts) key += "\n" + json_of(part.packing);
  return key;
}

std::string schemes_json(const CellCosts& cell, const MeasuredPackings& packings) {
  Json schemes = Json::array();
  for (const SchemeCost& cost : cell.schemes) {
    const SchemeLuts luts = luts_of(cost, packings);
    const pack::SchemeBlock block = pack::full_block(cost.scheme.parts);
    Json parts = Json::array();
    for (const pack::Part& part : cost.scheme.parts) parts.push_back(to_json(part, packings));
    schemes.push_back({{"method", to_text(cost.scheme.method)},
                       {"detail", cost.scheme.detail},
                       {"macs_per_dsp", rounded(cost.scheme.density())},
                       {"lut_per_mac", rounded(luts.all())},
                       {"arrays_lut_per_mac", rounded(luts.arrays)},
                       {"of_them_measured", rounded(luts.measured_arrays)},
                       {"adders_lut_per_mac", rounded(luts.adders)},
                       {"estimated_lut_per_mac", rounded(pack::estimated_luts_per_mac(cost.scheme))},
                       {"block", {{"channels", block.channels}, {"pixels", block.pixels}}},
                       {"lane", to_json(cost.lane)},
                       {"channel", to_json(cost.channel)},
                       {"control_ff", cost.control_flip_flops},
                       {"parts", parts}});
  }
  return json_text(schemes);
}

std::optional<std::vector<SchemeCost>> schemes_of(const std::string& text, const CellCosts& cell,
                                                  const pack::MultiplierPorts& ports) {
  try {
    std::vector<SchemeCost> schemes;
    for (const Json& json : Json::parse(text)) {
      std::vector<pack::Packing> packings;
      for (const Json& part : json.at("parts")) {
        auto packing = packing_of(json_text(part.at("packing")), ports);
        if (!packing) return std::nullopt;
        packings.push_back(*std::move(packing));
      }
      auto scheme = scheme_of(pack::cell_of_widths(cell.weight_bits, cell.activation_bits, cell.kernel),
                              json.at("method").get<std::string>(), json.at("detail").get<std::string>(),
                              std::move(packings));
      if (!scheme) return std::nullopt;
      schemes.push_back({.scheme = *std::move(scheme),
                         .lane = figures_of(json.at("lane")),
                         .channel = figures_of(json.at("channel")),
                         .control_flip_flops = json.at("control_ff").get<int>()});
    }
    return schemes;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace bitmason::flow
