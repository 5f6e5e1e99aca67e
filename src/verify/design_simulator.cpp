#include "verify/design_simulator.hpp"

#include <algorithm>

#include "verify/diagnostics.hpp"

namespace bitmason::verify {

namespace {

BenchStream axis_stream(const StreamFacts& port) {
  const std::string prefix = "m." + port.name + "_";
  return {.name = port.name,
          .data = prefix + "tdata",
          .valid = prefix + "tvalid",
          .ready = prefix + "tready",
          .width = port.bytes() * 8,
          .last = prefix + "tlast"};
}

/// Verilator spells a second underscore of a row as "__05F" in C++.
std::string cpp_name(const std::string& name) {
  std::string text;
  for (std::size_t k = 0; k < name.size(); ++k) {
    text += name[k];
    if (name[k] == '_' && k + 1 < name.size() && name[k + 1] == '_') {
      text += "__05F";
      ++k;
    }
  }
  return text;
}

BenchStream probe_stream(const std::string& top, const StreamFacts& layer) {
  const std::string prefix = "m.rootp->" + top + "__DOT__" + cpp_name(layer.name + "_");
  return {.name = layer.name,
          .data = prefix + "data",
          .valid = prefix + "valid",
          .ready = prefix + "ready",
          .width = layer.width()};
}

Result<std::vector<std::size_t>> match(const std::vector<StreamFacts>& ports,
                                       const std::vector<std::string>& names, const DesignFiles& design,
                                       const char* kind) {
  std::vector<std::size_t> matched;
  for (const StreamFacts& port : ports) {
    const auto found = std::find(names.begin(), names.end(), port.network_port);
    if (found != names.end()) matched.push_back(static_cast<std::size_t>(found - names.begin()));
  }
  if (matched.size() != names.size() || ports.size() != names.size()) {
    return make_diagnostic(diagnostics::kPortMismatch, design.folder.string(),
                           {std::to_string(matched.size()), kind, std::to_string(names.size())});
  }
  return matched;
}

}  // namespace

BenchPorts design_ports(const DesignFiles& design, bool probes) {
  BenchPorts ports{.clock = "ap_clk", .reset = "ap_rst_n", .inputs = {}, .outputs = {}};
  for (const StreamFacts& port : design.inputs) ports.inputs.push_back(axis_stream(port));
  for (const StreamFacts& port : design.outputs) ports.outputs.push_back(axis_stream(port));
  ports.memory_bits = design.memory_bits;
  if (probes) {
    for (const StreamFacts& layer : design.layers) ports.probes.push_back(probe_stream(design.top, layer));
  }
  return ports;
}

std::string memory_macro_value(const DesignFiles& design) {
  const auto folder = design.memories.empty() ? design.folder / "mem"
                                              : (design.folder / design.memories.front()).parent_path();
  return "\"" + folder.string() + "/\"";
}

SimulatorRequest design_request(const DesignFiles& design, bool probes) {
  SimulatorRequest request{.top = design.top, .files = {}, .ports = design_ports(design, probes)};
  for (const auto* group : {&design.simulation_sources, &design.sources}) {
    for (const std::string& file : *group) request.files.push_back(design.folder / file);
  }
  for (const std::string& file : design.memories) request.dependencies.push_back(design.folder / file);
  if (!design.memory_macro.empty()) request.macros = {{design.memory_macro, memory_macro_value(design)}};
  if (probes) {
    for (const StreamFacts& layer : design.layers) {
      for (const char* net : {"_data", "_valid", "_ready"}) {
        request.control +=
            "public_flat_rd -module \"" + design.top + "\" -var \"" + layer.name + net + "\"\n";
      }
    }
  }
  return request;
}

Result<PortMap> map_ports(const DesignFiles& design, const ir::Network& network) {
  auto inputs = match(design.inputs, ir::names_of(network.inputs()), design, "inputs");
  if (!inputs) return inputs.errors();
  auto outputs = match(design.outputs, ir::names_of(network.outputs()), design, "outputs");
  if (!outputs) return outputs.errors();
  return PortMap{*std::move(inputs), *std::move(outputs)};
}

Result<Stimulus> stimulus_of(const DesignFiles& design, const PortMap& ports,
                             std::span<const std::vector<sim::Codes>> frames) {
  if (frames.empty()) return make_diagnostic(diagnostics::kNoFrames, design.folder.string(), {"0", "1"});
  Stimulus stimulus;
  for (std::size_t k = 0; k < design.inputs.size(); ++k) {
    std::string beats;
    for (std::size_t f = 0; f < frames.size(); ++f) {
      const sim::Codes& codes = frames[f][ports.inputs[k]];
      if (auto fits = check_frame(design.inputs[k], codes, f); !fits) return fits.errors();
      beats += pack_frame(design.inputs[k], codes);
    }
    stimulus.inputs.push_back(std::move(beats));
    stimulus.frame_beats.push_back(design.inputs[k].beats_per_frame());
  }
  const auto count = static_cast<std::int64_t>(frames.size());
  for (const StreamFacts& port : design.outputs)
    stimulus.expected_beats.push_back(count * port.beats_per_frame());
  if (!design.external_memory.empty()) stimulus.memory = (design.folder / design.external_memory).string();
  stimulus.idle_limit = 200000 + 4 * design.planned_latency;
  return stimulus;
}

}  // namespace bitmason::verify
