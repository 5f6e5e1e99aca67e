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

Json json_of(const std::vector<Contestant>& proxies) {
  Json json = Json::object();
  for (const Contestant& one : proxies) {
    Json entry = json_of(one);
    entry["mean"] = one.mean_test();
    json[one.point.engine] = std::move(entry);
  }
  return json;
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
                               {"uniform", json_of(one.uniform)},
                               {"proxies", json_of(one.proxies)}});
  }
  json["savings"] = Json::array();
  for (const Saving& one : savings(contests)) {
    json["savings"].push_back({{"engine", one.engine}, {"mean", one.mean}, {"not_reached", one.not_reached}});
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
    for (const Contestant& proxy : one.proxies) {
      text += fmt::format("{:>8} {:>7.2f} %  {}: {}\n", "", 100 * proxy.mean_test(), proxy.point.engine,
                          to_text(proxy.point.bits));
    }
  }
  for (const Saving& one : savings(contests)) {
    text += fmt::format("{:.1f} % fewer cycles than {} at equal accuracy, mean over the intervals",
                        100 * one.mean, one.engine);
    if (one.not_reached > 0)
      text += fmt::format(" ({} of them it never reached: its longest interval counts)", one.not_reached);
    text += "\n";
  }
  return text +
         "test images right, mean over the seeds; spread: sample standard deviation of the differences; "
         "cycles: estimated\n";
}

}  // namespace bitmason::search
