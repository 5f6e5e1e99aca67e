#include "search/trial_store.hpp"

#include <atomic>

#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/json_internal.hpp"
#include "search/diagnostics.hpp"
#include "search/parallel.hpp"

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
  if (!number("held_out") || !number("test") ||
      json.value("trial", Json()) != Json::parse(json_text(json_of(trial))))
    return make_diagnostic(diagnostics::kNoTrial, path.string());
  return std::optional(Score{json["held_out"].get<double>(), json["test"].get<double>()});
}

Status TrialStore::save(const Trial& trial, const Score& score) const {
  const Json json{{"trial", json_of(trial)}, {"held_out", score.held_out}, {"test", score.test}};
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

Result<std::vector<Score>> Accuracy::scores(const std::vector<Trial>& trials) {
  std::vector<Score> all;
  for (const Trial& trial : trials) {
    const auto one = score(trial);
    if (!one) return one.errors();
    all.push_back(*one);
  }
  return all;
}

Result<std::vector<Score>> StoredAccuracy::scores(const std::vector<Trial>& trials) {
  std::vector<Score> all(trials.size());
  std::vector<Diagnostics> errors(trials.size());
  std::atomic<bool> failed = false;
  parallel_for(trials.size(), jobs_, [&](std::size_t k) {
    if (failed) return;
    const auto one = score(trials[k]);
    if (one) {
      all[k] = *one;
    } else {
      errors[k] = one.errors();
      failed = true;
    }
  });
  for (const Diagnostics& found : errors) {
    if (!found.empty()) return found;
  }
  return all;
}

}  // namespace bitmason::search
