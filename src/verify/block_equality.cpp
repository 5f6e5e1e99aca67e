#include "verify/block_equality.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "base/file.hpp"
#include "base/json_internal.hpp"
#include "verify/blocks.hpp"
#include "verify/cache.hpp"
#include "verify/design_simulator.hpp"
#include "verify/diagnostics.hpp"
#include "verify/netlist_model.hpp"
#include "verify/process.hpp"

namespace bitmason::verify {

namespace fs = std::filesystem;

namespace {

/// The module with its parameters as a module without, with the netlist's ports.
std::string wrapper(const DesignFiles& design, const Block& block) {
  std::string ports;
  std::string connections;
  for (const NetlistPort& port : block.ports) {
    ports += fmt::format("{}  {} logic [{}:0] {}", ports.empty() ? "" : ",\n",
                         port.is_output ? "output" : "input", port.bits.size() - 1, port.name);
    connections += fmt::format("{}.{}({})", connections.empty() ? "" : ", ", port.name, port.name);
  }
  std::string parameters;
  for (const auto& [name, bits] : block.parameters) {
    if (bits.empty()) continue;
    const std::string file = memory_name_of(design, bits);
    const std::string value = file.empty() ? fmt::format("{}'b{}", bits.size(), bits)
                                           : "\"" + (design.folder / file).string() + "\"";
    parameters += fmt::format("{}.{}({})", parameters.empty() ? "" : ", ", name, value);
  }
  return fmt::format("module bitmason_block (\n{}\n);\n  {} {}u_block ({});\nendmodule\n", ports,
                     block.module, parameters.empty() ? "" : "#(" + parameters + ") ", connections);
}

Result<fs::path> build_rtl(const DesignFiles& design, const Block& block, const BenchPorts& ports,
                           const Workbench& workbench) {
  if (block.module == design.top) {
    SimulatorRequest request = design_request(design, false);
    request.ports = ports;
    return build_simulator(request, workbench);
  }
  const auto sources = sources_of(design, block.module);
  if (!sources) return sources.errors();
  const std::string text = wrapper(design, block);
  const fs::path file = fs::absolute(workbench.cache) / ("wrapper-" + sha256_hex(text).substr(0, 16) + ".sv");
  if (auto written = write_file(file, text); !written) return written.errors();
  SimulatorRequest request{.top = "bitmason_block", .files = {}, .ports = ports};
  for (const std::string& source : design.simulation_sources) request.files.push_back(design.folder / source);
  for (const std::string& source : *sources) request.files.push_back(design.folder / source);
  request.files.push_back(file);
  for (const std::string& memory : design.memories) request.dependencies.push_back(design.folder / memory);
  return build_simulator(request, workbench);
}

Result<fs::path> build_netlist(const DesignFiles& design, const Block& block, const BenchPorts& ports,
                               const Workbench& workbench) {
  const auto model = netlist_model(design, block, workbench);
  if (!model) return model.errors();
  SimulatorRequest request{.top = block.module, .files = model->models, .ports = ports};
  request.files.push_back(model->netlist);
  request.include = fs::absolute(workbench.support / "models");
  request.dependencies = {request.include / "ramb_body.vh"};
  return build_simulator(request, workbench);
}

/// The longest frame on a port among the instances of the block; 0 where the design does not say.
std::int64_t frame_of(const DesignFiles& design, const Block& block, const std::string& port) {
  std::int64_t beats = 0;
  for (const std::string& instance : block.instances) {
    const auto ports = design.frame_beats.find(instance);
    if (ports == design.frame_beats.end()) continue;
    const auto found = ports->second.find(port);
    if (found != ports->second.end()) beats = std::max(beats, found->second);
  }
  return beats;
}

/// Random beats for two frames and the cycles beyond; the run ends with the frame and these cycles.
Stimulus random_stimulus(const DesignFiles& design, const Block& block, const BenchPorts& ports,
                         const NetlistCheckOptions& options) {
  Stimulus stimulus;
  std::mt19937_64 random(options.seed);
  for (const BenchStream& input : ports.inputs) {
    const auto bytes = static_cast<std::size_t>((input.width + 7) / 8);
    const auto padding = static_cast<unsigned>(static_cast<int>(bytes) * 8 - input.width);
    const std::int64_t frames = std::min(options.most_cycles, 2 * frame_of(design, block, input.name));
    std::string beats(bytes * static_cast<std::size_t>(frames + options.cycles), '\0');
    for (std::size_t k = 0; k < beats.size(); ++k) {
      auto byte = static_cast<unsigned>(random() & 255U);
      if (k % bytes == bytes - 1) byte >>= padding;
      beats[k] = static_cast<char>(byte);
    }
    stimulus.inputs.push_back(std::move(beats));
    stimulus.frame_beats.push_back(0);
  }
  for (const BenchStream& output : ports.outputs) {
    stimulus.expected_beats.push_back(frame_of(design, block, output.name));
  }
  stimulus.stall_in = 20;
  stimulus.stall_out = 20;
  stimulus.seed = options.seed;
  stimulus.cycle_limit = options.most_cycles;
  stimulus.idle_limit = options.most_cycles;
  stimulus.drain = options.cycles;
  return stimulus;
}

/// Words for the first difference between the two recordings, or nothing.
std::string difference_of(const BenchPorts& ports, const Recording& rtl, const Recording& netlist) {
  for (std::size_t k = 0; k < ports.outputs.size(); ++k) {
    const std::string& name = ports.outputs[k].name;
    const auto& left = rtl.outputs[k];
    const auto& right = netlist.outputs[k];
    for (std::size_t b = 0; b < std::min(left.size(), right.size()); ++b) {
      if (left[b].data == right[b].data && left[b].cycle == right[b].cycle && left[b].last == right[b].last)
        continue;
      return fmt::format("{}: beat {} differs, in cycle {} of the RTL and {} of the netlist", name, b,
                         left[b].cycle, right[b].cycle);
    }
    if (left.size() != right.size()) {
      return fmt::format("{}: the RTL gives {} beats and the netlist {}", name, left.size(), right.size());
    }
  }
  for (std::size_t k = 0; k < ports.inputs.size(); ++k) {
    if (rtl.taken[k].size() != netlist.taken[k].size()) {
      return fmt::format("{}: the RTL takes {} beats and the netlist {}", ports.inputs[k].name,
                         rtl.taken[k].size(), netlist.taken[k].size());
    }
  }
  return netlist.violations.empty() ? "" : "netlist: " + netlist.violations.front();
}

/// Raised with every change of the comparison, so that earlier verdicts do not stand for it.
constexpr const char* kJudge = "1";

/// What both simulators gave.
BlockEquality judge(const Block& block, const BenchPorts& ports, const Stimulus& stimulus,
                    const Recording& rtl, const Recording& netlist) {
  BlockEquality equality{.module = block.module, .instance = block.instances.front(), .cycles = rtl.cycles};
  for (std::size_t k = 0; k < rtl.outputs.size(); ++k) {
    const auto beats = static_cast<std::int64_t>(rtl.outputs[k].size());
    equality.beats += beats;
    if (beats >= stimulus.expected_beats[k]) continue;
    equality.frame_part = beats;
    equality.frame = stimulus.expected_beats[k];
  }
  equality.difference = difference_of(ports, rtl, netlist);
  equality.equal = equality.difference.empty();
  return equality;
}

nlohmann::json to_json(const BlockEquality& equality) {
  return {{"equal", equality.equal},   {"beats", equality.beats},
          {"cycles", equality.cycles}, {"frame_part", equality.frame_part},
          {"frame", equality.frame},   {"difference", equality.difference}};
}

/// Reads a verdict back into `equality`. Errors: BM-FILE-001, BM-VERIFY-005.
Status read_verdict(const fs::path& file, BlockEquality& equality) {
  const auto text = read_file(file);
  if (!text) return text.errors();
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  try {
    equality.equal = json.at("equal").get<bool>();
    equality.beats = json.at("beats").get<std::int64_t>();
    equality.cycles = json.at("cycles").get<std::int64_t>();
    equality.frame_part = json.at("frame_part").get<std::int64_t>();
    equality.frame = json.at("frame").get<std::int64_t>();
    equality.difference = json.at("difference").get<std::string>();
  } catch (const nlohmann::json::exception&) {
    return make_diagnostic(diagnostics::kCacheFolder, file.string(), {"damaged; remove its folder"});
  }
  return success();
}

/// The programs are named by their content, so that their folders' names stand for it.
CacheKey verdict_key(const fs::path& rtl, const fs::path& netlist, const Stimulus& stimulus,
                     const std::string& inputs) {
  CacheKey key;
  key.add("judge", kJudge);
  key.add("rtl", rtl.parent_path().filename().string());
  key.add("netlist", netlist.parent_path().filename().string());
  key.add("inputs", inputs);
  std::string numbers = fmt::format("{} {} {} {} {}", stimulus.stall_in, stimulus.stall_out, stimulus.seed,
                                    stimulus.cycle_limit, stimulus.drain);
  for (const std::int64_t beats : stimulus.expected_beats) numbers += " " + std::to_string(beats);
  key.add("stimulus", numbers);
  return key;
}

}  // namespace

std::string BlockEquality::to_text() const {
  if (!equal) return difference;
  if (beats == 0) return fmt::format("nothing compared: no beat in {} cycles", cycles);
  if (frame == 0) return fmt::format("{} beats equal", beats);
  return fmt::format("in part: the first {} of the {} beats of a frame equal, in {} cycles", frame_part,
                     frame, cycles);
}

Result<BlockEquality> compare_block(const DesignFiles& design, const Block& block,
                                    const NetlistCheckOptions& options) {
  const BenchPorts ports = block_ports(block.ports);
  const auto rtl_program = build_rtl(design, block, ports, options.workbench);
  if (!rtl_program) return rtl_program.errors();
  const auto netlist_program = build_netlist(design, block, ports, options.workbench);
  if (!netlist_program) return netlist_program.errors();
  const Stimulus stimulus = random_stimulus(design, block, ports, options);
  std::string inputs;
  for (const std::string& beats : stimulus.inputs) inputs += sha256_hex(beats);
  bool simulated = false;
  const auto folder =
      Cache(options.workbench.cache)
          .obtain("equality", verdict_key(*rtl_program, *netlist_program, stimulus, inputs),
                  [&](const fs::path& temporary) -> Status {
                    simulated = true;
                    const auto rtl = simulate(*rtl_program, ports, stimulus, options.workbench);
                    if (!rtl) return rtl.errors();
                    const auto netlist = simulate(*netlist_program, ports, stimulus, options.workbench);
                    if (!netlist) return netlist.errors();
                    const BlockEquality equality = judge(block, ports, stimulus, *rtl, *netlist);
                    return write_file(temporary / "verdict.json", json_text(to_json(equality), 1));
                  });
  if (!folder) return folder.errors();
  BlockEquality equality{.module = block.module, .instance = block.instances.front()};
  equality.input_sha256 = sha256_hex(inputs);
  equality.from_cache = !simulated;
  if (auto read = read_verdict(*folder / "verdict.json", equality); !read) return read.errors();
  return equality;
}

}  // namespace bitmason::verify
