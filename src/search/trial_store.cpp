#include "search/trial_store.hpp"

#include <atomic>
#include <chrono>
#include <thread>

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

Result<std::optional<FileLock>> TrialStore::lock(const Trial& trial) const {
  return FileLock::try_to_take(folder_ / "locks" / key_of(trial));
}

Result<std::optional<Score>> StoredAccuracy::score_unless_taken(const Trial& trial) {
  auto known = store_.find(trial);
  if (!known || *known) return known;
  const auto lock = store_.lock(trial);
  if (!lock) return lock.errors();
  if (!lock.value()) return std::optional<Score>();
  // Another worker may have finished it just now.
  known = store_.find(trial);
  if (!known || *known) return known;
  const auto score = inner_.score(trial);
  if (!score) return score.errors();
  if (auto saved = store_.save(trial, *score); !saved) return saved.errors();
  return std::optional<Score>(*score);
}

Result<Score> StoredAccuracy::score(const Trial& trial) {
  constexpr std::chrono::milliseconds kWait{200};
  while (true) {
    const auto one = score_unless_taken(trial);
    if (!one) return one.errors();
    if (*one) return **one;
    std::this_thread::sleep_for(kWait);
  }
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
    const auto one = score_unless_taken(trials[k]);
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
