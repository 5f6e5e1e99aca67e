#include "base/file.hpp"
#include "base/json_internal.hpp"
#include "report/diagnostics.hpp"
#include "report/json_internal.hpp"

namespace bitmason::report {

namespace {

Json layer_json(const Layer& layer) {
  Json json = {{"name", layer.name}, {"kind", layer.kind}, {"bits", layer.bits}};
  if (layer.input_bits) json["input_bits"] = *layer.input_bits;
  if (layer.weight_bits) json["weight_bits"] = *layer.weight_bits;
  if (layer.accumulator_bits) json["accumulator_bits"] = *layer.accumulator_bits;
  if (!layer.packing.empty()) json["packing"] = layer.packing;
  if (layer.pe > 0) json["parallelism"] = {{"pe", layer.pe}, {"simd", layer.simd}};
  json["cycles"] = layer.cycles;
  Json& resources = json["resources"] = {{"dsp", layer.dsp}, {"lut", layer.lut}};
  put(resources, "ff", layer.ff);
  resources["bram18"] = layer.bram18;
  put(resources, "uram", layer.uram);
  return json;
}

Layer layer_of(const Reader& json) {
  Layer layer{.name = json["name"], .kind = json["kind"], .bits = json["bits"]};
  if (json.has("input_bits")) layer.input_bits = json["input_bits"].as<int>();
  if (json.has("weight_bits")) layer.weight_bits = json["weight_bits"].as<int>();
  if (json.has("accumulator_bits")) layer.accumulator_bits = json["accumulator_bits"].as<int>();
  if (json.has("packing")) layer.packing = json["packing"].as<std::string>();
  if (json.has("parallelism")) {
    layer.pe = json["parallelism"]["pe"];
    layer.simd = json["parallelism"]["simd"];
  }
  layer.cycles = json["cycles"];
  layer.dsp = json["resources"]["dsp"];
  layer.lut = json["resources"]["lut"];
  layer.bram18 = json["resources"]["bram18"];
  layer.ff = get(json["resources"], "ff");
  layer.uram = get(json["resources"], "uram");
  return layer;
}

Json fifo_json(const Fifo& fifo) {
  Json json = {{"producer", fifo.producer}, {"consumer", fifo.consumer},
               {"input", fifo.input},       {"depth", fifo.depth},
               {"width_bits", fifo.width},  {"bits", fifo.depth * fifo.width},
               {"mark", fifo.mark},         {"slack", fifo.depth - fifo.mark}};
  if (!fifo.mark_simulated) return json;
  json["mark_simulated"] = *fifo.mark_simulated;
  json["slack_simulated"] = fifo.depth - *fifo.mark_simulated;
  return json;
}

Fifo fifo_of(const Reader& json) {
  Fifo fifo{
      json["producer"], json["consumer"], json["input"], json["depth"], json["width_bits"], json["mark"], {}};
  fifo.mark_simulated = get(json, "mark_simulated");
  return fifo;
}

Json module_json(const Module& module) {
  return {{"name", module.name}, {"module", module.module}, {"layer", module.layer},  {"dsp", module.dsp},
          {"lut", module.lut},   {"ff", module.ff},         {"bram18", module.bram18}};
}

Module module_of(const Reader& json) {
  return {json["name"], json["module"], json["layer"], json["dsp"], json["lut"], json["ff"], json["bram18"]};
}

Json exactness_json(const Exactness& exact) {
  Json json = {{"equal", exact.equal},
               {"frames", exact.frames},
               {"values", exact.values},
               {"input_sha256", exact.input_sha256}};
  if (!exact.input.empty()) json["input"] = exact.input;
  for (const Run& run : exact.runs)
    json["runs"].push_back({{"name", run.name}, {"equal", run.equal}, {"frames", run.frames}});
  return json;
}

Exactness exactness_of(const Reader& json) {
  Exactness exact{json["equal"], json["frames"], json["values"], json["input_sha256"], {}, {}};
  if (json.has("input")) exact.input = json["input"].as<std::string>();
  if (!json.has("runs")) return exact;
  for (const Reader& run : json["runs"].elements())
    exact.runs.push_back({run["name"], run["equal"], run["frames"]});
  return exact;
}

Json utilisation_json(const Report& report) {
  const DspUtilisation& used = *report.dsp_utilisation;
  Json json = {{"planned", used.planned}};
  if (const auto simulated = report.simulated_utilisation()) json["simulated"] = *simulated;
  json["side_bits"] = used.side_bits;
  json["requantise_dsp"] = used.requantise_dsp;
  json["lut_layers"] = used.lut_layers;
  return json;
}

DspUtilisation utilisation_of(const Reader& json) {
  DspUtilisation used{json["planned"], json["side_bits"], json["requantise_dsp"], {}};
  for (const Reader& layer : json["lut_layers"].elements()) used.lut_layers.push_back(layer);
  return used;
}

Report report_of(const Reader& json) {
  Report report{.network = json["network"], .part = json["part"], .clock_mhz = json["clock_mhz"]};
  report.interval_planned = json["interval_cycles"]["planned"];
  report.interval_simulated = get(json["interval_cycles"], "simulated");
  report.latency = get(json, "latency_cycles");
  const Reader resources = json["resources"];
  for (const std::string& name : resources.keys()) {
    const Reader value = resources[name];
    report.resources[name] = {get(value, "estimated"), get(value, "synthesised"), get(value, "available")};
  }
  if (json.has("dsp_utilisation")) report.dsp_utilisation = utilisation_of(json["dsp_utilisation"]);
  const Reader exact = json["exact"];
  for (const std::string& level : exact.keys()) {
    report.exact[level] = exactness_of(exact[level]);
  }
  if (json.has("liveness")) report.liveness = liveness_of(json["liveness"]);
  if (json.has("depth")) {
    const Reader depth = json["depth"];
    report.depth = Depth{depth["levels"], depth["carry_bits"], depth["from"], depth["to"]};
  }
  for (const Reader& layer : json["layers"].elements()) report.layers.push_back(layer_of(layer));
  if (json.has("fifos")) {
    for (const Reader& fifo : json["fifos"].elements()) report.fifos.push_back(fifo_of(fifo));
  }
  if (json.has("modules")) {
    for (const Reader& module : json["modules"].elements()) report.modules.push_back(module_of(module));
  }
  if (json.has("notes")) {
    for (const Reader& note : json["notes"].elements()) report.notes.push_back(note);
  }
  const Reader sources = json["sources"];
  for (const std::string& group : sources.keys()) report.sources[group] = sources[group].as<std::string>();
  return report;
}

}  // namespace

double Report::fps() const {
  const auto cycles = static_cast<double>(interval_simulated.value_or(interval_planned));
  return cycles > 0 ? clock_mhz * 1e6 / cycles : 0;
}

std::vector<std::string> Report::misfits() const {
  std::vector<std::string> sentences;
  for (const auto& [name, resource] : resources) {
    if (!resource.synthesised || !resource.available || *resource.synthesised <= *resource.available)
      continue;
    sentences.push_back("the design does not fit " + part + ": " + std::to_string(*resource.synthesised) +
                        " " + name + " synthesised and " + std::to_string(*resource.available) +
                        " available; take a larger part or ask for less");
  }
  return sentences;
}

std::optional<double> Report::simulated_utilisation() const {
  if (!dsp_utilisation || interval_simulated.value_or(0) <= 0) return std::nullopt;
  return dsp_utilisation->planned * static_cast<double>(interval_planned) /
         static_cast<double>(*interval_simulated);
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
  if (report.dsp_utilisation) json["dsp_utilisation"] = utilisation_json(report);
  json["exact"] = Json::object();
  for (const auto& [level, exact] : report.exact) json["exact"][level] = exactness_json(exact);
  if (report.liveness) json["liveness"] = liveness_json(*report.liveness);
  if (report.depth) {
    json["depth"] = {{"levels", report.depth->levels},
                     {"carry_bits", report.depth->carry_bits},
                     {"from", report.depth->from},
                     {"to", report.depth->to}};
  }
  json["layers"] = Json::array();
  for (const Layer& layer : report.layers) json["layers"].push_back(layer_json(layer));
  for (const Fifo& fifo : report.fifos) json["fifos"].push_back(fifo_json(fifo));
  for (const Module& module : report.modules) json["modules"].push_back(module_json(module));
  if (!report.notes.empty()) json["notes"] = report.notes;
  json["sources"] = Json::object();
  for (const auto& [group, text] : report.sources) json["sources"][group] = text;
  return json_text(json, 2);
}

Result<Report> parse_report(const std::string& json, const std::string& where) {
  const Json document = Json::parse(json, nullptr, false);
  if (document.is_discarded()) return make_diagnostic(diagnostics::kMalformed, where, {"the JSON text"});
  try {
    return report_of(Reader(document, ""));
  } catch (const Malformed& malformed) {
    return make_diagnostic(diagnostics::kMalformed, where, {malformed.path});
  }
}

Result<Report> read_report(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "report.json";
  const auto text = read_file(file);
  if (!text) return text.errors();
  return parse_report(*text, file.string());
}

std::map<std::string, std::string> files_of(const Report& report) {
  return {{"report.json", to_json(report) + "\n"}, {"report.txt", to_text(report)}};
}

Status write_report(const std::filesystem::path& folder, const Report& report) {
  for (const auto& [name, text] : files_of(report)) {
    if (auto written = write_file(folder / name, text); !written) return written;
  }
  return success();
}

}  // namespace bitmason::report
