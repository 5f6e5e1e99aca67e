#include "search/kept_finds.hpp"

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "small_network.hpp"

namespace bitmason::search {
namespace {

using namespace testing;

/// Counts its searches; finds nothing in 64 cycles.
std::vector<Engine> counting(int& searches, std::string settings = {}) {
  return {{.name = "counting",
           .search = [&searches](const Problem&, std::int64_t interval) -> Result<std::optional<Found>> {
             ++searches;
             if (interval == 64) return std::optional<Found>();
             return std::optional(Found{.bits = {{2, 3, 4}, {4, 2, 3}}, .loss = 0.1, .bound = 0.05});
           },
           .settings = std::move(settings)}};
}

std::filesystem::path empty_folder(const std::string& name) {
  auto folder = std::filesystem::temp_directory_path() / ("bitmason_" + name);
  std::filesystem::remove_all(folder);
  return folder;
}

TEST(KeptFindsTest, ARestartSearchesNothingAgain) {
  const auto folder = empty_folder("kept_finds");
  const Small small({64, 384});
  const Problem problem = small.problem();
  int searches = 0;
  for (int run = 0; run < 2; ++run) {
    const KeptFinds finds(problem, counting(searches), folder);
    ASSERT_TRUE(finds.search_free());
    const auto engines = finds.engines();
    const auto found = engines[0].search(problem, 384);
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->bits, (Bits{{2, 3, 4}, {4, 2, 3}}));
    EXPECT_EQ((*found)->loss, 0.1);
    EXPECT_EQ((*found)->bound, 0.05);
    const auto none = engines[0].search(problem, 64);
    ASSERT_TRUE(none);
    EXPECT_FALSE(*none) << "that nothing was found is kept too";
  }
  EXPECT_EQ(searches, 2);
}

TEST(KeptFindsTest, OtherSettingsLossesOrPartsAreSearchedAnew) {
  const auto folder = empty_folder("kept_finds_other");
  Small small({384});
  int searches = 0;
  ASSERT_TRUE(KeptFinds(small.problem(), counting(searches), folder).search_free());
  ASSERT_TRUE(KeptFinds(small.problem(), counting(searches, "2 epochs"), folder).search_free());
  EXPECT_EQ(searches, 2);
  small.losses.weights[1][3] *= 2;
  ASSERT_TRUE(KeptFinds(small.problem(), counting(searches), folder).search_free());
  small.on.budget.limit.dsps = Dsps(11);
  ASSERT_TRUE(KeptFinds(small.problem(), counting(searches), folder).search_free());
  EXPECT_EQ(searches, 4);
}

TEST(KeptFindsTest, ADamagedFileIsRefusedByName) {
  const auto folder = empty_folder("kept_finds_broken");
  const Small small({384});
  const Problem problem = small.problem();
  int searches = 0;
  const KeptFinds finds(problem, counting(searches), folder);
  ASSERT_TRUE(finds.search_free());
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    ASSERT_TRUE(write_file(entry.path(), "{\"found\": {}}"));
    EXPECT_EQ(to_text(finds.engines()[0].search(problem, 384).errors()),
              entry.path().string() +
                  ": the file holds no find of a search; remove it, and the search runs again "
                  "[BM-SEARCH-008]\n");
  }
}

}  // namespace
}  // namespace bitmason::search
