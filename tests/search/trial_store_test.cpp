#include "search/trial_store.hpp"

#include <gtest/gtest.h>

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
