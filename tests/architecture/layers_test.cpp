#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

/// The layer table of ARCHITECTURE.md against every include and every link in src/CMakeLists.txt.
namespace {

namespace fs = std::filesystem;

using Table = std::map<std::string, std::set<std::string>>;

const fs::path kRoot = BITMASON_SOURCE_DIR;

std::string content_of(const fs::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::set<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

/// Rows "| room | may include | holds |" below the heading "## Layers".
Table documented_table() {
  const std::string text = content_of(kRoot / "ARCHITECTURE.md");
  Table table;
  std::istringstream lines(text.substr(text.find("## Layers")));
  const std::regex row(R"(\| (\w+) \|([^|]*)\|[^|]*\|)");
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, row) && match[1] != "room") table[match[1]] = words(match[2]);
  }
  return table;
}

std::vector<fs::path> sources_of(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const auto extension = entry.path().extension();
    if (extension == ".hpp" || extension == ".cpp") files.push_back(entry.path());
  }
  return files;
}

/// Rooms named by `#include "room/..."`.
std::set<std::string> included_rooms(const fs::path& file) {
  const std::string text = content_of(file);
  const std::regex include(R"re(#include "(\w+)/[^"]+")re");
  std::set<std::string> rooms;
  for (std::sregex_iterator match(text.begin(), text.end(), include), end; match != end; ++match) {
    rooms.insert((*match)[1]);
  }
  return rooms;
}

TEST(LayersTest, TheTableListsEveryRoomAndOnlyLowerOnes) {
  const Table table = documented_table();
  ASSERT_GE(table.size(), 14u);
  for (const auto& entry : fs::directory_iterator(kRoot / "src")) {
    const std::string room = entry.path().filename();
    EXPECT_TRUE(!entry.is_directory() || table.contains(room)) << room << " has no row";
  }
  for (const auto& [room, uses] : table) {
    EXPECT_TRUE(fs::is_directory(kRoot / "src" / room)) << room;
    for (const std::string& used : uses) {
      ASSERT_TRUE(table.contains(used)) << room << " uses " << used;
      EXPECT_FALSE(table.at(used).contains(room)) << room << " and " << used << " use each other";
    }
  }
}

TEST(LayersTest, NoIncludeLeavesItsRow) {
  for (const auto& [room, uses] : documented_table()) {
    for (const fs::path& file : sources_of(kRoot / "src" / room)) {
      for (const std::string& included : included_rooms(file)) {
        EXPECT_TRUE(included == room || uses.contains(included))
            << fs::relative(file, kRoot) << " includes " << included << "/, which the row of " << room
            << " forbids";
      }
    }
  }
}

TEST(LayersTest, TheCommandLineReachesOnlyFlowAndBase) {
  for (const fs::path& file : sources_of(kRoot / "tools" / "bitmason")) {
    for (const std::string& included : included_rooms(file)) {
      EXPECT_TRUE(included == "flow" || included == "base")
          << fs::relative(file, kRoot) << " includes " << included;
    }
  }
}

TEST(LayersTest, CMakeLinksWhatTheTableAllows) {
  const Table table = documented_table();
  const std::string text = content_of(kRoot / "src" / "CMakeLists.txt");
  const std::regex call(R"(bitmason_room\((\w+)\s+(?:USES ([\w\s]*?))?\s*(?:LINKS[^)]*)?\))");
  int seen = 0;
  for (std::sregex_iterator match(text.begin(), text.end(), call), end; match != end; ++match, ++seen) {
    const std::string room = (*match)[1];
    ASSERT_TRUE(table.contains(room)) << room;
    EXPECT_EQ(words((*match)[2]), table.at(room)) << room;
  }
  EXPECT_GE(seen, 13);
}

TEST(LayersTest, PublicHeadersNameNoThirdPartyHeader) {
  const std::regex system_include(R"(#include <([^>]+)>)");
  for (const fs::path& file : sources_of(kRoot / "src")) {
    if (file.extension() != ".hpp" || file.stem().string().ends_with("_internal")) continue;
    const std::string text = content_of(file);
    for (std::sregex_iterator match(text.begin(), text.end(), system_include), end; match != end; ++match) {
      const std::string header = (*match)[1];
      const bool standard = header.find('/') == std::string::npos && header.find('.') == std::string::npos;
      EXPECT_TRUE(standard) << fs::relative(file, kRoot) << " includes <" << header << ">";
    }
  }
}

TEST(LayersTest, JsonBecomesTextInOnePlace) {
  // json_text replaces what is not UTF-8; dump() throws.
  for (const char* folder : {"src", "tools"}) {
    for (const fs::path& file : sources_of(kRoot / folder)) {
      if (file.filename() == "json_internal.hpp") continue;
      EXPECT_EQ(content_of(file).find(".dump("), std::string::npos) << fs::relative(file, kRoot);
    }
  }
}

}  // namespace
