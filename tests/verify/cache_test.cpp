#include "verify/cache.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.hpp"
#include "verify/diagnostics.hpp"

namespace bitmason::verify {
namespace {

namespace fs = std::filesystem;

class CacheTest : public testing::Test {
 protected:
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_ = fs::temp_directory_path() / ("bitmason_cache_" + std::to_string(::getpid()));
};

CacheKey key(std::string_view a, std::string_view b) {
  CacheKey key;
  key.add("a", a);
  key.add("b", b);
  return key;
}

TEST_F(CacheTest, MakesAnEntryOnceAndReturnsItAfterwards) {
  const Cache cache(folder_);
  int made = 0;
  const auto make = [&](const fs::path& folder) {
    ++made;
    return write_file(folder / "x", "42");
  };
  EXPECT_FALSE(cache.holds("kind", key("1", "2")));
  const auto first = cache.obtain("kind", key("1", "2"), make);
  const auto second = cache.obtain("kind", key("1", "2"), make);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(made, 1);
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(*read_file(*second / "x"), "42");
  EXPECT_TRUE(cache.holds("kind", key("1", "2")));
}

TEST_F(CacheTest, KeepsNothingOfAFailedAttemptAndTriesAgain) {
  const Cache cache(folder_);
  const auto failed = cache.obtain("kind", key("1", "2"), [](const fs::path& folder) -> Status {
    (void)write_file(folder / "half", "written");
    return make_diagnostic(diagnostics::kLoop, "x", {"y"});
  });
  EXPECT_FALSE(failed.ok());
  EXPECT_FALSE(cache.holds("kind", key("1", "2")));
  const auto entry = cache.obtain("kind", key("1", "2"), [](const fs::path&) { return success(); });
  ASSERT_TRUE(entry.ok());
  EXPECT_FALSE(fs::exists(*entry / "half"));
}

TEST_F(CacheTest, SweepsTheTemporariesOfProcessesThatHaveEnded) {
  const pid_t ended = ::fork();
  if (ended == 0) ::_exit(0);
  int status = 0;
  ::waitpid(ended, &status, 0);
  const std::string gone = std::to_string(ended);
  const std::string here = std::to_string(::getpid());
  for (const std::string& name :
       {"kind-1.new." + gone + ".7", "run." + gone + ".abc", "kind-1.new." + here + ".7",
        "run." + here + ".abc", std::string("kind-2")}) {
    fs::create_directories(folder_ / name);
  }
  ASSERT_TRUE(Cache(folder_).obtain("kind", key("1", "2"), [](const fs::path&) { return success(); }));
  EXPECT_FALSE(fs::exists(folder_ / ("kind-1.new." + gone + ".7")));
  EXPECT_FALSE(fs::exists(folder_ / ("run." + gone + ".abc")));
  EXPECT_TRUE(fs::exists(folder_ / ("kind-1.new." + here + ".7")));
  EXPECT_TRUE(fs::exists(folder_ / ("run." + here + ".abc")));
  EXPECT_TRUE(fs::exists(folder_ / "kind-2"));
}

TEST_F(CacheTest, TellsKeysApartByContentOrderAndBoundary) {
  EXPECT_NE(key("1", "2").hex(), key("12", "").hex());
  EXPECT_NE(key("1", "2").hex(), key("2", "1").hex());
  EXPECT_EQ(key("1", "2").hex(), key("1", "2").hex());
  EXPECT_EQ(key("1", "2").hex().size(), 64U);
}

TEST_F(CacheTest, RefusesAFolderThatIsAFile) {
  ASSERT_TRUE(write_file(folder_, "a file"));
  const auto entry = Cache(folder_).obtain("kind", key("1", "2"), [](const fs::path&) { return success(); });
  ASSERT_FALSE(entry.ok());
  EXPECT_EQ(entry.errors()[0].message(),
            folder_.string() +
                ": cannot use the cache folder (Not a directory); check the path, its permissions and "
                "free space [BM-VERIFY-005]");
}

}  // namespace
}  // namespace bitmason::verify
