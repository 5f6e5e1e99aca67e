#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/json_internal.hpp"
#include "flow/diagnostics.hpp"
#include "flow/flow.hpp"
#include "flow/frames.hpp"
#include "flow/network_access.hpp"
#include "flow/ports.hpp"
#include "flow/rtl_engine.hpp"
#include "flow/run_engine.hpp"
#include "flow/run_files_internal.hpp"
#include "sim/engine.hpp"

namespace bitmason::flow {

namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Frames held at a time: about 64 MB of codes, but work for every thread.
std::size_t chunk_of(const ir::Network& network, const RunRequest& request) {
  if (request.chunk > 0) return static_cast<std::size_t>(request.chunk);
  std::int64_t codes = 0;
  if (request.dump_layers) {
    for (const ir::Layer& layer : network.layers()) codes += layer.type.shape.elements();
  } else {
    // An input is held as values and as codes, so is an output.
    for (const ir::InputPort& port : network.inputs())
      codes += 2 * network.type({port.layer}).shape.elements();
    for (const ir::OutputPort& port : network.outputs())
      codes += 2 * network.type({port.layer}).shape.elements();
  }
  constexpr std::int64_t kCodes = std::int64_t{8} << 20;
  const std::size_t threads = request.threads > 0 ? static_cast<std::size_t>(request.threads)
                                                  : std::max(1U, std::thread::hardware_concurrency());
  return std::max<std::size_t>(static_cast<std::size_t>(kCodes / std::max<std::int64_t>(1, codes)),
                               4 * threads);
}

/// A line every two seconds while a batch runs.
class FrameProgress {
 public:
  FrameProgress(std::size_t frames, const Progress& progress) : frames_(frames), progress_(progress) {}

  void operator()(std::size_t finished) {
    constexpr double kEvery = 2;
    const double seconds = seconds_since(start_);
    if (seconds < next_ || finished == 0) return;
    next_ = seconds + kEvery;
    const double left = seconds / static_cast<double>(finished) * static_cast<double>(frames_ - finished);
    progress_(fmt::format("  {} of {} frames, {:.0f} s left", finished, frames_, left));
  }

 private:
  std::size_t frames_;
  const Progress& progress_;
  Clock::time_point start_ = Clock::now();
  double next_ = 2;
};

BatchEngine reference_engine(const ir::Network& network) {
  return [&network](const Frames& frames, const Finished& finished) -> Result<std::vector<sim::Trace>> {
    std::vector<sim::Trace> traces;
    for (const auto& frame : frames) {
      traces.push_back(sim::run_reference(network, frame));
      finished(traces.size());
    }
    return traces;
  };
}

BatchEngine fast_engine(const ir::Network& network, const RunRequest& request) {
  const auto engine = std::make_shared<sim::Engine>(
      network, sim::Engine::Options{.threads = request.threads, .keep_all = request.dump_layers.has_value()});
  return [engine](const Frames& frames, const Finished& finished) -> Result<std::vector<sim::Trace>> {
    return engine->run_batch(frames, finished);
  };
}

Result<BatchEngine> engine_of(const ir::Network& network, const RunRequest& request,
                              const Progress& progress) {
  if (request.engine == "rtl") return rtl_engine(network, request, progress);
  return request.engine == "reference" ? reference_engine(network) : fast_engine(network, request);
}

/// The whole batch part by part; returns the seconds that the engine took.
Result<double> run_parts(FrameReader& reader, RunFiles& files, const BatchEngine& engine, std::size_t chunk,
                         const Progress& progress) {
  FrameProgress line(reader.frames(), progress);
  double seconds = 0;
  // A batch of no frames has one part too, so that its files are written.
  for (std::size_t done = 0; done == 0 || done < reader.frames(); done += chunk) {
    const auto frames = reader.read(chunk);
    if (!frames) return frames.errors();
    const auto start = Clock::now();
    const auto traces = engine(*frames, [&](std::size_t finished) { line(done + finished); });
    seconds += seconds_since(start);
    if (!traces) return traces.errors();
    if (auto written = files.append(*traces); !written) return written.errors();
  }
  return seconds;
}

Status check_request(const RunRequest& request) {
  if (request.engine != "fast" && request.engine != "reference" && request.engine != "rtl") {
    return make_diagnostic(diagnostics::kUnknownChoice, "--engine",
                           {request.engine, "engine", "fast, reference or rtl"});
  }
  if (request.engine == "rtl" && request.dump_layers) {
    return make_diagnostic(diagnostics::kNotTogether, "--dump-layers",
                           {"--engine rtl", "which gives the outputs only", "use --engine fast"});
  }
  return success();
}

}  // namespace

Result<Document> run(const RunRequest& request, const Progress& progress) {
  if (auto right = check_request(request); !right) return right.errors();
  const auto loaded = load_network(request.network);
  if (!loaded) return loaded.errors();
  const ir::Network& network = loaded->network;
  const auto outputs = match_files(request.outputs, ir::names_of(network.outputs()), "outputs");
  if (!outputs) return outputs.errors();
  if (auto distinct = check_distinct(*outputs); !distinct) return distinct.errors();
  auto reader = FrameReader::open(network, request.inputs);
  if (!reader) return reader.errors();
  const auto engine = engine_of(network, request, progress);
  if (!engine) return engine.errors();

  RunFiles files(network, *outputs, request.codes, request.dump_layers, reader->frames());
  const auto seconds = run_parts(*reader, files, *engine, chunk_of(network, request), progress);
  if (!seconds) return seconds.errors();
  if (auto finished = files.finish(); !finished) return finished.errors();

  const double rate = *seconds > 0 ? static_cast<double>(reader->frames()) / *seconds : 0;
  const std::string text = fmt::format("{} frames through the {} engine in {:.3f} s: {:.1f} frames/s\n",
                                       reader->frames(), request.engine, *seconds, rate);
  Json json = {{"frames", reader->frames()},
               {"engine", request.engine},
               {"seconds", *seconds},
               {"frames_per_second", rate}};
  json["inputs"] = inputs_json(network, *reader);
  json["outputs"] = files.json();
  return Document{text + inputs_text(network, *reader) + files.text(), json_text(json, 2)};
}

}  // namespace bitmason::flow
