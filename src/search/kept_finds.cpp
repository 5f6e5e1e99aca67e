#include "search/kept_finds.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/json_internal.hpp"
#include "search/diagnostics.hpp"

namespace bitmason::search {

namespace {

using Json = nlohmann::ordered_json;

/// Digest of what decides a search.
std::string name_of(const Problem& problem) {
  const plan::Budget& budget = problem.target.budget;
  Json costs = Json::array();
  for (std::size_t k = 0; k < problem.widths.weights.size(); ++k) {
    for (const int w : problem.widths.weights[k]) {
      for (const int a : problem.widths.activations[k])
        costs.push_back(problem.tables.at({problem.blueprint.weighted()[k], w, a}).share_cycles);
    }
  }
  const Json json{{"network", problem.blueprint.network().name()},
                  {"part", problem.target.part.name},
                  {"limits",
                   {budget.limit.dsps.value, budget.limit.luts.value, budget.limit.flip_flops.value,
                    budget.limit.bram18s.value, budget.limit.urams.value}},
                  {"weights", problem.widths.weights},
                  {"activations", problem.widths.activations},
                  {"costs", costs},
                  {"losses", {problem.sensitivities.weights, problem.sensitivities.activations}}};
  return sha256_hex(json_text(json)).substr(0, 16);
}

std::string text_of(const std::optional<Found>& found) {
  Json json{{"found", nullptr}};
  if (found) {
    json["found"] = {{"weights", found->bits.weights},
                     {"activations", found->bits.activations},
                     {"loss", found->loss},
                     {"bound", found->bound},
                     {"rounds", found->rounds}};
  }
  return json_text(json, 1) + "\n";
}

Result<std::optional<Found>> found_in(const std::string& text, const std::filesystem::path& file) {
  try {
    const Json json = Json::parse(text).at("found");
    if (json.is_null()) return std::optional<Found>();
    return std::optional(Found{
        .bits = {json.at("weights").get<std::vector<int>>(), json.at("activations").get<std::vector<int>>()},
        .loss = json.at("loss").get<double>(),
        .bound = json.at("bound").get<double>(),
        .rounds = json.at("rounds").get<int>()});
  } catch (const Json::exception&) {
    return make_diagnostic(diagnostics::kNoFind, file.string());
  }
}

SharedResults::Work work_of(const Engine& engine, const Problem& problem, std::int64_t interval) {
  return [&engine, &problem, interval]() -> Result<std::string> {
    const auto found = engine.search(problem, interval);
    if (!found) return found.errors();
    return text_of(*found);
  };
}

}  // namespace

KeptFinds::KeptFinds(const Problem& problem, std::vector<Engine> engines, std::filesystem::path folder)
    : problem_(problem), engines_(std::move(engines)), results_(std::move(folder)), name_(name_of(problem)) {}

std::string KeptFinds::key(const Engine& engine, std::int64_t interval) const {
  const auto name = engine.settings.empty() ? name_ : sha256_hex(name_ + engine.settings).substr(0, 16);
  return fmt::format("{}-{}-{}", name, engine.name, interval);
}

Status KeptFinds::search_free() const {
  for (const std::int64_t interval : problem_.tables.intervals()) {
    for (const Engine& engine : engines_) {
      const auto text = results_.get_unless_taken(key(engine, interval), work_of(engine, problem_, interval));
      if (!text) return text.errors();
    }
  }
  return success();
}

std::vector<Engine> KeptFinds::engines() const {
  std::vector<Engine> kept = engines_;
  for (std::size_t k = 0; k < kept.size(); ++k) {
    kept[k].search = [this, &own = engines_[k]](const Problem& problem,
                                                std::int64_t interval) -> Result<std::optional<Found>> {
      const auto name = key(own, interval);
      const auto text = results_.get(name, work_of(own, problem, interval));
      if (!text) return text.errors();
      return found_in(*text, results_.path_of(name));
    };
  }
  return kept;
}

}  // namespace bitmason::search
