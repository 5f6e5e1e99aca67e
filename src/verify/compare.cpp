#include "verify/compare.hpp"

#include <fmt/format.h>

#include "verify/design_simulator.hpp"

namespace bitmason::verify {

namespace {

std::int64_t element_of(const StreamFacts& stream, const std::string& beat, int lane) {
  StreamFacts one = stream;
  one.shape = {stream.channels_per_beat, 1, 1};
  return unpack_frame(one, beat)[static_cast<std::size_t>(lane)];
}

/// The layer that delivered the smallest part of its beats, the earliest of equals.
std::optional<Difference> most_starved(const DesignFiles& design, const Recording& recording,
                                       const std::vector<sim::Trace>& traces) {
  std::optional<std::size_t> worst;
  double least = 1;
  const auto frames = static_cast<double>(traces.size());
  for (std::size_t k = 0; k < design.layers.size(); ++k) {
    const double all = frames * static_cast<double>(design.layers[k].beats_per_frame());
    const double part = static_cast<double>(recording.probes[k].size()) / all;
    if (part < least) {
      least = part;
      worst = k;
    }
  }
  if (!worst) return std::nullopt;
  const StreamFacts& layer = design.layers[*worst];
  const std::size_t frame =
      recording.probes[*worst].size() / static_cast<std::size_t>(layer.beats_per_frame());
  auto difference = first_difference(layer, recording.probes[*worst], frame, traces[frame][*worst], true);
  if (difference) difference->layer = layer.layer;
  return difference;
}

}  // namespace

std::string Difference::to_text() const {
  return fmt::format("layer {}, frame {}, channel {}, row {}, column {}: {} where {} is right", layer, frame,
                     channel, row, column, got ? std::to_string(*got) : "nothing", expected);
}

std::optional<Difference> first_difference(const StreamFacts& stream, std::span<const Beat> beats,
                                           std::size_t frame, const sim::Codes& expected, bool missing) {
  std::size_t beat = frame * static_cast<std::size_t>(stream.beats_per_frame());
  int lane = 0;
  for (int y = 0; y < stream.shape.height; ++y) {
    for (int x = 0; x < stream.shape.width; ++x) {
      for (int c = 0; c < stream.shape.channels; ++c) {
        const std::int64_t want = expected[stream.shape.index(c, y, x)];
        if (beat >= beats.size()) {
          if (!missing) return std::nullopt;
          return Difference{stream.name, frame, c, y, x, want, std::nullopt};
        }
        const std::int64_t got = element_of(stream, beats[beat].data, lane);
        if (got != want) return Difference{stream.name, frame, c, y, x, want, got};
        if (++lane < stream.channels_per_beat) continue;
        lane = 0;
        ++beat;
      }
    }
  }
  return std::nullopt;
}

std::string tlast_fault(const StreamFacts& port, std::span<const Beat> beats) {
  const auto length = static_cast<std::size_t>(port.beats_per_frame());
  for (std::size_t k = 0; k < beats.size(); ++k) {
    const bool end = (k + 1) % length == 0;
    if (beats[k].last == end) continue;
    return fmt::format("{}_tlast is {} on beat {} of frame {}, which has {} beats", port.name,
                       beats[k].last ? 1 : 0, k % length, k / length, length);
  }
  return {};
}

Result<std::optional<Difference>> locate_difference(const DesignFiles& design, const Stimulus& stimulus,
                                                    std::span<const std::vector<sim::Codes>> frames,
                                                    const CosimulationOptions& options) {
  const SimulatorRequest request = design_request(design, true);
  const auto program = build_simulator(request, options.workbench);
  if (!program) return program.errors();
  const auto recording = simulate(*program, request.ports, stimulus, options.workbench);
  if (!recording) return recording.errors();
  std::vector<sim::Trace> traces;
  for (std::size_t f = 0; f < frames.size(); ++f) {
    traces.push_back(options.reference(frames[f]));
    for (std::size_t k = 0; k < design.layers.size(); ++k) {
      auto difference = first_difference(design.layers[k], recording->probes[k], f, traces.back()[k], false);
      if (!difference) continue;
      difference->layer = design.layers[k].layer;
      return difference;
    }
  }
  return most_starved(design, *recording, traces);
}

}  // namespace bitmason::verify
