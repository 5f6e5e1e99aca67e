#include "emit/design_folder.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "hw/simple_plan.hpp"

namespace bitmason::emit {
namespace {

namespace fs = std::filesystem;
using plan::testing::plain_primitive;
using plan::testing::simple_plan;

const fs::path kGolden = fs::path(BITMASON_SOURCE_DIR) / "tests/emit/tiny_top.sv";
const fs::path kRtl = fs::path(BITMASON_SOURCE_DIR) / "rtl";

/// y = 2 * conv(x) + x on a (2, 2, 2) frame of 2 bit codes.
ir::Network tiny_network() {
  ir::NetworkBuilder builder("tiny");
  const auto x = builder.add_input("x", {{2, 2, 2}, {0, 3}}, {.name = "x"});
  const ir::Conv conv{
      .weights = {.out_channels = 2, .in_channels = 2, .values = {1, -2, 3, 1}, .range = {-4, 3}},
      .bias = {5, -6}};
  const auto sum = builder.add("conv.1", conv, {*x});
  const auto out = builder.add("skip", ir::Add{.multipliers = {2, 1}, .constant = -1}, {*sum, *x});
  EXPECT_TRUE(builder.add_output({.name = "y", .layer = out->index}));
  return *std::move(builder).build();
}

hw::Design tiny_design(const ir::Network& network) {
  return *hw::lower(network, simple_plan(network), {.name = "test_part"}, plain_primitive());
}

/// True when the program was started with --update-golden.
bool update_golden() {
  const auto arguments = ::testing::internal::GetArgvs();
  return std::find(arguments.begin(), arguments.end(), "--update-golden") != arguments.end();
}

class DesignFolderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(BITMASON_BINARY_DIR) / ("emit_test_" + std::to_string(::getpid()));
    fs::create_directories(root_);
  }
  void TearDown() override { fs::remove_all(root_); }
  fs::path root_;
};

TEST(PrintTest, TheTopLevelOfTheTinyNetworkIsTheGoldenOne) {
  const ir::Network network = tiny_network();
  const std::string text = print_top(tiny_design(network));
  if (update_golden()) {
    ASSERT_TRUE(write_file(kGolden, text));
  }
  const auto golden = read_file(kGolden);
  ASSERT_TRUE(golden) << "run emit_tests --update-golden";
  EXPECT_EQ(text, *golden);
}

TEST(PrintTest, MemoryWordsAreHexadecimalWithTheirFullWidth) {
  const hw::MemoryFile memory{.name = "m", .width = 68, .words = {{0x123, 0xa}, {~std::uint64_t{0}, 0x5}}};
  EXPECT_EQ(print_memory(memory), "a0000000000000123\n5ffffffffffffffff\n");
}

TEST_F(DesignFolderTest, WritesEveryFileThatItLists) {
  const ir::Network network = tiny_network();
  const Status written = write_design(tiny_design(network), network, root_ / "out", kRtl);
  ASSERT_TRUE(written.ok()) << to_text(written.errors());
  const auto manifest = nlohmann::json::parse(*read_file(root_ / "out/design.json"));
  for (const char* key : {"sources", "simulation_sources"}) {
    for (const auto& file : manifest.at(key)) {
      EXPECT_TRUE(fs::exists(root_ / "out" / file.get<std::string>())) << file;
    }
  }
  // x, conv.1 and skip; weights and bias of the one convolution.
  EXPECT_EQ(manifest.at("layers").size(), 3u);
  EXPECT_EQ(manifest.at("memories").size(), 2u);
  EXPECT_EQ(manifest.at("inputs")[0].at("tdata_bits"), 8);
  EXPECT_EQ(*read_file(root_ / "out/rtl/bm_conv.sv"), *read_file(kRtl / "bm_conv.sv"));
  EXPECT_FALSE(fs::exists(root_ / "out/rtl/bm_pool.sv"));
}

TEST_F(DesignFolderTest, WritingTwiceGivesTheSameBytes) {
  const ir::Network network = tiny_network();
  const hw::Design design = tiny_design(network);
  ASSERT_TRUE(write_design(design, network, root_ / "out", kRtl));
  const std::string first = *read_file(root_ / "out/design.json");
  ASSERT_TRUE(write_design(design, network, root_ / "out", kRtl, {{"report.txt", "fine"}}));
  EXPECT_EQ(*read_file(root_ / "out/report.txt"), "fine");
  ASSERT_TRUE(write_design(design, network, root_ / "out/", kRtl, {{"report.txt", "again"}}));
  EXPECT_EQ(*read_file(root_ / "out/report.txt"), "again");
  EXPECT_EQ(*read_file(root_ / "out/design.json"), first);
  EXPECT_EQ(std::distance(fs::directory_iterator(root_), fs::directory_iterator()), 1);
}

TEST_F(DesignFolderTest, RefusesAFolderThatHoldsSomethingElse) {
  const ir::Network network = tiny_network();
  ASSERT_TRUE(write_file(root_ / "mine/notes.txt", "keep"));
  const Status written = write_design(tiny_design(network), network, root_ / "mine", kRtl);
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.errors().front().message(), (root_ / "mine").string() +
                                                    ": the folder holds 1 entries and no design.json, so it "
                                                    "is no design of ours; choose another folder or "
                                                    "empty it [BM-EMIT-001]");
  EXPECT_TRUE(fs::exists(root_ / "mine/notes.txt"));
}

