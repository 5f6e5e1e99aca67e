#include "search/trial_store.hpp"

#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/json_internal.hpp"
#include "search/diagnostics.hpp"

namespace bitmason::search {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Trial& trial) {
  return {{"network", trial.network},
          {"weights", trial.bits.weights},
          {"activations", trial.bits.activations},
          {"seed", trial.seed},
          {"training", trial.training}};
}

}  // namespace

std::string key_of(const Trial& trial) {
  return sha256_hex(json_text(json_of(trial)));
}

std::filesystem::path TrialStore::path_of(const Trial& trial) const {
  return folder_ / (key_of(trial) + ".json");
}

Result<std::optional<Score>> TrialStore::find(const Trial& trial) const {
  const std::filesystem::path path = path_of(trial);
  std::error_code none;
  if (!std::filesystem::exists(path, none)) return std::optional<Score>();
  const auto text = read_file(path);
  if (!text) return text.errors();
  const Json json = Json::parse(*text, nullptr, false);
  const auto number = [&](const char* name) {
    return json.is_object() && json.contains(name) && json[name].is_number();
  };
  if (!number("accuracy") || !number("loss") ||
      json.value("trial", Json()) != Json::parse(json_text(json_of(trial))))
    return make_diagnostic(diagnostics::kNoTrial, path.string());
  return std::optional(Score{json["accuracy"].get<double>(), json["loss"].get<double>()});
}

Status TrialStore::save(const Trial& trial, const Score& score) const {
  const Json json{{"trial", json_of(trial)}, {"accuracy", score.accuracy}, {"loss", score.loss}};
  return write_file(path_of(trial), json_text(json, 1) + "\n");
}

Result<Score> StoredAccuracy::score(const Trial& trial) {
  const auto known = store_.find(trial);
  if (!known) return known.errors();
  if (*known) return **known;
  auto score = inner_.score(trial);
  if (!score) return score;
  if (auto saved = store_.save(trial, *score); !saved) return saved.errors();
  return score;
}

}  // namespace bitmason::search
