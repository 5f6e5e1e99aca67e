#include <algorithm>

#include "plan/diagnostics.hpp"
#include "plan/folding.hpp"
#include "plan/layer_choices.hpp"

namespace bitmason::plan {

Result<std::vector<LayerChoices>> all_choices(const ir::Network& network, const device::Primitive& primitive,
                                              const Folding& folding, const Offer& offer) {
  Diagnostics findings;
  for (const auto& [name, entry] : folding.layers) {
    const bool known = std::any_of(network.layers().begin(), network.layers().end(),
                                   [&name = name](const ir::Layer& layer) { return layer.name == name; });
    if (!known) findings.push_back(make_diagnostic(diagnostics::kFoldingLayer, network.name(), {name}));
  }
  std::vector<LayerChoices> choices;
  for (const ir::Layer& layer : network.layers()) {
    auto made = LayerChoices::of(network, layer, primitive, entry_of(folding, network, layer), offer);
    if (made) {
      choices.push_back(*std::move(made));
    } else {
      findings.insert(findings.end(), made.errors().begin(), made.errors().end());
    }
  }
  if (!findings.empty()) return findings;
  return choices;
}

}  // namespace bitmason::plan
