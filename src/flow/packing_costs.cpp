#include "flow/packing_costs.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/json_internal.hpp"
#include "flow/diagnostics.hpp"
#include "flow/packing_cell.hpp"
#include "flow/scheme_costs.hpp"
#include "plan/multiplier_ports.hpp"

namespace bitmason::flow {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "bitmason-packing-costs";
/// End of the reason that files gave for schemes before any were measured: they are left to the estimate.
constexpr const char* kBeforeSchemes = "nothing before or after them that forms and joins the products";

double per_lane(std::int64_t few, std::int64_t many, const PackingCost& cost) {
  return static_cast<double>(many - few) / (cost.many.lanes - cost.few.lanes);
}

double rounded(double value) {
  return std::round(value * 100) / 100;
}

Json to_json(const ArrayFigures& array) {
  return {{"lanes", array.lanes},          {"lut", array.luts}, {"inverters", array.inverters},
          {"ff", array.flip_flops},        {"dsp", array.dsps}, {"levels", array.levels},
          {"carry_bits", array.carry_bits}};
}

ArrayFigures figures_of(const Json& json) {
  return {.lanes = json.at("lanes").get<int>(),
          .luts = json.at("lut").get<std::int64_t>(),
          .inverters = json.at("inverters").get<std::int64_t>(),
          .flip_flops = json.at("ff").get<std::int64_t>(),
          .dsps = json.at("dsp").get<std::int64_t>(),
          .levels = json.at("levels").get<int>(),
          .carry_bits = json.at("carry_bits").get<int>()};
}

Json to_json(const PackingCost& cost) {
  Json json = {{"macs_per_dsp", cost.packing.density()},
               {"lut_per_mac", cost.luts_per_mac()},
               {"lane_lut", rounded(cost.lane_luts())},
               {"lane_inverters", rounded(cost.lane_inverters())},
               {"decoder_lut", rounded(cost.decoder_luts())},
               {"lane_ff", rounded(cost.lane_flip_flops())},
               {"decoder_ff", rounded(cost.decoder_flip_flops())},
               {"levels", cost.many.levels},
               {"carry_bits", cost.many.carry_bits},
               {"chain", cost.chain},
               {"sum_bits", cost.sum_bits},
               {"arrays", {to_json(cost.few), to_json(cost.many)}},
               {"packing", Json::parse(json_of(cost.packing))}};
  if (!cost.earlier_rtl.empty()) json["earlier_rtl_sha256"] = cost.earlier_rtl;
  return json;
}

Json to_json(const CellCosts& cell, const MeasuredPackings& packings) {
  Json points = Json::array();
  for (const PackingCost& cost : cell.points) points.push_back(to_json(cost));
  Json rest = Json::array();
  for (const NotRealised& point : cell.not_realised) {
    rest.push_back({{"point", point.point}, {"reason", point.reason}});
  }
  return {{"kernel", cell.kernel},
          {"weight_bits", cell.weight_bits},
          {"activation_bits", cell.activation_bits},
          {"points", points},
          {"schemes", Json::parse(schemes_json(cell, packings))},
          {"front_points_left_to_the_estimate", cell.schemes_left},
          {"not_realised", rest}};
}

CellCosts cell_of(const Json& json, const pack::MultiplierPorts& ports) {
  CellCosts cell{.kernel = json.at("kernel").get<int>(),
                 .weight_bits = json.at("weight_bits").get<int>(),
                 .activation_bits = json.at("activation_bits").get<int>()};
  for (const Json& point : json.at("points")) {
    auto packing = packing_of(json_text(point.at("packing")), ports);
    if (!packing) throw Json::other_error::create(501, "a packing is incomplete", nullptr);
    cell.points.push_back({.packing = *std::move(packing),
                           .chain = point.at("chain").get<int>(),
                           .sum_bits = point.at("sum_bits").get<int>(),
                           .few = figures_of(point.at("arrays").at(0)),
                           .many = figures_of(point.at("arrays").at(1)),
                           .earlier_rtl = point.value("earlier_rtl_sha256", "")});
  }
  if (json.contains("schemes")) {
    auto schemes = schemes_of(json_text(json.at("schemes")), cell, ports);
    if (!schemes) throw Json::other_error::create(501, "a scheme is incomplete", nullptr);
    cell.schemes = *std::move(schemes);
    cell.schemes_left = json.value("front_points_left_to_the_estimate", 0);
  }
  const bool before = !json.contains("schemes");
  for (const Json& point : json.at("not_realised")) {
    if (before && point.at("reason").get<std::string>().ends_with(kBeforeSchemes)) {
      ++cell.schemes_left;
      continue;
    }
    cell.not_realised.push_back(
        {point.at("point").get<std::string>(), point.at("reason").get<std::string>()});
  }
  return cell;
}

}  // namespace

double PackingCost::lane_inverters() const {
  return per_lane(few.inverters, many.inverters, *this);
}

double PackingCost::lane_luts() const {
  return per_lane(few.luts, many.luts, *this) - lane_inverters();
}

double PackingCost::decoder_luts() const {
  return static_cast<double>(many.luts) - many.lanes * (lane_luts() + lane_inverters());
}

double PackingCost::lane_flip_flops() const {
  return per_lane(few.flip_flops, many.flip_flops, *this);
}

