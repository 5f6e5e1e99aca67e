#include "sim/code_use.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bitmason::sim {

namespace {

constexpr std::int64_t kMostCodes = std::int64_t{1} << 20;

/// In thousandths, so that the comparisons are exact.
constexpr std::int64_t kLeastUsed = 750;
constexpr std::int64_t kMostFrequent = 600;
constexpr std::int64_t kMostFrequentOfFew = 800;
constexpr std::int64_t kFewCodes = 4;
constexpr std::int64_t kMostConstant = 50;

}  // namespace

std::optional<std::string> deadness(const CodeUse& use) {
  const std::int64_t usable = std::min(use.codes, use.values);
  if (use.used * 1000 < usable * kLeastUsed)
    return fmt::format("uses {} of {} codes, less than 75 %", use.used, usable);
  const std::int64_t limit = use.codes <= kFewCodes ? kMostFrequentOfFew : kMostFrequent;
  if (use.most * 1000 > use.values * limit)
    return fmt::format("one code holds {:.1f} % of the values, more than {} %", 100 * use.most_share(),
                       limit / 10);
  if (use.constant * 1000 > use.channels * kMostConstant)
    return fmt::format("{} of {} channels are constant, more than 5 %", use.constant, use.channels);
  return std::nullopt;
}

CodeCounter::CodeCounter(const ir::Network& network) : network_(network) {
  for (std::size_t i = 0; i < network.layers().size(); ++i) {
    const ir::Layer& layer = network.layers()[i];
    const auto* requantise = std::get_if<ir::Requantise>(&layer.operation);
    if (requantise == nullptr) continue;
    const std::int64_t span = requantise->output().span();
    if (span < 1 || span >= kMostCodes) continue;
    const auto channels = static_cast<std::size_t>(layer.type.shape.channels);
    tensors_.push_back({i, std::vector<std::int64_t>(static_cast<std::size_t>(span) + 1),
                        std::vector<std::int64_t>(channels), std::vector<std::uint8_t>(channels)});
  }
}

void CodeCounter::add(const Trace& trace) {
  for (Tensor& tensor : tensors_) {
    const Codes& codes = trace[tensor.layer];
    const ir::Layer& layer = network_.layers()[tensor.layer];
    const std::int64_t lo = std::get<ir::Requantise>(layer.operation).output().lo;
    const auto pixels = codes.size() / tensor.first.size();
    for (std::size_t c = 0; c < tensor.first.size(); ++c) {
      const auto* channel = codes.data() + c * pixels;
      if (tensor.frames == 0) tensor.first[c] = channel[0];
      bool varies = false;
      for (std::size_t i = 0; i < pixels; ++i) {
        ++tensor.seen[static_cast<std::size_t>(channel[i] - lo)];
        varies = varies || channel[i] != tensor.first[c];
      }
      if (varies) tensor.varies[c] = 1;
    }
    ++tensor.frames;
  }
}

std::vector<CodeUse> CodeCounter::result() const {
  std::vector<CodeUse> uses;
  for (const Tensor& tensor : tensors_) {
    const ir::Layer& layer = network_.layers()[tensor.layer];
    CodeUse use{.layer = layer.name, .codes = static_cast<std::int64_t>(tensor.seen.size())};
    use.values = layer.type.shape.elements() * tensor.frames;
    use.used = use.codes - std::ranges::count(tensor.seen, 0);
    use.most = std::ranges::max(tensor.seen);
    if (use.values > layer.type.shape.channels) {
      use.channels = layer.type.shape.channels;
      use.constant = std::ranges::count(tensor.varies, 0);
    }
    uses.push_back(std::move(use));
  }
  return uses;
}

std::vector<CodeUse> measure_code_use(const ir::Network& network,
                                      const std::vector<std::vector<Codes>>& frames) {
  Engine engine(network, {.keep_all = true});
  CodeCounter counter(network);
  for (const auto& frame : frames) counter.add(engine.run(frame));
  return counter.result();
}

}  // namespace bitmason::sim
