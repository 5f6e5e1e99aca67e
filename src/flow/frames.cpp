#include "flow/frames.hpp"

#include <algorithm>
#include <random>

#include "flow/diagnostics.hpp"
#include "flow/ports.hpp"

namespace bitmason::flow {

Result<FrameReader> FrameReader::open(const ir::Network& network, const std::vector<std::string>& arguments) {
  const auto& ports = network.inputs();
  const auto files = match_files(arguments, ir::names_of(ports), "inputs");
  if (!files) return files.errors();
  FrameReader reader;
  for (std::size_t k = 0; k < files->size(); ++k) {
    auto array = NpyReader::open((*files)[k]);
    if (!array) return array.errors();
    sim::InputQuantiser quantise(network, ports[k]);
    const auto frames = quantise.frames(array->shape());
    if (!frames) return frames.errors();
    if (k == 0) reader.frames_ = *frames;
    if (*frames != reader.frames_) {
      return make_diagnostic(diagnostics::kBatchDiffers, (*files)[k].string(),
                             {std::to_string(reader.frames_), std::to_string(*frames)});
    }
    reader.sources_.push_back({(*files)[k], *std::move(array), std::move(quantise)});
  }
  return reader;
}

Result<Frames> FrameReader::read(std::size_t count) {
  count = std::min(count, frames_ - next_);
  Frames frames(count);
  for (Source& source : sources_) {
    // A single frame may come without the batch dimension: its rows are then the frame's.
    const bool whole = next_ == 0 && count == frames_;
    const auto values = source.array.read(whole ? source.array.rows() : static_cast<std::int64_t>(count));
    if (!values) return values.errors();
    auto codes = source.quantise(*values);
    if (!codes) return codes.errors();
    for (std::size_t i = 0; i < count; ++i) frames[i].push_back(std::move((*codes)[i]));
  }
  next_ += count;
  return frames;
}

Result<Frames> read_frames(const ir::Network& network, const std::vector<std::string>& arguments) {
  auto reader = FrameReader::open(network, arguments);
  if (!reader) return reader.errors();
  return reader->read(reader->frames());
}

Frames random_frames(const std::vector<ir::TensorType>& types, int count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Frames frames(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < frames.size(); ++i) {
    for (const ir::TensorType& type : types) {
      sim::Codes codes(static_cast<std::size_t>(type.shape.elements()));
      // Modulo of a 64-bit draw instead of a distribution: the same bytes on every standard library.
      const auto values = static_cast<std::uint64_t>(type.range.span()) + 1;
      for (auto& code : codes) {
        const std::uint64_t draw = random();
        code = i % 2 == 1 ? (draw % 2 == 0 ? type.range.lo : type.range.hi)
                          : type.range.lo + static_cast<std::int64_t>(draw % values);
      }
      frames[i].push_back(std::move(codes));
    }
  }
  return frames;
}

Frames random_frames(const ir::Network& network, int count, std::uint64_t seed) {
  std::vector<ir::TensorType> types;
  for (const ir::InputPort& port : network.inputs()) types.push_back(network.type({port.layer}));
  return random_frames(types, count, seed);
}

}  // namespace bitmason::flow
