#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/json_internal.hpp"
#include "search/comparison.hpp"

namespace bitmason::search {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Contestant& one) {
  Json held_out = Json::array();
  Json test = Json::array();
  for (const Score& score : one.scores) {
    held_out.push_back(score.held_out);
    test.push_back(score.test);
  }
  Json tried = Json::array();
  for (const auto& [bits, share] : one.tried) tried.push_back({{"bits", to_text(bits)}, {"held_out", share}});
  return {{"weights", one.point.bits.weights},
          {"activations", one.point.bits.activations},
          {"interval_cycles", one.point.interval.value},
          {"dsp", one.point.total.dsps.value},
          {"lut", one.point.total.luts.value},
          {"ff", one.point.total.flip_flops.value},
          {"bram18", one.point.total.bram18s.value},
          {"predicted_loss", one.point.loss},
          {"held_out", held_out},
          {"test", test},
          {"candidates", tried}};
}

}  // namespace

std::string to_json(const std::vector<Contest>& contests, const ComparisonOptions& options,
                    const std::string& notes) {
  Json json = Json::parse(notes);
  json["budgets"] = Json::array();
  for (const Contest& one : contests) {
    json["budgets"].push_back({{"interval_cycles", one.interval},
                               {"searched_mean", one.searched.mean_test()},
                               {"uniform_mean", one.uniform.mean_test()},
                               {"seed_spread", one.spread() ? Json(*one.spread()) : Json()},
                               {"seeds", options.seeds},
                               {"bits", to_text(one.searched.point.bits)},
                               {"searched", json_of(one.searched)},
                               {"uniform", json_of(one.uniform)}});
  }
  return json_text(json, 1);
}

std::string to_table(const std::vector<Contest>& contests) {
  std::string text = fmt::format("{:>8} {:>9} {:>9} {:>8}  {}\n", "cycles", "searched", "uniform", "spread",
                                 "bits, searched and uniform");
  for (const Contest& one : contests) {
    text += fmt::format("{:>8} {:>7.2f} % {:>7.2f} % {:>8}  {} | {}\n", one.interval,
                        100 * one.searched.mean_test(), 100 * one.uniform.mean_test(),
                        one.spread() ? fmt::format("{:.2f} %", 100 * *one.spread()) : "-",
                        to_text(one.searched.point.bits), to_text(one.uniform.point.bits));
  }
  return text +
         "test images right, mean over the seeds; spread: sample standard deviation of the differences; "
         "cycles: estimated\n";
}

}  // namespace bitmason::search
