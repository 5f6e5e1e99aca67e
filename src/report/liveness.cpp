#include <fmt/format.h>

#include <algorithm>

#include "base/json_internal.hpp"
#include "report/json_internal.hpp"

namespace bitmason::report {

Json liveness_json(const Liveness& liveness) {
  Json json = {{"input", liveness.input}, {"frames", liveness.frames}, {"layers", Json::array()}};
  for (const CodeUse& use : liveness.layers) {
    Json& row = json["layers"].emplace_back(Json{{"name", use.layer},
                                                 {"codes", use.codes},
                                                 {"used", use.used},
                                                 {"values", use.values},
                                                 {"most_frequent", use.most_frequent},
                                                 {"channels", use.channels},
                                                 {"constant", use.constant}});
    if (!use.warning.empty()) row["warning"] = use.warning;
  }
  return json;
}

Liveness liveness_of(const Reader& json) {
  Liveness liveness{json["input"], json["frames"], {}};
  for (const Reader& row : json["layers"].elements()) {
    CodeUse& use = liveness.layers.emplace_back(CodeUse{row["name"],
                                                        row["codes"],
                                                        row["used"],
                                                        row["values"],
                                                        row["most_frequent"],
                                                        row["channels"],
                                                        row["constant"],
                                                        {}});
    if (row.has("warning")) use.warning = row["warning"].as<std::string>();
  }
  return liveness;
}

std::string to_json(const Liveness& liveness) {
  return json_text(liveness_json(liveness), 2);
}

std::string to_text(const Liveness& liveness) {
  if (liveness.layers.empty()) return "liveness  no requantised layer\n";
  const auto percent = [](std::int64_t part, std::int64_t whole) {
    return whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
  };
  double used = 100;
  double most = 0;
  double constant = 0;
  std::string warnings;
  for (const CodeUse& use : liveness.layers) {
    used = std::min(used, percent(use.used, std::min(use.codes, use.values)));
    most = std::max(most, percent(use.most_frequent, use.values));
    constant = std::max(constant, percent(use.constant, use.channels));
    if (!use.warning.empty())
      warnings += fmt::format("warning: {}: {}; exactness there proves little\n", use.layer, use.warning);
  }
  const auto alive = std::ranges::count(liveness.layers, std::string(), &CodeUse::warning);
  return fmt::format(
             "liveness  {} of {} requantised layers alive on frames of {}\n"
             "          at worst {:.0f} % of the codes used, {:.0f} % of the values one code, {:.0f} % of "
             "the "
             "channels constant\n",
             alive, liveness.layers.size(), liveness.input, used, most, constant) +
         warnings;
}

}  // namespace bitmason::report
