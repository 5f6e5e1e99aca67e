#include <algorithm>

#include "plan/diagnostics.hpp"
#include "plan/folding.hpp"
#include "plan/layer_choices.hpp"

namespace bitmason::plan {

Result<std::vector<LayerChoices>> all_choices(const ir::Network& network, const device::Primitive& primitive,
                                              const Folding& folding, const Offer& offer) {
  Diagnostics findings;
  for (const auto& [name, entry] : folding.layers) {
    const auto layer = std::ranges::find(network.layers(), name, &ir::Layer::name);
    if (layer == network.layers().end()) {
      findings.push_back(make_diagnostic(diagnostics::kFoldingLayer, network.name(), {name}));
    } else if (!std::holds_alternative<ir::Conv>(layer->operation)) {
      for (const auto& [number, value] : kFoldingNumbers) {
        if (number != "PE" && entry.*value)
          findings.push_back(make_diagnostic(diagnostics::kFoldingNoConv, name, {std::string(number)}));
      }
    }
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
