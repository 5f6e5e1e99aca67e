#include "plan/misfit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json_internal.hpp"
#include "plan/cost.hpp"
#include "plan/diagnostics.hpp"

namespace bitmason::plan {

namespace {

using Json = nlohmann::ordered_json;

/// Layers named one by one; the others' sum is in the details.
constexpr std::size_t kNamedLayers = 5;

struct Share {
  std::string layer;
  std::int64_t amount = 0;
};

double percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::vector<Share> shares_of(const Selection& selection, std::size_t resource) {
  std::vector<Share> shares;
  for (const LayerPlan& plan : selection.layers) {
    const std::int64_t amount = amounts_of(resources_of(plan))[resource];
    if (amount > 0) shares.push_back({plan.layer, amount});
  }
  std::ranges::stable_sort(shares, std::ranges::greater{}, &Share::amount);
  return shares;
}

Json details_of(const Shortage& shortage, const std::vector<Share>& shares) {
  Json json{{"resource", shortage.resource}, {"needed", shortage.needed}, {"usable", shortage.usable}};
  json["layers"] = Json::array();
  for (const Share& share : shares)
    json["layers"].push_back({{"name", share.layer}, {"amount", share.amount}});
  return json;
}

/// One line for the resource of which the selection needs more than the limit, five for layers.
void tell(const ir::Network& network, const Selection& selection, std::size_t resource, std::int64_t limit,
          const DiagnosticKind& what, Diagnostics& findings) {
  const std::int64_t need = amounts_of(selection.total)[resource];
  const ResourceKind& kind = kResourceKinds[resource];
  const std::vector<Share> shares = shares_of(selection, resource);
  const std::string over =
      limit == 0 ? "all of it" : fmt::format("{:.1f} % more", percent(need - limit, limit));
  Diagnostic short_of =
      make_diagnostic(what, network.name(), {std::to_string(need), kind.name, std::to_string(limit), over});
  short_of.details = json_text(details_of({kind.key, need, limit}, shares));
  findings.push_back(std::move(short_of));
  for (std::size_t k = 0; k < std::min(kNamedLayers, shares.size()); ++k) {
    findings.push_back(make_diagnostic(diagnostics::kSmallest, shares[k].layer,
                                       {std::to_string(shares[k].amount), std::to_string(need), kind.name,
                                        fmt::format("{:.1f}", percent(shares[k].amount, need))}));
  }
}

}  // namespace

Diagnostics misfit(const ir::Network& network, const Search& search, const Budget& budget) {
  Diagnostics findings;
  const auto limit = amounts_of(usable(budget, kNoInterval));
  const auto lacks = [&](const Selection& selection, std::size_t resource) {
    return amounts_of(selection.total)[resource] > limit[resource];
  };
  for (std::size_t r = 0; r < limit.size(); ++r) {
    const auto selection = search.least(r);
    if (selection && lacks(*selection, r))
      tell(network, *selection, r, limit[r], diagnostics::kResourceShort, findings);
  }
  if (!findings.empty()) return findings;
  // More of one alone does not help.
  const auto selection = search.nearest(kNoInterval);
  for (std::size_t r = 0; selection && r < limit.size(); ++r) {
    if (lacks(*selection, r)) tell(network, *selection, r, limit[r], diagnostics::kSeveralShort, findings);
  }
  return findings;
}

std::optional<ir::Network> with_narrower_weights(const ir::Network& network, int bits) {
  ir::NetworkBuilder builder(network.name());
  std::vector<ir::TensorId> ids;
  bool narrowed = false;
  for (const ir::Layer& layer : network.layers()) {
    const auto own = static_cast<int>(ids.size());
    const auto port = std::ranges::find(network.inputs(), own, &ir::InputPort::layer);
    if (port != network.inputs().end()) {
      const auto added = builder.add_input(layer.name, layer.type, *port);
      if (!added) return std::nullopt;
      ids.push_back(*added);
      continue;
    }
    ir::Operation operation = layer.operation;
    if (auto* conv = std::get_if<ir::Conv>(&operation)) {
      const IntRange wide = conv->weights.range.united({-1, 0});
      const int drop = std::max(0, wide.bits() - bits);
      narrowed = narrowed || drop > 0;
      for (auto& value : conv->weights.values) value >>= drop;
      if (drop > 0) conv->weights.range = {conv->weights.range.lo >> drop, conv->weights.range.hi >> drop};
    }
    std::vector<ir::TensorId> inputs;
    for (const ir::TensorId input : layer.inputs)
      inputs.push_back(ids[static_cast<std::size_t>(input.index)]);
    const auto added = builder.add(layer.name, std::move(operation), std::move(inputs));
    if (!added) return std::nullopt;
    ids.push_back(*added);
  }
  for (const ir::OutputPort& port : network.outputs()) {
    ir::OutputPort moved = port;
    moved.layer = ids[static_cast<std::size_t>(port.layer)].index;
    if (!builder.add_output(std::move(moved))) return std::nullopt;
  }
  auto built = std::move(builder).build();
  if (!narrowed || !built) return std::nullopt;
  return *std::move(built);
}

}  // namespace bitmason::plan
