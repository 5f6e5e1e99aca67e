#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/shared_results.hpp"
#include "search/accuracy.hpp"

namespace bitmason::search {

/// SHA-256 of everything in the trial, as 64 hexadecimal digits.
std::string key_of(const Trial& trial);

/// Finished trials as SharedResults, named by key_of().
class TrialStore {
 public:
  explicit TrialStore(std::filesystem::path folder) : results_(std::move(folder)) {}

  [[nodiscard]] std::filesystem::path path_of(const Trial& trial) const {
    return results_.path_of(key_of(trial));
  }
  /// The score where the trial is finished. Errors: BM-FILE-001; BM-SEARCH-006 for a file that is no trial
  /// or another one.
  [[nodiscard]] Result<std::optional<Score>> find(const Trial& trial) const;
  /// Errors: BM-FILE-002.
  [[nodiscard]] Status save(const Trial& trial, const Score& score) const;
  /// SharedResults::get_unless_taken(). Errors: those of find(), save() and `accuracy`.
  [[nodiscard]] Result<std::optional<Score>> score_unless_taken(const Trial& trial, Accuracy& accuracy) const;
  /// SharedResults::get(). Errors: likewise.
  [[nodiscard]] Result<Score> score(const Trial& trial, Accuracy& accuracy) const;

 private:
  /// Errors: BM-SEARCH-006.
  [[nodiscard]] Result<Score> score_in(const Trial& trial, const std::string& text) const;
  SharedResults results_;
};

/// Trains only what the store does not hold and no other worker is at; what another one is at is waited for,
/// and taken over should that one end without a result.
class StoredAccuracy : public Accuracy {
 public:
  /// `jobs`: trials that the inner one scores side by side.
  StoredAccuracy(Accuracy& inner, TrialStore store, int jobs = 1)
      : inner_(inner), store_(std::move(store)), jobs_(jobs) {}
  /// Errors: those of the inner one, of TrialStore::find() and TrialStore::save().
  Result<Score> score(const Trial& trial) override;
  /// Those that no other worker is at come first. After the first failure no further trial starts; those that
  /// have ended are kept.
  Result<std::vector<Score>> scores(const std::vector<Trial>& trials) override;

 private:
  /// Runs task(0) .. task(count - 1) on the jobs until one fails.
  Status for_each(std::size_t count, const std::function<Status(std::size_t)>& task) const;

  Accuracy& inner_;
  TrialStore store_;
  int jobs_ = 1;
};

}  // namespace bitmason::search
