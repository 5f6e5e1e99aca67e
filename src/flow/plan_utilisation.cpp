#include "flow/plan_utilisation.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_internal.hpp"
#include "base/text.hpp"
#include "plan/utilisation.hpp"

namespace bitmason::flow {

namespace {

std::string text_of(const plan::Utilisation& used) {
  if (used.layers.empty()) return "";
  std::string text = fmt::format(
      "DSP utilisation {:.1f} % of the densest packings with at most {} side bits (estimated); {} DSPs "
      "requantise",
      100 * used.share, plan::kReferenceSideBits, used.requantise_dsps);
  if (used.share > 1) text += " (a reference: layers may use 3 side bits)";
  if (!used.lut_layers.empty()) text += "; multiplied in LUTs: " + joined(used.lut_layers);
  return text + "\n";
}

nlohmann::ordered_json json_of(const plan::Utilisation& used) {
  nlohmann::ordered_json json{{"share", used.share},
                              {"side_bits", plan::kReferenceSideBits},
                              {"requantise_dsp", used.requantise_dsps},
                              {"lut_layers", used.lut_layers}};
  json["layers"] = nlohmann::ordered_json::array();
  for (const plan::LayerUtilisation& layer : used.layers) {
    json["layers"].push_back({{"name", layer.layer},
                              {"macs", layer.macs},
                              {"dsp", layer.dsps},
                              {"densest_macs_per_dsp", layer.density},
                              {"densest", layer.densest},
                              {"share", layer.share}});
  }
  return json;
}

}  // namespace

Document with_utilisation(const PlannedNetwork& planned, const Document& document) {
  const plan::Utilisation used =
      plan::utilisation(planned.loaded.network, planned.primitive, planned.plan, planned.plan.interval);
  auto json = nlohmann::ordered_json::parse(document.json);
  json["dsp_utilisation"] = json_of(used);
  return {document.text + text_of(used), json_text(json, 1) + "\n"};
}

}  // namespace bitmason::flow
