#include "base/file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diagnostic.hpp"

namespace bitmason {
namespace {

std::filesystem::path scratch(const std::string& name) {
  return std::filesystem::path(testing::TempDir()) / "bitmason_file_test" / name;
}

TEST(FileTest, WritesBytesThatReadBackAndCreatesFolders) {
  const std::string bytes("a\0b\n\xff", 5);
  const auto path = scratch("one/two/file.bin");
  ASSERT_TRUE(write_file(path, bytes));
  EXPECT_EQ(read_file(path).value(), bytes);
  std::size_t entries = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(path.parent_path()))
    ++entries;
  EXPECT_EQ(entries, 1U) << "the temporary file is gone";
}

TEST(FileTest, APipeIsWrittenAndStaysAPipe) {
  const auto path = scratch("pipe");
  std::filesystem::create_directories(path.parent_path());
  std::filesystem::remove(path);
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  EXPECT_TRUE(write_file(path, "beats"));
  char bytes[8] = {};
  EXPECT_EQ(::read(reader, bytes, sizeof bytes), 5);
  EXPECT_STREQ(bytes, "beats");
  ::close(reader);
  EXPECT_TRUE(std::filesystem::is_fifo(path));
}

TEST(FileTest, MissingFileAndFolderAreRefused) {
  const std::string missing = scratch("missing").string();
  EXPECT_EQ(
      read_file(missing).errors().front().message(),
      missing + ": cannot read the file (no such file); check the path and its permissions [BM-FILE-001]");
  ASSERT_TRUE(write_file(scratch("here"), ""));
  const std::string folder = scratch("").string();
  EXPECT_EQ(read_file(folder).errors().front().text,
            "cannot read the file (it is a folder); check the path and its permissions");
}

TEST(FileTest, FilesAboveTheLimitAreRefused) {
  ASSERT_TRUE(write_file(scratch("four"), "1234"));
  EXPECT_TRUE(read_file(scratch("four"), 4));
  const std::string four = scratch("four").string();
  EXPECT_EQ(read_file(four, 3).errors().front().message(),
            four + ": the file has 4 bytes and the limit is 3; give a smaller file [BM-FILE-003]");
}

TEST(FileTest, WhatNeverEndsIsReadUpToTheLimit) {
  EXPECT_EQ(read_file("/dev/zero", 1000).errors().front().message(),
            "/dev/zero: the file has more than 1000 bytes and the limit is 1000; give a smaller file "
            "[BM-FILE-003]");
  EXPECT_EQ(read_file("/dev/null").value(), "");
}

TEST(FileTest, PathsThatNoFolderCanHoldAreRefused) {
  EXPECT_EQ(read_file(std::string(5000, 'x')).errors().front().text,
            "cannot read the file (File name too long); check the path and its permissions");
  EXPECT_EQ(write_file(std::string(5000, 'x'), "y").errors().front().text,
            "cannot write the file (File name too long); check the folder, its permissions and free space");
  EXPECT_FALSE(write_file("", "y"));
}

TEST(FileTest, WritingBelowAFileIsRefused) {
  ASSERT_TRUE(write_file(scratch("plain"), "x"));
  const auto status = write_file(scratch("plain/below"), "y");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.errors().front().code, "BM-FILE-002");
  EXPECT_EQ(status.errors().front().text,
            "cannot write the file (Not a directory); check the folder, its permissions and free space");
}

TEST(FileTest, Sha256OfAbcIsThatOfTheStandard) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace bitmason
