#include "search/trial_store.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>

#include "base/file.hpp"

namespace bitmason::search {
namespace {

const Trial kTrial{"net", {{4, 2}, {8, 3}}, 7, "4 epochs"};

/// Counts what it trains; the seed is the per cent that is right.
class Counting : public Accuracy {
 public:
  Result<Score> score(const Trial& trial) override {
    ++trained;
    if (trial.seed == 13) return make_diagnostic({"BM-TEST-000", "killed"}, "trial");
    return Score{static_cast<double>(trial.seed) / 100, 0.1};
  }
  int trained = 0;
};

std::filesystem::path empty_folder(const std::string& name) {
  auto folder = std::filesystem::temp_directory_path() / ("bitmason_" + name);
  std::filesystem::remove_all(folder);
  return folder;
}

TEST(TrialStoreTest, AFinishedTrialIsNotTrainedAgainByAnotherWorker) {
  const auto folder = empty_folder("trial_store");
  Counting counting;
  for (int worker = 0; worker < 2; ++worker) {
    StoredAccuracy accuracy(counting, TrialStore(folder));
    const auto score = accuracy.score(kTrial);
    ASSERT_TRUE(score);
    EXPECT_EQ(score->held_out, 0.07);
    EXPECT_EQ(score->test, 0.1);
  }
  EXPECT_EQ(counting.trained, 1);
  EXPECT_TRUE(std::filesystem::exists(folder / (key_of(kTrial) + ".json")));
}

/// Writes a line for each trial that it trains, and takes a while; stays at seed 9 for ever.
class Slow : public Accuracy {
 public:
  explicit Slow(std::filesystem::path log) : log_(std::move(log)) {}
  Result<Score> score(const Trial& trial) override {
    std::ofstream(log_, std::ios::app) << trial.seed << std::endl;
    if (trial.seed == 9 && stays) ::pause();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return Score{static_cast<double>(trial.seed) / 100, 0};
  }
  bool stays = false;

 private:
  std::filesystem::path log_;
};

std::vector<Trial> twelve_trials() {
  std::vector<Trial> trials;
  for (std::uint64_t seed = 0; seed < 12; ++seed) trials.push_back({"net", {{4}, {8}}, seed, "training"});
  return trials;
}

/// A worker of its own process; ends with 0 where all scores are right.
pid_t start_worker(const std::filesystem::path& folder, bool stays) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  Slow slow(folder / "log");
  slow.stays = stays;
  StoredAccuracy accuracy(slow, TrialStore(folder));
  const auto scores = accuracy.scores(twelve_trials());
  ::_exit(scores && scores->size() == 12 && scores->at(7).held_out == 0.07 ? 0 : 1);
}

std::multiset<int> trained(const std::filesystem::path& folder) {
  std::ifstream log(folder / "log");
  return {std::istream_iterator<int>(log), {}};
}

TEST(TrialStoreTest, ThreeProcessesTrainTwelveTrialsOnce) {
  const auto folder = empty_folder("trial_store_workers");
  std::filesystem::create_directories(folder);
  std::vector<pid_t> workers;
  for (int k = 0; k < 3; ++k) workers.push_back(start_worker(folder, false));
  for (const pid_t worker : workers) {
    int status = 1;
    ASSERT_EQ(::waitpid(worker, &status, 0), worker);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(trained(folder), (std::multiset<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
}

TEST(TrialStoreTest, AKilledWorkerLosesTheTrialThatItWasAtAndNoOther) {
  const auto folder = empty_folder("trial_store_killed");
  std::filesystem::create_directories(folder);
  const pid_t worker = start_worker(folder, true);
  // It has finished trials 0 to 8 when it writes that it is at 9.
  while (trained(folder).count(9) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ASSERT_EQ(::kill(worker, SIGKILL), 0);
  ASSERT_EQ(::waitpid(worker, nullptr, 0), worker);
  Slow slow(folder / "log");
  StoredAccuracy accuracy(slow, TrialStore(folder), 2);
  const auto scores = accuracy.scores(twelve_trials());
  ASSERT_TRUE(scores);
  EXPECT_EQ(scores->at(9).held_out, 0.09);
  EXPECT_EQ(trained(folder), (std::multiset<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 10, 11}));
}

TEST(TrialStoreTest, EqualTrialsSideBySideAreTrainedOnce) {
  const auto folder = empty_folder("trial_store_equal");
  std::filesystem::create_directories(folder);
  Slow slow(folder / "log");
  StoredAccuracy accuracy(slow, TrialStore(folder), 4);
  std::vector<Trial> trials = twelve_trials();
  trials.resize(2);
  for (int k = 0; k < 3; ++k) trials.push_back(trials[0]);
  const auto scores = accuracy.scores(trials);
  ASSERT_TRUE(scores);
  EXPECT_EQ(scores->at(4).held_out, scores->at(0).held_out);
  EXPECT_EQ(trained(folder), (std::multiset<int>{0, 1}));
}

TEST(TrialStoreTest, AfterAFailureNoFurtherTrialStarts) {
  const auto folder = empty_folder("trial_store_stops");
  Counting counting;
  StoredAccuracy accuracy(counting, TrialStore(folder));
  std::vector<Trial> trials(4, kTrial);
  trials[1].seed = 13;
  trials[2].seed = 14;
  const auto scores = accuracy.scores(trials);
  ASSERT_FALSE(scores);
  EXPECT_EQ(scores.errors().front().code, "BM-TEST-000");
  EXPECT_EQ(counting.trained, 2);
  EXPECT_TRUE(*TrialStore(folder).find(kTrial));
}

TEST(TrialStoreTest, ATrialThatFailsLeavesNoFileAndTheOthersStay) {
  const auto folder = empty_folder("trial_store_failed");
  Counting counting;
  StoredAccuracy accuracy(counting, TrialStore(folder));
  ASSERT_TRUE(accuracy.score(kTrial));
  Trial failing = kTrial;
  failing.seed = 13;
  EXPECT_FALSE(accuracy.score(failing));
  EXPECT_FALSE(std::filesystem::exists(TrialStore(folder).path_of(failing)));
  EXPECT_TRUE(*TrialStore(folder).find(kTrial));
}

TEST(TrialStoreTest, EveryPartOfATrialChangesItsKey) {
  Trial other = kTrial;
  other.bits.activations[1] = 4;
  EXPECT_NE(key_of(other), key_of(kTrial));
  other = kTrial;
  other.seed = 8;
  EXPECT_NE(key_of(other), key_of(kTrial));
  other = kTrial;
  other.training = "5 epochs";
  EXPECT_NE(key_of(other), key_of(kTrial));
  EXPECT_EQ(key_of(kTrial).size(), 64U);
}

TEST(TrialStoreTest, AFileThatIsNoTrialIsRefused) {
  const TrialStore store(empty_folder("trial_store_broken"));
  ASSERT_TRUE(write_file(store.path_of(kTrial), "{\"held_out\": 1"));
  const auto found = store.find(kTrial);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.errors().front().message(),
            store.path_of(kTrial).string() +
                ": the file is no finished trial of this name; remove it, and the trial runs again "
                "[BM-SEARCH-006]");
}

}  // namespace
}  // namespace bitmason::search
