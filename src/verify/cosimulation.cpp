#include "verify/cosimulation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.hpp"
#include "verify/compare.hpp"
#include "verify/design_simulator.hpp"
#include "verify/diagnostics.hpp"
#include "verify/process.hpp"

namespace bitmason::verify {

namespace {

/// A run's name and what it adds to the plain stimulus.
struct Condition {
  std::string name;
  Stimulus stimulus;
  std::size_t frames = 0;
};

/// The first `frames` frames of a stimulus.
Stimulus shortened(const Stimulus& whole, const DesignFiles& design, std::size_t frames) {
  Stimulus stimulus = whole;
  for (std::size_t k = 0; k < design.inputs.size(); ++k) {
    const auto beats = static_cast<std::size_t>(design.inputs[k].beats_per_frame()) * frames;
    stimulus.inputs[k].resize(beats * static_cast<std::size_t>(design.inputs[k].bytes()));
  }
  for (std::size_t k = 0; k < design.outputs.size(); ++k) {
    stimulus.expected_beats[k] = design.outputs[k].beats_per_frame() * static_cast<std::int64_t>(frames);
  }
  return stimulus;
}

std::vector<Condition> conditions(const DesignFiles& design, const Stimulus& plain, std::size_t frames,
                                  const CosimulationOptions& options) {
  std::vector<Condition> list = {{"no stalls", plain, frames}};
  list[0].stimulus.seed = options.seed;
  list[0].stimulus.drain = 2000;
  if (!options.stress) return list;
  const std::size_t few = std::min<std::size_t>(frames, 2);
  for (const auto& [in, out, offset] : {std::tuple{40, 40, 0}, std::tuple{10, 70, 1}}) {
    list.push_back({"", shortened(plain, design, few), few});
    Condition& stalled = list.back();
    stalled.stimulus.seed = options.seed + static_cast<std::uint64_t>(offset);
    stalled.name = fmt::format("stalls, seed {}", stalled.stimulus.seed);
    stalled.stimulus.stall_in = in;
    stalled.stimulus.stall_out = out;
    stalled.stimulus.drain = 2000;
  }
  Condition& reset = list.emplace_back("reset in mid-frame", shortened(plain, design, few), few);
  reset.stimulus.seed = options.seed + 2;
  reset.stimulus.reset_after = std::max<std::int64_t>(1, design.inputs[0].beats_per_frame() / 2);
  return list;
}

/// Cycle of the last output beat of frame f over all outputs.
std::int64_t end_of_frame(const DesignFiles& design, const Recording& recording, std::size_t f) {
  std::uint64_t end = 0;
  for (std::size_t k = 0; k < design.outputs.size(); ++k) {
    const auto length = static_cast<std::size_t>(design.outputs[k].beats_per_frame());
    end = std::max(end, recording.outputs[k][(f + 1) * length - 1].cycle);
  }
  return static_cast<std::int64_t>(end);
}

void measure(const DesignFiles& design, const Recording& recording, std::size_t frames,
             CosimulationResult& result) {
  std::uint64_t first = ~std::uint64_t{0};
  for (const auto& taken : recording.taken) first = std::min(first, taken.front().cycle);
  result.latency = end_of_frame(design, recording, 0) - static_cast<std::int64_t>(first) + 1;
  for (const FifoFacts& fifo : design.fifos) {
    const std::string end = "." + fifo.instance + ".u_mark";
    const auto mark = std::find_if(recording.marks.begin(), recording.marks.end(),
                                   [&](const auto& named) { return named.first.ends_with(end); });
    if (mark != recording.marks.end()) result.fifo_marks.push_back(mark->second);
  }
  if (frames < 2) return;
  const std::size_t from = frames == 2 ? 0 : 1;
  const auto count = static_cast<std::int64_t>(frames - 1 - from);
  const auto span = end_of_frame(design, recording, frames - 1) - end_of_frame(design, recording, from);
  result.interval = (span + count - 1) / count;
}

class Proof {
 public:
  Proof(const DesignFiles& design, const ir::Network& network,
        std::span<const std::vector<sim::Codes>> frames, const CosimulationOptions& options, PortMap ports)
      : design_(design), network_(network), frames_(frames), options_(options), ports_(std::move(ports)) {}

  Result<CosimulationResult> run(const Stimulus& plain) {
    SimulatorRequest request = design_request(design_, false);
    if (!design_.fifos.empty()) {
      request.files.push_back(
          std::filesystem::absolute(options_.workbench.support / "bench" / "fifo_marks.sv"));
    }
    const auto program = build_simulator(request, options_.workbench);
    if (!program) return program.errors();
    expect();
    result_.frames = frames_.size();
    for (const Condition& condition : conditions(design_, plain, frames_.size(), options_)) {
      const auto recording = simulate(*program, request.ports, condition.stimulus, options_.workbench);
      if (!recording) return recording.errors();
      const bool equal = judge(condition, *recording);
      result_.runs.push_back(
          {condition.name, equal, condition.frames, recording->cycles, recording->seconds});
      if (!equal) {
        auto found =
            locate_difference(design_, condition.stimulus, frames_.first(condition.frames), options_);
        if (!found) return found.errors();
        if (*found) result_.difference = *found;
        return result_;
      }
      if (result_.runs.size() == 1) {
        measure(design_, *recording, frames_.size(), result_);
      }
    }
    result_.equal = true;
    return result_;
  }

  CosimulationResult& result() { return result_; }

 private:
  /// Keeps only what leaves the network: whole traces of many frames would not fit into memory.
  void expect() {
    for (const auto& frame : frames_) {
      const sim::Trace trace = options_.reference(frame);
      auto& outputs = expected_.emplace_back();
      for (const std::size_t port : ports_.outputs) {
        outputs.push_back(trace[static_cast<std::size_t>(network_.outputs()[port].layer)]);
      }
    }
  }