TEST_F(DesignFolderTest, RefusesADesignBesideWhichSomethingElseLies) {
  const ir::Network network = tiny_network();
  for (const char* entry : {"notes.txt", "rtl/mine.sv", "mem/deep/w.hex", "photos"}) {
    fs::remove_all(root_ / "out");
    ASSERT_TRUE(write_design(tiny_design(network), network, root_ / "out", kRtl));
    if (std::string(entry) == "photos") {
      fs::create_directories(root_ / "out/photos");
    } else {
      ASSERT_TRUE(write_file(root_ / "out" / entry, "keep"));
    }
    const Status written = write_design(tiny_design(network), network, root_ / "out", kRtl);
    ASSERT_FALSE(written.ok()) << entry;
    const std::string first = std::string(entry) == "mem/deep/w.hex" ? "mem/deep" : entry;
    EXPECT_EQ(
        written.errors().front().message(),
        (root_ / "out").string() + ": the folder holds " + first +
            ", which no build writes, and would be replaced as a whole; move that away or choose another "
            "folder [BM-EMIT-004]");
    EXPECT_TRUE(fs::exists(root_ / "out" / entry));
  }
}

TEST_F(DesignFolderTest, RefusesADesignJsonOfSomebodyElse) {
  const ir::Network network = tiny_network();
  for (const char* text : {"{}", "[1]", "not json", R"({"format": "figma"})", ""}) {
    ASSERT_TRUE(write_file(root_ / "mine/design.json", text));
    const Status written = write_design(tiny_design(network), network, root_ / "mine", kRtl);
    ASSERT_FALSE(written.ok()) << text;
    EXPECT_EQ(written.errors().front().message(),
              (root_ / "mine").string() +
                  ": the folder's design.json lacks \"format\": \"bitmason-design\", so it is no design of "
                  "ours; choose another folder or empty it [BM-EMIT-005]");
    EXPECT_EQ(*read_file(root_ / "mine/design.json"), text);
  }
}

TEST_F(DesignFolderTest, RefusesTheCurrentFolderAndWhatHoldsIt) {
  const ir::Network network = tiny_network();
  fs::create_directories(root_ / "here/deeper");
  const fs::path before = fs::current_path();
  fs::current_path(root_ / "here/deeper");
  for (const char* folder : {".", ".."}) {
    const Status written = write_design(tiny_design(network), network, folder, kRtl);
    EXPECT_FALSE(written.ok()) << folder;
    if (written.ok()) continue;
    EXPECT_EQ(written.errors().front().text,
              "the folder is or holds the current one, which a build cannot replace; call from outside it or "
              "choose another folder");
  }
  fs::current_path(before);
  EXPECT_TRUE(fs::exists(root_ / "here/deeper"));
}

TEST_F(DesignFolderTest, ReplacesTheDesignBehindALink) {
  const ir::Network network = tiny_network();
  ASSERT_TRUE(write_design(tiny_design(network), network, root_ / "real", kRtl));
  ASSERT_TRUE(write_file(root_ / "real/top.sv", "changed"));
  fs::create_directory_symlink(root_ / "real", root_ / "link");
  ASSERT_TRUE(write_design(tiny_design(network), network, root_ / "link", kRtl));
  EXPECT_TRUE(fs::is_symlink(root_ / "link"));
  EXPECT_NE(*read_file(root_ / "real/top.sv"), "changed");
}

TEST_F(DesignFolderTest, RefusesNamesThatNoFolderCanHave) {
  const ir::Network network = tiny_network();
  const Status none = write_design(tiny_design(network), network, "", kRtl);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(
      none.errors().front().text,
      "cannot put the folder in place (its name is empty); check the path, its permissions and free space");
  const Status deep = write_design(tiny_design(network), network, root_ / std::string(5000, 'x'), kRtl);
  ASSERT_FALSE(deep.ok());
  EXPECT_EQ(deep.errors().front().code, "BM-EMIT-003");
}

TEST_F(DesignFolderTest, RefusesALibraryWithoutTheModule) {
  const ir::Network network = tiny_network();
  fs::create_directories(root_ / "empty");
  const Status written = write_design(tiny_design(network), network, root_ / "out", root_ / "empty");
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.errors().front().message(),
            "u_s_axis: module bm_axis_in has no file under " + (root_ / "empty").string() +
                "; give the folder that holds the RTL library [BM-EMIT-002]");
}

TEST_F(DesignFolderTest, RefusesATargetThatIsAFile) {
  const ir::Network network = tiny_network();
  ASSERT_TRUE(write_file(root_ / "out", "x"));
  const Status written = write_design(tiny_design(network), network, root_ / "out", kRtl);
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.errors().front().message(),
            (root_ / "out").string() +
                ": cannot put the folder in place (it is a file); check the path, its permissions "
                "and free space [BM-EMIT-003]");
}

TEST_F(DesignFolderTest, ThePrintedTopLevelLints) {
  if (std::system("verilator --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "verilator is not installed";
  const ir::Network network = tiny_network();
  ASSERT_TRUE(write_design(tiny_design(network), network, root_ / "out", kRtl));
  const std::string out = (root_ / "out").string();
  const std::string command = "verilator --lint-only --top-module top -DBITMASON_MEM='\"" + out +
                              "/mem/\"' -F " + out + "/filelist_sim.f > " + out + "/lint.log 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << *read_file(root_ / "out/lint.log");
}

}  // namespace
}  // namespace bitmason::emit
