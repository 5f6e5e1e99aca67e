#include "flow/liveness.hpp"

#include <algorithm>
#include <utility>

#include "sim/code_use.hpp"

namespace bitmason::flow {

report::Liveness measure_liveness(const ir::Network& network, const Frames& frames, std::string input) {
  report::Liveness liveness{std::move(input), static_cast<std::int64_t>(frames.size()), {}};
  for (const sim::CodeUse& use : sim::measure_code_use(network, frames)) {
    liveness.layers.push_back({.layer = use.layer,
                               .codes = use.codes,
                               .used = use.used,
                               .values = use.values,
                               .most_frequent = use.most,
                               .channels = use.channels,
                               .constant = use.constant,
                               .warning = sim::deadness(use).value_or("")});
  }
  return liveness;
}

bool alive(const report::Liveness& liveness) {
  return std::ranges::all_of(liveness.layers, &std::string::empty, &report::CodeUse::warning);
}

}  // namespace bitmason::flow
