#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <set>

#include "base/json_internal.hpp"
#include "base/npy.hpp"
#include "flow/diagnostics.hpp"
#include "flow/flow.hpp"
#include "flow/frames.hpp"
#include "flow/network_access.hpp"
#include "flow/ports.hpp"
#include "flow/rtl_engine.hpp"
#include "flow/scales.hpp"
#include "sim/engine.hpp"

namespace bitmason::flow {

namespace {

using Json = nlohmann::ordered_json;

Json numbers(const std::vector<Rational>& values) {
  Json list = Json::array();
  for (const Rational& value : values) list.push_back(value.to_double());
  return values.size() == 1 ? list.front() : list;
}

void add_to(Json& output, const CodeScale& scale) {
  output["scale"] = numbers(scale.scale);
  output["offset"] = numbers(scale.offset);
  if (scale.axis) output["axis"] = *scale.axis;
}

/// (N, C, H, W) codes of one layer over all frames.
NpyArray codes_array(const ir::Layer& layer, std::size_t index, const std::vector<sim::Trace>& traces) {
  const ir::Shape& s = layer.type.shape;
  NpyArray array{
      {static_cast<std::int64_t>(traces.size()), s.channels, s.height, s.width}, NpyType::Int64, {}, {}};
  for (const sim::Trace& trace : traces) {
    array.integers.insert(array.integers.end(), trace[index].begin(), trace[index].end());
  }
  return array;
}

Status dump_layers(const ir::Network& network, const std::vector<sim::Trace>& traces,
                   const std::filesystem::path& folder) {
  std::set<std::string> used;
  for (std::size_t i = 0; i < network.layers().size(); ++i) {
    const ir::Layer& layer = network.layers()[i];
    std::string name = layer.name;
    for (char& c : name) c = c == '/' ? '_' : c;
    while (!used.insert(name).second) name += "_2";
    if (auto written = write_npy(folder / (name + ".npy"), codes_array(layer, i, traces)); !written)
      return written;
  }
  return success();
}

std::vector<sim::Trace> run_engine(const ir::Network& network, const Frames& frames,
                                   const RunRequest& request, const Progress& progress) {
  std::vector<sim::Trace> traces;
  traces.reserve(frames.size());
  auto next_report = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  const auto done = [&](std::size_t finished) {
    if (std::chrono::steady_clock::now() < next_report) return;
    next_report += std::chrono::seconds(2);
    progress(fmt::format("  {} of {} frames", finished, frames.size()));
  };
  if (request.engine == "reference") {
    for (const auto& frame : frames) {
      traces.push_back(sim::run_reference(network, frame));
      done(traces.size());
    }
    return traces;
  }
  sim::Engine engine(network, {.threads = request.threads, .keep_all = request.dump_layers.has_value()});
  return engine.run_batch(frames, [&](std::size_t finished) { done(finished); });
}

/// The file's values, or the codes in the same shape and order without what the host does to them.
NpyArray output_array(const ir::Network& network, ir::OutputPort port, const std::vector<sim::Trace>& traces,
                      bool codes) {
  if (codes) {
    port.dequantise.clear();
    port.tail.clear();
  }
  std::vector<sim::Codes> frames;
  frames.reserve(traces.size());
  for (const sim::Trace& trace : traces) frames.push_back(trace[static_cast<std::size_t>(port.layer)]);
  return sim::dequantise_output(network, port, frames);
}

/// Writes every output; the document lists them.
Result<Json> write_outputs(const ir::Network& network, const std::vector<sim::Trace>& traces,
                           const std::vector<std::filesystem::path>& files, bool codes) {
  Json outputs = Json::array();
  for (std::size_t k = 0; k < files.size(); ++k) {
    const ir::OutputPort& port = network.outputs()[k];
    const NpyArray array = output_array(network, port, traces, codes);
    if (auto written = write_npy(files[k], array); !written) return written.errors();
    Json& output =
        outputs.emplace_back(Json{{"name", port.name}, {"file", files[k].string()}, {"shape", array.shape}});
    if (!codes) continue;
    if (const auto scale = code_scale(network, port)) add_to(output, *scale);
    for (const ir::HostTail& tail : port.tail) output["left_out"].push_back(ir::to_text(tail));
  }
  return outputs;
}

}  // namespace

Result<Document> run(const RunRequest& request, const Progress& progress) {
  if (request.engine != "fast" && request.engine != "reference" && request.engine != "rtl") {
    return make_diagnostic(diagnostics::kUnknownChoice, "--engine",
                           {request.engine, "engine", "fast, reference or rtl"});
  }
  if (request.engine == "rtl" && request.dump_layers) {
    return make_diagnostic(diagnostics::kNotTogether, "--dump-layers",
                           {"--engine rtl", "which gives the outputs only", "use --engine fast"});
  }
  auto loaded = load_network(request.network);
  if (!loaded) return loaded.errors();
  const ir::Network& network = loaded->network;
  const auto outputs = match_files(request.outputs, ir::names_of(network.outputs()), "outputs");
  if (!outputs) return outputs.errors();
  if (auto distinct = check_distinct(*outputs); !distinct) return distinct.errors();
  const auto frames = read_frames(network, request.inputs);
  if (!frames) return frames.errors();

  const auto start = std::chrono::steady_clock::now();
  std::vector<sim::Trace> traces;
  if (request.engine == "rtl") {
    auto simulated = run_rtl(network, *frames, request, progress);
    if (!simulated) return simulated.errors();
    traces = std::move(*simulated);
  } else {
    traces = run_engine(network, *frames, request, progress);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  auto listed = write_outputs(network, traces, *outputs, request.codes);
  if (!listed) return listed.errors();
  if (request.dump_layers) {
    if (auto dumped = dump_layers(network, traces, *request.dump_layers); !dumped) return dumped.errors();
  }
  const double rate = static_cast<double>(frames->size()) / seconds;
  std::string text = fmt::format("{} frames through the {} engine in {:.3f} s: {:.1f} frames/s\n",
                                 frames->size(), request.engine, seconds, rate);
  if (request.codes) text += codes_text(network);
  Json json = {{"frames", frames->size()},
               {"engine", request.engine},
               {"seconds", seconds},
               {"frames_per_second", rate}};
  json["outputs"] = *std::move(listed);
  return Document{text, json_text(json, 2)};
}

}  // namespace bitmason::flow
