#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/npy.hpp"

namespace bitmason {
namespace {

std::filesystem::path scratch(const std::string& name) {
  return std::filesystem::path(testing::TempDir()) / ("bitmason_npy_parts_" + name);
}

TEST(NpyParts, RowsComeInPartsWhateverTheOrderOfTheFile) {
  const std::vector<std::int64_t> values = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  ASSERT_TRUE(write_npy(scratch("rows.npy"), {{5, 2}, NpyType::Int16, values, {}}));
  // The same array in Fortran order: columns first.
  std::string fortran = *read_file(scratch("rows.npy"));
  fortran.replace(fortran.find("False"), 5, "True ");
  const std::size_t data = fortran.size() - 20;
  for (std::size_t i = 0; i < 10; ++i)
    fortran[data + 2 * i] = static_cast<char>(i < 5 ? 2 * i : 2 * (i - 5) + 1);
  ASSERT_TRUE(write_file(scratch("fortran.npy"), fortran));
  for (const char* name : {"rows.npy", "fortran.npy"}) {
    auto reader = NpyReader::open(scratch(name));
    ASSERT_TRUE(reader) << to_text(reader.errors());
    EXPECT_EQ(reader->rows(), 5);
    std::vector<std::int64_t> got;
    for (const std::int64_t rows : {2, 2, 1, 0}) {
      const auto part = reader->read(2);
      ASSERT_TRUE(part);
      EXPECT_EQ(part->shape, (std::vector<std::int64_t>{rows, 2}));
      got.insert(got.end(), part->integers.begin(), part->integers.end());
    }
    EXPECT_EQ(got, values) << name;
  }
}

TEST(NpyParts, AFileThatShrinksWhileItIsReadIsAnError) {
  ASSERT_TRUE(write_npy(scratch("shrinks.npy"), {{4}, NpyType::Int64, {1, 2, 3, 4}, {}}));
  auto reader = NpyReader::open(scratch("shrinks.npy"));
  ASSERT_TRUE(reader);
  ASSERT_TRUE(reader->read(2));
  std::filesystem::resize_file(scratch("shrinks.npy"),
                               std::filesystem::file_size(scratch("shrinks.npy")) - 8);
  const auto rest = reader->read(2);
  ASSERT_FALSE(rest);
  EXPECT_EQ(rest.errors().front().text,
            "the header promises 32 bytes of data and the file holds 24; save it again");
}

TEST(NpyParts, AnArrayInPartsIsTheWholeFileAndWithoutFinishNothing) {
  const NpyArray whole{{3, 2}, NpyType::Float32, {}, {1, 2, 3, 4, 5, 6}};
  ASSERT_TRUE(write_npy(scratch("whole.npy"), whole));
  const auto parts = scratch("new_folder/parts.npy");
  std::filesystem::remove_all(parts.parent_path());
  {
    auto writer = NpyWriter::create(parts, {3, 2}, NpyType::Float32);
    ASSERT_TRUE(writer && writer->append({{1, 2}, NpyType::Float32, {}, {1, 2}}));
    EXPECT_EQ(writer->file().new_folders(), std::vector{parts.parent_path()});
    EXPECT_FALSE(std::filesystem::exists(parts));
  }
  EXPECT_FALSE(std::filesystem::exists(parts.parent_path()));
  auto writer = NpyWriter::create(parts, {3, 2}, NpyType::Float32);
  ASSERT_TRUE(writer && writer->append({{1, 2}, NpyType::Float32, {}, {1, 2}}));
  ASSERT_TRUE(writer->append({{2, 2}, NpyType::Float32, {}, {3, 4, 5, 6}}));
  ASSERT_TRUE(writer->finish());
  EXPECT_EQ(*read_file(parts), *read_file(scratch("whole.npy")));
}

}  // namespace
}  // namespace bitmason
