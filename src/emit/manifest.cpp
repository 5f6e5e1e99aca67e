#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/json_internal.hpp"
#include "emit/design_folder.hpp"

namespace bitmason::emit {

namespace {

using Json = nlohmann::ordered_json;

Json stream_json(const hw::Stream& stream) {
  return {{"name", stream.name},
          {"layer", stream.layer},
          {"shape", {stream.shape.channels, stream.shape.height, stream.shape.width}},
          {"channels_per_beat", stream.channels_per_beat},
          {"bits", stream.bits},
          {"signed", stream.is_signed}};
}

Json port_json(const hw::Design& design, const hw::AxisPort& port) {
  const hw::Stream& stream = design.stream(port.stream);
  Json json = stream_json(stream);
  json["stream"] = stream.name;
  json["name"] = port.name;
  json["network_port"] = port.port;
  json["tdata_bits"] = hw::AxisPort::padded_width(stream.width());
  json["beats_per_frame"] = stream.beats_per_frame();
  return json;
}

Json resources_json(Dsps dsps, Luts luts, FlipFlops flip_flops, Bram18s bram18s) {
  return {{"dsp", dsps.value}, {"lut", luts.value}, {"ff", flip_flops.value}, {"bram18", bram18s.value}};
}

Json layer_json(const hw::Design& design, const hw::PlannedLayer& layer) {
  Json json = stream_json(design.stream(layer.stream));
  json["stream"] = json["name"];
  json["name"] = layer.layer;
  json.erase("layer");
  json["kind"] = layer.kind;
  if (layer.pe > 0) {
    json["packing"] = layer.packing;
    json["pe"] = layer.pe;
    json["simd"] = layer.simd;
    json["kernel_rows"] = layer.kernel_rows;
    json["pixels"] = layer.pixels;
    json["weight_bits"] = layer.weight_bits;
  }
  json["cycles"] = layer.cycles.value;
  json["resources"] = resources_json(layer.dsps, layer.luts, layer.flip_flops, layer.bram18s);
  return json;
}

Json bindings_json(const hw::Design& design, const std::vector<hw::Binding>& bindings) {
  Json json = Json::array();
  for (const hw::Binding& binding : bindings) {
    json.push_back({{"port", binding.port}, {"stream", design.stream(binding.stream).name}});
  }
  return json;
}

Json fifo_json(const hw::PlannedFifo& fifo) {
  return {{"instance", fifo.instance}, {"producer", fifo.producer}, {"consumer", fifo.consumer},
          {"input", fifo.input},       {"depth", fifo.depth},       {"width", fifo.width},
          {"mark", fifo.mark}};
}

Json paths_json(const std::vector<std::filesystem::path>& files) {
  Json json = Json::array();
  for (const auto& file : files) json.push_back("rtl/" + file.generic_string());
  return json;
}

/// The address table of weights.bin; offsets count from the address on the port weights_base.
Json external_json(const hw::ExternalMemory& memory) {
  Json json{{"file", "weights.bin"},
            {"bytes", memory.image.size()},
            {"sha256", sha256_hex(memory.image)},
            {"port_bits", memory.port_bits},
            {"burst_beats", hw::ExternalMemory::kBurstBeats},
            {"base_port", "weights_base"},
            {"base_alignment", 4096}};
  json["regions"] = Json::array();
  for (const hw::ExternalRegion& region : memory.regions) {
    json["regions"].push_back({{"layer", region.layer},
                               {"offset", region.offset},
                               {"bytes", region.beats * memory.port_bits / 8},
                               {"words", region.words},
                               {"word_bits", region.word_bits},
                               {"reads_per_frame", region.times_per_frame}});
  }
  return json;
}

}  // namespace

std::string print_manifest(const hw::Design& design, const ManifestFiles& files) {
  Json json{{"format", kManifestFormat},
            {"version", 1},
            {"name", design.name},
            {"signature", files.signature},
            {"top", "top"},
            {"part", design.part.name},
            {"primitive", design.primitive.name},
            {"dsp_cell", design.primitive.cell},
            {"synthesis", design.part.synthesis},
            {"clock_mhz", design.planned.clock_mhz}};
  const hw::Planned& planned = design.planned;
  json["planned"] = {
      {"interval_cycles", planned.interval.value},
      {"latency_cycles", planned.latency.value},
      {"resources", resources_json(planned.dsps, planned.luts, planned.flip_flops, planned.bram18s)}};
  json["available"] =
      resources_json(design.part.dsps, design.part.luts, design.part.flip_flops, design.part.bram18s);
  for (const auto& [key, ports] :
       {std::pair{"inputs", &design.inputs}, std::pair{"outputs", &design.outputs}}) {
    json[key] = Json::array();
    for (const hw::AxisPort& port : *ports) json[key].push_back(port_json(design, port));
  }
  json["layers"] = Json::array();
  for (const hw::PlannedLayer& layer : planned.layers) json["layers"].push_back(layer_json(design, layer));
  json["fifos"] = Json::array();
  for (const hw::PlannedFifo& fifo : planned.fifos) json["fifos"].push_back(fifo_json(fifo));
  json["streams"] = Json::array();
  for (const hw::Stream& stream : design.streams) json["streams"].push_back(stream_json(stream));
  json["instances"] = Json::array();
  for (const hw::Instance& instance : design.instances) {
    json["instances"].push_back({{"name", instance.name},
                                 {"module", instance.module},
                                 {"layer", instance.layer},
                                 {"inputs", bindings_json(design, instance.inputs)},
                                 {"outputs", bindings_json(design, instance.outputs)}});
  }
  json["memory_macro"] = "BITMASON_MEM";
  json["memories"] = Json::array();
  for (std::size_t k = 0; k < design.memories.size(); ++k) {
    const hw::MemoryFile& memory = design.memories[k];
    json["memories"].push_back({{"file", "mem/" + memory.name},
                                {"width", memory.width},
                                {"depth", memory.words.size()},
                                {"sha256", files.memory_sha256[k]}});
  }
  if (!design.external.regions.empty()) json["external_memory"] = external_json(design.external);
  json["sources"] = paths_json(files.sources.synthesis);
  json["sources"].push_back("top.sv");
  json["simulation_sources"] = paths_json(files.sources.simulation);
  return json_text(json, 1) + "\n";
}

}  // namespace bitmason::emit
