#include "flow/plan_explanation.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_internal.hpp"
#include "plan/explain.hpp"

namespace bitmason::flow {

namespace {

std::string table(const plan::Explanation& told, std::int64_t interval) {
  const std::string luts = fmt::format("+{} LUT", plan::kMoreLuts);
  std::string text = fmt::format("\n{:<20} {:>9} {:>9} {:>9} {:>9}  {}\n", "layer", "cycles", "+1 DSP", luts,
                                 "any size", "bound by");
  for (const plan::LayerExplanation& layer : told.layers) {
    text += fmt::format("{:<20} {:>9} {:>9} {:>9} {:>9}  {}\n", layer.layer, layer.cycles, layer.with_one_dsp,
                        layer.with_more_luts, layer.fastest, layer.bound_by);
  }
  text += fmt::format(
      "Each layer alone, with what the plan leaves free; any size: with as much of this family as it takes.\n"
      "slack: others are slower; implementations: none is faster; choice: a faster one fits, but others keep "
      "the "
      "interval; else what the nearest faster one lacks most.\n"
      "The whole design: {} cycles with one more DSP, {} "
      "with "
      "{} more LUTs, {} now (estimated)\n",
      told.interval_with_one_dsp, told.interval_with_more_luts, plan::kMoreLuts, interval);
  return text;
}

nlohmann::ordered_json json_of(const plan::Explanation& told) {
  nlohmann::ordered_json json{{"interval_cycles_with_one_dsp", told.interval_with_one_dsp},
                              {"interval_cycles_with_1000_luts", told.interval_with_more_luts}};
  json["layers"] = nlohmann::ordered_json::array();
  for (const plan::LayerExplanation& layer : told.layers) {
    json["layers"].push_back({{"name", layer.layer},
                              {"cycles", layer.cycles},
                              {"cycles_with_one_dsp", layer.with_one_dsp},
                              {"cycles_with_1000_luts", layer.with_more_luts},
                              {"cycles_on_any_part", layer.fastest},
                              {"bound_by", layer.bound_by}});
  }
  return json;
}

}  // namespace

Result<Document> explained(const PlannedNetwork& planned, const Document& document) {
  const auto told = plan::explain(planned.loaded.network, planned.part, planned.primitive, planned.budget,
                                  planned.folding, planned.plan);
  if (!told) return told.errors();
  auto json = nlohmann::ordered_json::parse(document.json);
  json["explain"] = json_of(*told);
  return Document{document.text + table(*told, planned.plan.interval.value), json_text(json, 1) + "\n"};
}

}  // namespace bitmason::flow