  /// Compares one run; the reason of a failure goes to the result.
  bool judge(const Condition& condition, const Recording& recording) {
    for (std::size_t k = 0; k < design_.outputs.size(); ++k) {
      const StreamFacts& port = design_.outputs[k];
      for (std::size_t f = 0; f < condition.frames; ++f) {
        result_.difference = first_difference(port, recording.outputs[k], f, expected_[f][k], false);
        if (result_.difference) return false;
        if (result_.runs.empty()) result_.values += port.shape.elements();
      }
    }
    result_.failure = fault_of(condition, recording);
    return result_.failure.empty();
  }

  std::string fault_of(const Condition& condition, const Recording& recording) const {
    if (!recording.violations.empty()) return condition.name + ": " + recording.violations.front();
    for (std::size_t k = 0; k < design_.outputs.size(); ++k) {
      const auto expected = static_cast<std::size_t>(condition.stimulus.expected_beats[k]);
      if (recording.outputs[k].size() != expected) {
        return fmt::format("{}: {} delivered {} beats where {} are right", condition.name,
                           design_.outputs[k].name, recording.outputs[k].size(), expected);
      }
      if (auto fault = tlast_fault(design_.outputs[k], recording.outputs[k]); !fault.empty()) {
        return condition.name + ": " + fault;
      }
    }
    return {};
  }

  const DesignFiles& design_;
  const ir::Network& network_;
  std::span<const std::vector<sim::Codes>> frames_;
  const CosimulationOptions& options_;
  PortMap ports_;
  std::vector<std::vector<sim::Codes>> expected_;  ///< by frame and design output
  CosimulationResult result_;
};

}  // namespace

Result<std::string> lint(const DesignFiles& design, const Workbench& workbench) {
  // A beat of more than 8,192 bits is wide, not wrong.
  std::vector<std::string> arguments = {
      "--lint-only",  "-Wall",   "-Wno-WIDTHCONCAT", "--max-num-width", std::string(kMostConstantBits),
      "--top-module", design.top};
  if (!design.memory_macro.empty()) {
    arguments.push_back("-D" + design.memory_macro + "=" + memory_macro_value(design));
  }
  arguments.push_back(std::filesystem::absolute(workbench.support / "bench" / "lint.vlt").string());
  for (const auto* group : {&design.simulation_sources, &design.sources}) {
    arguments.insert(arguments.end(), group->begin(), group->end());
  }
  const auto outcome = run_process(
      {.program = "verilator", .arguments = arguments, .folder = design.folder, .package = "verilator"});
  if (!outcome) return outcome.errors();
  std::string findings;
  std::size_t at = 0;
  while (at < outcome->output.size()) {
    const std::size_t end = std::min(outcome->output.find('\n', at), outcome->output.size());
    const std::string line = outcome->output.substr(at, end - at);
    if (line.starts_with("%Warning") ||
        (line.starts_with("%Error") && !line.starts_with("%Error: Exiting"))) {
      findings += line + "\n";
    }
    at = end + 1;
  }
  if (findings.empty() && outcome->exit_code != 0) {
    return make_diagnostic(diagnostics::kToolFailed, "verilator",
                           {std::to_string(outcome->exit_code), "its output",
                            outcome->output.substr(0, outcome->output.find('\n'))});
  }
  return findings;
}

Result<CosimulationResult> cosimulate(const DesignFiles& design, const ir::Network& network,
                                      std::span<const std::vector<sim::Codes>> frames,
                                      const CosimulationOptions& options) {
  auto ports = map_ports(design, network);
  if (!ports) return ports.errors();
  const auto stimulus = stimulus_of(design, *ports, frames);
  if (!stimulus) return stimulus.errors();
  const auto version = verilator_version();
  if (!version) return version.errors();
  Proof proof(design, network, frames, options, *std::move(ports));
  proof.result().tool = *version;
  std::string input;
  for (const std::string& beats : stimulus->inputs) input += beats;
  proof.result().input_sha256 = sha256_hex(input);
  return proof.run(*stimulus);
}

Result<std::vector<std::vector<sim::Codes>>> run_design(const DesignFiles& design, const ir::Network& network,
                                                        std::span<const std::vector<sim::Codes>> frames,
                                                        const Workbench& workbench) {
  const auto ports = map_ports(design, network);
  if (!ports) return ports.errors();
  const auto stimulus = stimulus_of(design, *ports, frames);
  if (!stimulus) return stimulus.errors();
  const SimulatorRequest request = design_request(design, false);
  const auto program = build_simulator(request, workbench);
  if (!program) return program.errors();
  const auto recording = simulate(*program, request.ports, *stimulus, workbench);
  if (!recording) return recording.errors();
  std::vector<std::vector<sim::Codes>> outputs(frames.size(), std::vector<sim::Codes>(design.outputs.size()));
  for (std::size_t k = 0; k < design.outputs.size(); ++k) {
    const StreamFacts& port = design.outputs[k];
    const auto& beats = recording->outputs[k];
    if (static_cast<std::int64_t>(beats.size()) != stimulus->expected_beats[k]) {
      return make_diagnostic(diagnostics::kIncomplete, port.name,
                             {std::to_string(beats.size()), std::to_string(stimulus->expected_beats[k])});
    }
    const auto length = static_cast<std::size_t>(port.beats_per_frame());
    for (std::size_t f = 0; f < frames.size(); ++f) {
      std::string bytes;
      for (std::size_t b = f * length; b < (f + 1) * length; ++b) bytes += beats[b].data;
      outputs[f][ports->outputs[k]] = unpack_frame(port, bytes);
    }
  }
  return outputs;
}

}  // namespace bitmason::verify
