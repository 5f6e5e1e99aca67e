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

std::string text_of(const Trial& trial, const Score& score) {
  const Json json{{"trial", json_of(trial)}, {"held_out", score.held_out}, {"test", score.test}};
  return json_text(json, 1) + "\n";
}

SharedResults::Work work_of(const Trial& trial, Accuracy& accuracy) {
  return [&trial, &accuracy]() -> Result<std::string> {
    const auto score = accuracy.score(trial);
    if (!score) return score.errors();
    return text_of(trial, *score);
  };
}

}  // namespace

std::string key_of(const Trial& trial) {
  return sha256_hex(json_text(json_of(trial)));
}

Result<Score> TrialStore::score_in(const Trial& trial, const std::string& text) const {
  const Json json = Json::parse(text, nullptr, false);
  const auto number = [&](const char* name) {
    return json.is_object() && json.contains(name) && json[name].is_number();
  };
  if (!number("held_out") || !number("test") ||
      json.value("trial", Json()) != Json::parse(json_text(json_of(trial))))
    return make_diagnostic(diagnostics::kNoTrial, path_of(trial).string());
  return Score{json["held_out"].get<double>(), json["test"].get<double>()};
}

Result<std::optional<Score>> TrialStore::find(const Trial& trial) const {
  const auto text = results_.find(key_of(trial));
  if (!text) return text.errors();
  if (!*text) return std::optional<Score>();
  const auto score = score_in(trial, **text);
  if (!score) return score.errors();
  return std::optional(*score);
}

Status TrialStore::save(const Trial& trial, const Score& score) const {
  return results_.save(key_of(trial), text_of(trial, score));
}

Result<std::optional<Score>> TrialStore::score_unless_taken(const Trial& trial, Accuracy& accuracy) const {
  const auto text = results_.get_unless_taken(key_of(trial), work_of(trial, accuracy));
  if (!text) return text.errors();
  if (!*text) return std::optional<Score>();
  const auto score = score_in(trial, **text);
  if (!score) return score.errors();
  return std::optional(*score);
}

Result<Score> TrialStore::score(const Trial& trial, Accuracy& accuracy) const {
  const auto text = results_.get(key_of(trial), work_of(trial, accuracy));
  if (!text) return text.errors();
  return score_in(trial, *text);
}

Result<Score> StoredAccuracy::score(const Trial& trial) {
  return store_.score(trial, inner_);
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

Status StoredAccuracy::for_each(std::size_t count, const std::function<Status(std::size_t)>& task) const {
  std::vector<Diagnostics> errors(count);
  std::atomic<bool> failed = false;
  parallel_for(count, jobs_, [&](std::size_t k) {
    if (failed) return;
    if (const auto status = task(k); !status) {
      errors[k] = status.errors();
      failed = true;
    }
  });
  for (const Diagnostics& found : errors) {
    if (!found.empty()) return found;
  }
  return success();
}

Result<std::vector<Score>> StoredAccuracy::scores(const std::vector<Trial>& trials) {
  std::vector<std::optional<Score>> all(trials.size());
  const auto free = for_each(trials.size(), [&](std::size_t k) -> Status {
    const auto one = store_.score_unless_taken(trials[k], inner_);
    if (!one) return one.errors();
    all[k] = *one;
    return success();
  });
  if (!free) return free.errors();
  const auto rest = for_each(trials.size(), [&](std::size_t k) -> Status {
    if (all[k]) return success();
    const auto one = score(trials[k]);
    if (!one) return one.errors();
    all[k] = *one;
    return success();
  });
  if (!rest) return rest.errors();
  std::vector<Score> scores;
  for (const auto& one : all) scores.push_back(*one);
  return scores;
}

}  // namespace bitmason::search
