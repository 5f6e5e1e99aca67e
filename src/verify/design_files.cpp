#include "verify/design_files.hpp"

#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "verify/diagnostics.hpp"

namespace bitmason::verify {

namespace {

using Json = nlohmann::json;

StreamFacts stream_of(const Json& json, const char* name_key) {
  StreamFacts facts;
  facts.name = json.at(name_key).get<std::string>();
  facts.stream = json.value("stream", facts.name);
  facts.layer = json.value("layer", "");
  facts.network_port = json.value("network_port", "");
  const Json& shape = json.at("shape");
  facts.shape = {shape.at(0).get<int>(), shape.at(1).get<int>(), shape.at(2).get<int>()};
  facts.channels_per_beat = json.at("channels_per_beat").get<int>();
  facts.bits = json.at("bits").get<int>();
  facts.is_signed = json.at("signed").get<bool>();
  return facts;
}

/// A layer's entry has the layer's name under "name" and the stream's under "stream".
StreamFacts layer_of(const Json& json) {
  StreamFacts facts = stream_of(json, "stream");
  facts.layer = json.at("name").get<std::string>();
  return facts;
}

/// Beats of a frame on each bound port of an instance; the AXI side of an AXI port carries as many as the
/// other.
std::map<std::string, std::int64_t> beats_of(const Json& instance,
                                             const std::map<std::string, std::int64_t>& streams) {
  std::map<std::string, std::int64_t> beats;
  for (const auto& [side, axis] : {std::pair{"inputs", "m_axis_0"}, std::pair{"outputs", "s_axis_0"}}) {
    std::map<std::string, int> count;
    for (const Json& binding : instance.value(side, Json::array())) {
      const auto port = binding.at("port").get<std::string>();
      const auto found = streams.find(binding.at("stream").get<std::string>());
      if (found == streams.end()) continue;
      beats[port + "_" + std::to_string(count[port]++)] = found->second;
      beats.emplace(axis, found->second);
    }
  }
  return beats;
}

void read_lists(const Json& json, DesignFiles& design) {
  for (const Json& port : json.at("inputs")) design.inputs.push_back(stream_of(port, "name"));
  for (const Json& port : json.at("outputs")) design.outputs.push_back(stream_of(port, "name"));
  for (const Json& layer : json.at("layers")) design.layers.push_back(layer_of(layer));
  std::map<std::string, std::int64_t> streams;
  for (const Json& stream : json.value("streams", Json::array())) {
    const StreamFacts facts = stream_of(stream, "name");
    streams[facts.name] = facts.beats_per_frame();
  }
  for (const Json& instance : json.at("instances")) {
    const auto name = instance.at("name").get<std::string>();
    design.instance_layers[name] = instance.at("layer").get<std::string>();
    design.frame_beats[name] = beats_of(instance, streams);
  }
  for (const Json& fifo : json.value("fifos", Json::array())) {
    design.fifos.push_back({fifo.at("instance").get<std::string>(), fifo.at("consumer").get<std::string>(),
                            fifo.at("input").get<int>(), fifo.at("depth").get<int>()});
  }
  design.sources = json.at("sources").get<std::vector<std::string>>();
  design.simulation_sources = json.at("simulation_sources").get<std::vector<std::string>>();
  for (const Json& memory : json.at("memories")) {
    design.memories.push_back(memory.at("file").get<std::string>());
    design.memory_sha256.push_back(memory.at("sha256").get<std::string>());
  }
}

DesignFiles parse(const Json& json, const std::filesystem::path& folder) {
  DesignFiles design;
  design.folder = std::filesystem::absolute(folder).lexically_normal();
  design.name = json.at("name").get<std::string>();
  design.signature = json.at("signature").get<std::string>();
  design.top = json.at("top").get<std::string>();
  design.part = json.at("part").get<std::string>();
  design.synthesis = json.at("synthesis").get<std::string>();
  design.dsp_cell = json.value("dsp_cell", "");
  design.planned_latency = json.at("planned").value("latency_cycles", std::int64_t{0});
  design.memory_macro = json.value("memory_macro", "");
  if (const auto memory = json.find("external_memory"); memory != json.end()) {
    design.external_memory = memory->at("file").get<std::string>();
    design.memory_bits = memory->at("port_bits").get<int>();
  }
  read_lists(json, design);
  return design;
}

}  // namespace

Result<DesignFiles> read_design(const std::filesystem::path& folder) {
  const auto file = folder / "design.json";
  const auto text = read_file(file);
  if (!text) return text.errors();
  DesignFiles design;
  try {
    design = parse(Json::parse(*text), folder);
  } catch (const Json::parse_error& error) {
    return make_diagnostic(diagnostics::kManifestSyntax, file.string(), {std::to_string(error.byte)});
  } catch (const Json::exception& error) {
    return make_diagnostic(diagnostics::kManifest, file.string(), {error.what()});
  }
  for (std::size_t k = 0; k < design.memories.size(); ++k) {
    const auto content = read_file(design.folder / design.memories[k]);
    if (!content) return content.errors();
    if (const std::string digest = sha256_hex(*content); digest != design.memory_sha256[k]) {
      return make_diagnostic(diagnostics::kMemoryChanged, (folder / design.memories[k]).string(),
                             {digest, design.memory_sha256[k]});
    }
  }
  return design;
}

}  // namespace bitmason::verify
