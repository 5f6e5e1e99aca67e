#include "flow/frames.hpp"

#include <random>

#include "base/npy.hpp"
#include "flow/diagnostics.hpp"
#include "flow/ports.hpp"

namespace bitmason::flow {

Result<Frames> read_frames(const ir::Network& network, const std::vector<std::string>& arguments) {
  const auto& ports = network.inputs();
  const auto files = match_files(arguments, ir::names_of(ports), "inputs");
  if (!files) return files.errors();
  Frames frames;
  for (std::size_t k = 0; k < files->size(); ++k) {
    const auto array = read_npy((*files)[k]);
    if (!array) return array.errors();
    auto codes = sim::quantise_input(network, ports[k], *array);
    if (!codes) return codes.errors();
    if (k == 0) frames.resize(codes->size());
    if (codes->size() != frames.size()) {
      return make_diagnostic(diagnostics::kBatchDiffers, (*files)[k].string(),
                             {std::to_string(frames.size()), std::to_string(codes->size())});
    }
    for (std::size_t i = 0; i < frames.size(); ++i) frames[i].push_back(std::move((*codes)[i]));
  }
  return frames;
}

Frames random_frames(const ir::Network& network, int count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Frames frames(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < frames.size(); ++i) {
    for (const ir::InputPort& port : network.inputs()) {
      const ir::TensorType& type = network.type({port.layer});
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

}  // namespace bitmason::flow