double PackingCost::decoder_flip_flops() const {
  return static_cast<double>(many.flip_flops) - many.lanes * lane_flip_flops();
}

double PackingCost::luts_per_multiplier(int columns) const {
  return lane_luts() + lane_inverters() / columns + decoder_luts() / many.lanes;
}

double PackingCost::luts_per_mac() const {
  return rounded(luts_per_multiplier(kReferenceColumns) / packing.density());
}

bool compatible(const MeasurementOrigin& a, const MeasurementOrigin& b) {
  MeasurementOrigin same = a;
  if (a.rtl_sign.empty() || b.rtl_sign.empty()) same.rtl_sign = b.rtl_sign;
  if (a.rtl_adders.empty() || b.rtl_adders.empty()) same.rtl_adders = b.rtl_adders;
  return same == b;
}

bool carry_over(PackingCosts& costs, const MeasurementOrigin& origin) {
  MeasurementOrigin same = costs.origin;
  same.rtl = origin.rtl;
  same.rtl_sign = origin.rtl_sign;
  same.rtl_adders = origin.rtl_adders;
  if (same != origin) return false;
  const bool same_adders = costs.origin.rtl_adders == origin.rtl_adders;
  for (CellCosts& cell : costs.cells) {
    for (PackingCost& cost : cell.points) {
      if (cost.earlier_rtl.empty()) cost.earlier_rtl = costs.origin.rtl_of(cost.packing);
      if (cost.earlier_rtl == origin.rtl_of(cost.packing)) cost.earlier_rtl.clear();
    }
    if (same_adders) continue;
    cell.schemes_left += static_cast<int>(cell.schemes.size());
    cell.schemes.clear();
  }
  costs.origin = origin;
  return true;
}

std::string cell_name(int kernel, int weight_bits, int activation_bits) {
  return fmt::format("K{} w{}a{}", kernel, weight_bits, activation_bits);
}

std::string json_of(const PackingCosts& costs) {
  const MeasuredPackings packings(costs);
  Json cells = Json::array();
  std::size_t schemes = 0;
  std::ptrdiff_t earlier = 0;
  int left = 0;
  for (const CellCosts& cell : costs.cells) {
    cells.push_back(to_json(cell, packings));
    schemes += cell.schemes.size();
    earlier +=
        std::ranges::count_if(cell.points, [](const PackingCost& cost) { return !cost.earlier_rtl.empty(); });
    left += cell.schemes_left;
  }
  const Json json = {{"format", kFormat},
                     {"primitive", costs.origin.primitive},
                     {"part", costs.origin.part},
                     {"synthesis", costs.origin.synthesis},
                     {"tool", costs.origin.tool},
                     {"rtl_sha256", costs.origin.rtl},
                     {"rtl_sign_sha256", costs.origin.rtl_sign},
                     {"rtl_adders_sha256", costs.origin.rtl_adders},
                     {"steps", kMeasuredSteps},
                     {"lanes_of_schemes", kReferenceLanes},
                     {"packings_of_earlier_rtl", earlier},
                     {"schemes_measured", schemes},
                     {"front_points_left_to_the_estimate", left},
                     {"cells_measured", costs.cells.size()},
                     {"cells_of_the_tables", kAllCells},
                     {"complete", costs.cells.size() == kAllCells && left == 0},
                     {"cells", cells}};
  return json_text(json, 1) + "\n";
}

namespace {

/// What `read` makes of the file's JSON. Errors: BM-FILE-001, BM-FLOW-024.
template <typename Value>
Result<Value> from_costs(const std::filesystem::path& file, const std::function<Value(const Json&)>& read) {
  const auto text = read_file(file);
  if (!text) return text.errors();
  const auto refused = [&](const std::string& why) {
    return make_diagnostic(diagnostics::kNotCosts, file.string(), {why});
  };
  try {
    const Json json = Json::parse(*text);
    if (json.value("format", "") != kFormat) return refused(fmt::format("its format is not {}", kFormat));
    return read(json);
  } catch (const Json::exception& error) {
    return refused(error.what());
  }
}

}  // namespace

Result<PackingCosts> read_costs(const std::filesystem::path& file, const pack::MultiplierPorts& ports) {
  return from_costs<PackingCosts>(file, [&](const Json& json) {
    PackingCosts costs;
    costs.origin = {.primitive = json.at("primitive").get<std::string>(),
                    .part = json.at("part").get<std::string>(),
                    .synthesis = json.at("synthesis").get<std::string>(),
                    .tool = json.at("tool").get<std::string>(),
                    .rtl = json.at("rtl_sha256").get<std::string>(),
                    .rtl_sign = json.value("rtl_sign_sha256", ""),
                    .rtl_adders = json.value("rtl_adders_sha256", "")};
    for (const Json& cell : json.at("cells")) costs.cells.push_back(cell_of(cell, ports));
    return costs;
  });
}

Result<PackingCosts> read_costs_of(const device::Primitive& primitive, const std::filesystem::path& file) {
  const auto name =
      from_costs<std::string>(file, [](const Json& json) { return json.at("primitive").get<std::string>(); });
  if (!name) return name.errors();
  if (*name != primitive.name) {
    return make_diagnostic(diagnostics::kOtherPrimitive, file.string(), {*name, primitive.name, *name});
  }
  return read_costs(file, plan::ports_of(primitive));
}

}  // namespace bitmason::flow
