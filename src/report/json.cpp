#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "report/diagnostics.hpp"
#include "report/report.hpp"

namespace bitmason::report {

namespace {

using Json = nlohmann::ordered_json;

void put(Json& json, const char* key, const std::optional<std::int64_t>& value) {
  if (value) json[key] = *value;
}

std::optional<std::int64_t> get(const Json& json, const char* key) {
  if (!json.contains(key)) return std::nullopt;
  return json.at(key).get<std::int64_t>();
}

Json layer_json(const Layer& layer) {
  Json json = {{"name", layer.name}, {"kind", layer.kind}, {"bits", layer.bits}};
  if (layer.weight_bits) json["weight_bits"] = *layer.weight_bits;
  if (!layer.packing.empty()) {
    json["packing"] = layer.packing;
    json["parallelism"] = {{"pe", layer.pe}, {"simd", layer.simd}};
  }
  json["cycles"] = layer.cycles;
  json["resources"] = {{"dsp", layer.dsp}, {"lut", layer.lut}, {"bram18", layer.bram18}};
  return json;
}

Layer layer_of(const Json& json) {
  Layer layer{.name = json.at("name"), .kind = json.at("kind"), .bits = json.at("bits")};
  if (json.contains("weight_bits")) layer.weight_bits = json.at("weight_bits").get<int>();
  if (json.contains("packing")) {
    layer.packing = json.at("packing");
    layer.pe = json.at("parallelism").at("pe");
    layer.simd = json.at("parallelism").at("simd");
  }
  layer.cycles = json.at("cycles");
  layer.dsp = json.at("resources").at("dsp");
  layer.lut = json.at("resources").at("lut");
  layer.bram18 = json.at("resources").at("bram18");
  return layer;
}

Json module_json(const Module& module) {
  return {{"name", module.name}, {"module", module.module}, {"layer", module.layer},  {"dsp", module.dsp},
          {"lut", module.lut},   {"ff", module.ff},         {"bram18", module.bram18}};
}

Module module_of(const Json& json) {
  return {json.at("name"), json.at("module"), json.at("layer"), json.at("dsp"),
          json.at("lut"),  json.at("ff"),     json.at("bram18")};
}

Report report_of(const Json& json) {
  Report report{.network = json.at("network"), .part = json.at("part"), .clock_mhz = json.at("clock_mhz")};
  report.interval_planned = json.at("interval_cycles").at("planned");
  report.interval_simulated = get(json.at("interval_cycles"), "simulated");
  report.latency = get(json, "latency_cycles");
  for (const auto& [name, value] : json.at("resources").items()) {
    report.resources[name] = {get(value, "estimated"), get(value, "synthesised"), get(value, "available")};
  }
  for (const auto& [level, value] : json.at("exact").items()) {
    report.exact[level] = {value.at("equal"), value.at("frames"), value.at("values"),
                           value.at("input_sha256")};
  }
  if (json.contains("depth")) {
    const Json& depth = json.at("depth");
    report.depth = Depth{depth.at("levels"), depth.at("carry_bits"), depth.at("from"), depth.at("to")};
  }
  for (const Json& layer : json.at("layers")) report.layers.push_back(layer_of(layer));
  if (json.contains("modules")) {
    for (const Json& module : json.at("modules")) report.modules.push_back(module_of(module));
  }
  if (json.contains("notes")) report.notes = json.at("notes").get<std::vector<std::string>>();
  for (const auto& [group, text] : json.at("sources").items()) report.sources[group] = text;
  return report;
}

}  // namespace

double Report::fps() const {
  const auto cycles = static_cast<double>(interval_simulated.value_or(interval_planned));
  return cycles > 0 ? clock_mhz * 1e6 / cycles : 0;
}

std::string to_json(const Report& report) {
  Json json = {{"network", report.network}, {"part", report.part}, {"clock_mhz", report.clock_mhz}};
  json["interval_cycles"] = {{"planned", report.interval_planned}};
  put(json["interval_cycles"], "simulated", report.interval_simulated);
  put(json, "latency_cycles", report.latency);
  json["fps"] = report.fps();
  json["resources"] = Json::object();
  for (const char* name : kResourceNames) {
    const auto found = report.resources.find(name);
    if (found == report.resources.end()) continue;
    Json& entry = json["resources"][name] = Json::object();
    put(entry, "estimated", found->second.estimated);
    put(entry, "synthesised", found->second.synthesised);
    put(entry, "available", found->second.available);
  }
  json["exact"] = Json::object();
  for (const auto& [level, exact] : report.exact) {
    json["exact"][level] = {{"equal", exact.equal},
                            {"frames", exact.frames},
                            {"values", exact.values},
                            {"input_sha256", exact.input_sha256}};
  }
  if (report.depth) {
    json["depth"] = {{"levels", report.depth->levels},
                     {"carry_bits", report.depth->carry_bits},
                     {"from", report.depth->from},
                     {"to", report.depth->to}};
  }
  json["layers"] = Json::array();
  for (const Layer& layer : report.layers) json["layers"].push_back(layer_json(layer));
  for (const Module& module : report.modules) json["modules"].push_back(module_json(module));
  if (!report.notes.empty()) json["notes"] = report.notes;
  json["sources"] = Json::object();
  for (const auto& [group, text] : report.sources) json["sources"][group] = text;
  return json.dump(2);
}

Result<Report> parse_report(const std::string& json, const std::string& where) {
  try {
    return report_of(Json::parse(json));
  } catch (const Json::exception& error) {
    return make_diagnostic(diagnostics::kMalformed, where, {error.what()});
  }
}

Result<Report> read_report(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "report.json";
  const auto text = read_file(file);
  if (!text) return text.errors();
  return parse_report(*text, file.string());
}

Status write_report(const std::filesystem::path& folder, const Report& report) {
  if (auto written = write_file(folder / "report.json", to_json(report) + "\n"); !written) return written;
  return write_file(folder / "report.txt", to_text(report));
}

}  // namespace bitmason::report
