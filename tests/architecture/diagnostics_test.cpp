#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

/// The tables of diagnostics against the tests: each code stands in one table and in some test.
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = BITMASON_SOURCE_DIR;

/// Codes in the files below `folder`, each with the places where it stands.
std::map<std::string, std::set<std::string>> codes_below(const fs::path& folder, const std::string& pattern) {
  std::map<std::string, std::set<std::string>> codes;
  const std::regex code(pattern);
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream stream(entry.path());
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    for (std::sregex_iterator match(text.begin(), text.end(), code), end; match != end; ++match) {
      codes[(*match)[1]].insert(fs::relative(entry.path(), kRoot).string());
    }
  }
  return codes;
}

std::map<std::string, std::set<std::string>> defined_codes() {
  return codes_below(kRoot / "src", R"re(DiagnosticKind\s+\w+\{\s*"(BM-[A-Z]+-\d+)")re");
}

TEST(DiagnosticsTest, EveryCodeStandsInOneTable) {
  const auto codes = defined_codes();
  EXPECT_GT(codes.size(), 100u);
  for (const auto& [code, places] : codes) EXPECT_EQ(places.size(), 1u) << code;
}

TEST(DiagnosticsTest, EveryCodeStandsInATest) {
  const auto tested = codes_below(kRoot / "tests", R"((BM-[A-Z]+-\d+))");
  for (const auto& [code, places] : defined_codes()) {
    EXPECT_TRUE(tested.contains(code)) << code << " of " << *places.begin() << " occurs in no test";
  }
}

}  // namespace
