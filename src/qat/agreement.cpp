#include "qat/agreement.hpp"

#include <algorithm>
#include <limits>

#include "graph/write.hpp"
#include "ir/scalar_function.hpp"
#include "qat/diagnostics.hpp"
#include "sim/engine.hpp"

namespace bitmason::qat {

namespace {

/// Stands for a value between codes, which equals no output.
constexpr std::int64_t kNoCode = std::numeric_limits<std::int64_t>::min();

/// Index of the first largest of each image whose codes are all there.
std::vector<std::ptrdiff_t> largest_codes(const std::vector<std::int64_t>& codes, int classes) {
  std::vector<std::ptrdiff_t> best;
  for (auto row = codes.begin(); codes.end() - row >= classes; row += classes)
    best.push_back(std::max_element(row, row + classes) - row);
  return best;
}

/// Codes of the images as they enter the network.
std::vector<std::vector<sim::Codes>> input_frames(const ir::InputPort& port, const data::ImageSet& images,
                                                  double pixel) {
  // One code per pixel value: the function of the port is the same for all elements.
  std::vector<std::int64_t> code_of;
  for (int value = 0; value < 256; ++value)
    code_of.push_back(
        ir::apply(port.quantise, Rational::from_double(value * pixel), 0).to_int64().value_or(0));
  std::vector<std::vector<sim::Codes>> frames;
  for (std::size_t i = 0; i < images.count(); ++i) {
    sim::Codes frame;
    for (const auto value : images.image(i)) frame.push_back(code_of[value]);
    frames.push_back({std::move(frame)});
  }
  return frames;
}

}  // namespace

std::vector<std::int64_t> simulated_codes(const graph::Graph& graph, const ir::Network& network,
                                          const data::ImageSet& images, int threads) {
  const auto& port = network.outputs()[0];
  const auto& shape = network.layers()[static_cast<std::size_t>(port.layer)].type.shape;
  const auto pixels = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  const auto units = graph::output_units(graph);
  std::vector<Rational> unit;
  for (std::size_t c = 0; c < static_cast<std::size_t>(shape.channels); ++c)
    unit.push_back(Rational::from_double(units[units.size() == 1 ? 0 : c]));
  sim::Engine engine(network, {.threads = threads});
  std::vector<std::int64_t> codes;
  for (const auto& trace : engine.run_batch(input_frames(network.inputs()[0], images, double{graph.pixel}))) {
    const auto& frame = trace[static_cast<std::size_t>(port.layer)];
    for (std::size_t i = 0; i < frame.size(); ++i) {
      const auto channel = i / pixels;
      const auto real = ir::apply(port.dequantise, Rational(frame[i]), static_cast<int>(channel));
      codes.push_back((real / unit[channel]).to_int64().value_or(kNoCode));
    }
  }
  return codes;
}

Agreement compare_codes(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b, int classes) {
  Agreement agreement{.codes = std::max(a.size(), b.size())};
  for (std::size_t i = agreement.codes; i-- > 0;) {
    if (i < a.size() && i < b.size() && a[i] == b[i]) continue;
    ++agreement.different;
    agreement.first = i / static_cast<std::size_t>(classes);
  }
  const auto of_a = largest_codes(a, classes);
  const auto of_b = largest_codes(b, classes);
  for (std::size_t i = 0; i < std::max(of_a.size(), of_b.size()); ++i) {
    const bool same = i < of_a.size() && i < of_b.size() && of_a[i] == of_b[i];
    agreement.classes_different += same ? 0U : 1U;
  }
  return agreement;
}

Status require_equal(const Agreement& agreement, const std::string& where) {
  if (agreement.different == 0) return success();
  return make_diagnostic(diagnostics::kCodesDiffer, where,
                         {std::to_string(agreement.different), std::to_string(agreement.codes),
                          std::to_string(agreement.first)});
}

}  // namespace bitmason::qat
