#include "flow/ports.hpp"

#include "base/file.hpp"
#include "flow_case.hpp"

namespace bitmason::flow {
namespace {

using Files = std::vector<std::filesystem::path>;

std::string error_of(const std::vector<std::string>& arguments, const std::vector<std::string>& ports) {
  const auto files = match_files(arguments, ports, "inputs");
  return files ? "accepted" : to_text(files.errors());
}

TEST(Ports, OneFileNeedsNoName) {
  EXPECT_EQ(*match_files({"x.npy"}, {"image"}, "inputs"), Files{"x.npy"});
  EXPECT_EQ(*match_files({"image=x.npy"}, {"image"}, "inputs"), Files{"x.npy"});
}

TEST(Ports, AnUnknownNameIsNoFileUnlessItIsPlainlyAPath) {
  EXPECT_EQ(error_of({"foo=x.npy"}, {"image"}),
            "foo: the network has no inputs of this name; it has image [BM-FLOW-004]\n");
  EXPECT_EQ(error_of({"run=3/x.npy"}, {"image"}),
            "run: the network has no inputs of this name; it has image [BM-FLOW-004]\n");
  const cases::Scratch folder;
  const std::string file = folder.text("foo=x.npy");
  // The scratch folder's own name holds no "=".
  EXPECT_TRUE(error_of({file}, {"image"}).ends_with("[BM-FLOW-004]\n"));
  ASSERT_TRUE(write_file(file, ""));
  EXPECT_EQ(*match_files({file}, {"image"}, "inputs"), Files{file});
  std::filesystem::create_directories(folder / "run=3");
  const std::string inside = folder.text("run=3/new.npy");
  EXPECT_EQ(*match_files({inside}, {"image"}, "outputs"), Files{inside});
}

TEST(Ports, NamesPutFilesInThePortsOrder) {
  EXPECT_EQ(*match_files({"b=2.npy", "a=1=1.npy"}, {"a", "b"}, "inputs"), (Files{"1=1.npy", "2.npy"}));
  EXPECT_EQ(*match_files({"a=2.npy", "a=b=1.npy"}, {"a=b", "a"}, "inputs"), (Files{"1.npy", "2.npy"}));
}

TEST(Ports, OtherCountsAreRefused) {
  EXPECT_EQ(error_of({"x.npy"}, {"a", "b"}),
            "--input: the network has 2 inputs (a, b) and 1 files are given; give one NAME=FILE for each "
            "[BM-FLOW-003]\n");
  EXPECT_EQ(error_of({"x.npy", "y.npy"}, {"a"}),
            "--input: the network has 1 inputs (a) and 2 files are given; give one NAME=FILE for each "
            "[BM-FLOW-003]\n");
  EXPECT_EQ(error_of({"a=x.npy", "a=y.npy"}, {"a", "b"}),
            "--input: a is named twice; give one NAME=FILE for each of a, b [BM-FLOW-014]\n");
  for (const char* empty : {"a=", ""}) {
    EXPECT_EQ(error_of({empty}, {"a"}),
              "--input: the name of the file is empty; give for example x.npy [BM-FLOW-021]\n");
  }
}

TEST(Ports, UnknownAndMissingNamesAreRefused) {
  EXPECT_EQ(error_of({"a=x.npy", "c=y.npy"}, {"a", "b"}),
            "c: the network has no inputs of this name; it has a, b [BM-FLOW-004]\n");
  EXPECT_EQ(error_of({"a=x.npy", "y.npy"}, {"a", "b"}),
            "y.npy: the network has no inputs of this name; it has a, b [BM-FLOW-004]\n");
}

TEST(Ports, TwoOutputsInOneFileAreRefused) {
  EXPECT_TRUE(check_distinct({"x.npy", "y.npy"}));
  const auto status = check_distinct({"x.npy", "./x.npy"});
  ASSERT_FALSE(status);
  EXPECT_EQ(to_text(status.errors()),
            "./x.npy: two outputs go to this file; give each output its own [BM-FLOW-015]\n");
}

}  // namespace
}  // namespace bitmason::flow
