#include "base/npy.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "base/file.hpp"

namespace bitmason {
namespace {

using namespace std::string_literals;

std::filesystem::path scratch(const std::string& name) {
  return std::filesystem::path(testing::TempDir()) / ("bitmason_npy_" + name);
}

/// A version 1 file with this dictionary and data, written by hand.
std::string npy(const std::string& dictionary, const std::string& data, char version = 1) {
  std::string file = "\x93NUMPY"s + version + '\0';
  file += static_cast<char>(dictionary.size() & 255);
  file += static_cast<char>(dictionary.size() >> 8);
  if (version > 1) file += "\0\0"s;
  return file + dictionary + data;
}

std::string dictionary(const std::string& descr, const std::string& shape,
                       const std::string& order = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
}

Result<NpyArray> read_bytes(const std::string& bytes) {
  const auto path = scratch("in.npy");
  EXPECT_TRUE(write_file(path, bytes));
  return read_npy(path);
}

std::string message_of(const std::string& bytes) {
  const auto array = read_bytes(bytes);
  return array ? "fine" : array.errors().front().text + " [" + array.errors().front().code + "]";
}

TEST(NpyTest, ReadsInt16LittleAndBigEndian) {
  const auto little = read_bytes(npy(dictionary("<i2", "(2,)"), "\x01\x02\xfe\xff"s));
  ASSERT_TRUE(little);
  EXPECT_EQ(little->integers, (std::vector<std::int64_t>{0x0201, -2}));
  const auto big = read_bytes(npy(dictionary(">i2", "(2,)"), "\x01\x02\xfe\xff"s));
  ASSERT_TRUE(big);
  EXPECT_EQ(big->integers, (std::vector<std::int64_t>{0x0102, -257}));
}

TEST(NpyTest, FortranOrderTwoByThreeBecomesCOrder) {
  const auto array = read_bytes(npy(dictionary("|u1", "(2, 3)", "True"), "\0\3\1\4\2\5"s));
  ASSERT_TRUE(array);
  EXPECT_EQ(array->shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(array->integers, (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5}));
}

TEST(NpyTest, FortranOrderOfThreeDimensions) {
  // Element (i, j, k) holds 100 i + 10 j + k; in Fortran order i runs fastest.
  std::string data;
  for (int k = 0; k < 2; ++k) {
    for (int j = 0; j < 3; ++j) {
      for (int i = 0; i < 2; ++i) data += static_cast<char>(100 * i + 10 * j + k);
    }
  }
  const auto array = read_bytes(npy(dictionary("|u1", "(2, 3, 2)", "True"), data));
  ASSERT_TRUE(array);
  EXPECT_EQ(array->integers, (std::vector<std::int64_t>{0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121}));
}

TEST(NpyTest, Float16ConvertsExactly) {
  // 1, -2, 65504 (largest), 2^-24 (smallest), 2^-14 (smallest normal), infinity, 0.333251953125
  const auto array =
      read_bytes(npy(dictionary("<f2", "(7,)"), "\x00\x3c\x00\xc0\xff\x7b\x01\x00\x00\x04\x00\x7c\x55\x35"s));
  ASSERT_TRUE(array);
  EXPECT_EQ(array->reals, (std::vector<double>{1, -2, 65504, std::ldexp(1, -24), std::ldexp(1, -14),
                                               std::numeric_limits<double>::infinity(), 0.333251953125}));
}

TEST(NpyTest, FloatsKeepTheirValueInEitherOrder) {
  EXPECT_EQ(read_bytes(npy(dictionary(">f4", "()"), "\x3f\xa0\x00\x00"s))->reals,
            (std::vector<double>{1.25}));
  EXPECT_EQ(read_bytes(npy(dictionary("<f8", "(1,)"), "\0\0\0\0\0\0\xf4\xbf"s))->reals,
            (std::vector<double>{-1.25}));
}

TEST(NpyTest, Versions2And3HaveLongHeaders) {
  for (const char version : {'\2', '\3'}) {
    const auto array = read_bytes(npy(dictionary("|b1", "(2,)"), "\0\1"s, version));
    ASSERT_TRUE(array);
    EXPECT_EQ(array->type, NpyType::Bool);
    EXPECT_EQ(array->integers, (std::vector<std::int64_t>{0, 1}));
  }
}

TEST(NpyTest, EmptyArrayAndOtherKeyOrder) {
  const auto array = read_bytes(npy("{\"shape\":(0,9L),\"fortran_order\":False,\"descr\":\"<u4\"}", ""));
  ASSERT_TRUE(array);
  EXPECT_EQ(array->shape, (std::vector<std::int64_t>{0, 9}));
  EXPECT_EQ(array->size(), 0U);
}

TEST(NpyTest, EveryTypeSurvivesWritingAndReading) {
  for (int t = 0; t <= static_cast<int>(NpyType::Float64); ++t) {
    NpyArray array{{1, 3}, static_cast<NpyType>(t), {}, {}};
    if (array.is_integer()) {
      array.integers = {0, 1, array.type == NpyType::Bool ? 1 : array.type < NpyType::UInt8 ? -128 : 255};
    } else {
      array.reals = {0.5, -1.25, 1024.0};
    }
    ASSERT_TRUE(write_npy(scratch("out.npy"), array));
    EXPECT_EQ(read_file(scratch("out.npy"))->find('\n') % 64, 63U);
    const auto again = read_npy(scratch("out.npy"));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->shape, array.shape);
    EXPECT_EQ(again->type, array.type);
    EXPECT_EQ(again->integers, array.integers);
    EXPECT_EQ(again->reals, array.reals);
  }
}

TEST(NpyTest, WritingFloat16RoundsTiesToEven) {
  // 2049 lies between 2048 and 2050, 2051 between 2050 and 2052; 65519 rounds down, 65520 overflows.
  const NpyArray array{{5}, NpyType::Float16, {}, {2049, 2051, 65519, 65520, 1.5 * std::ldexp(1, -24)}};
  ASSERT_TRUE(write_npy(scratch("half.npy"), array));
  EXPECT_EQ(read_npy(scratch("half.npy"))->reals,
            (std::vector<double>{2048, 2052, 65504, HUGE_VAL, std::ldexp(1, -23)}));
}

TEST(NpyTest, AllFloat16BitsSurvive) {
  std::string data;
  for (int i = 0; i < 65536; ++i) {
    const int exponent = (i >> 10) & 31;
    const int bits = exponent == 31 && (i & 1023) != 0 ? 0 : i;  // a NaN does not compare
    data += static_cast<char>(bits & 255);
    data += static_cast<char>(bits >> 8);
  }
  const std::string file = npy(dictionary("<f2", "(65536,)"), data);
  const auto array = read_bytes(file);
  ASSERT_TRUE(array && write_npy(scratch("half.npy"), *array));
  const std::string written = read_file(scratch("half.npy")).value();
  EXPECT_TRUE(written.substr(written.size() - data.size()) == data);
}

TEST(NpyTest, RefusesWhatIsNoNpyFile) {
  EXPECT_EQ(message_of("PK"), "is not a .npy file (it has 2 bytes); save it with numpy.save [BM-NPY-001]");
  EXPECT_EQ(message_of("not an array"),
            "is not a .npy file (it does not start with \\x93NUMPY); save it with numpy.save [BM-NPY-001]");
  EXPECT_EQ(
      message_of(npy(dictionary("<i2", "(1,)"), "ab", 4)),
      "is not a .npy file (it has format version 4, known are 1 to 3); save it with numpy.save [BM-NPY-001]");
}

TEST(NpyTest, RefusesMalformedHeadersWithTheirByte) {
  EXPECT_EQ(message_of(npy("{'descr': '<i2', 'shape': (1,)}", "ab")),
            "the .npy header is malformed at byte 41; save it again with numpy.save [BM-NPY-002]");
  EXPECT_EQ(message_of(npy("{'descr': '<i2', 'fortran_order': No}", "ab")),
            "the .npy header is malformed at byte 44; save it again with numpy.save [BM-NPY-002]");
  EXPECT_EQ(message_of(npy(dictionary("<i2", "(-1,)"), "ab")),
            "the .npy header is malformed at byte 61; save it again with numpy.save [BM-NPY-002]");
  EXPECT_EQ(message_of("\x93NUMPY\1\0\x70\0{'descr"s),
            "the .npy header is malformed at byte 17, where the file ends; save it again with numpy.save "
            "[BM-NPY-002]");
}

TEST(NpyTest, RefusesElementsThatAreNoNumbers) {
  EXPECT_EQ(message_of(npy(dictionary("<c8", "(1,)"), "12345678")),
            "element type '<c8' is not a number; convert the array to an integer or float type [BM-NPY-003]");
  EXPECT_EQ(
      message_of(npy("{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,), }", "1234")),
      "element type with fields is not a number; convert the array to an integer or float type [BM-NPY-003]");
}

TEST(NpyTest, RefusesSizesThatDisagree) {
  EXPECT_EQ(message_of(npy(dictionary("<i4", "(3, 2)"), "1234")),
            "the header promises 24 bytes of data and the file holds 4; save it again [BM-NPY-004]");
  EXPECT_EQ(
      message_of(npy(dictionary("<i4", "(999999999999, 999999999999)"), "1234")),
      "the header promises more than 2^64 bytes of data and the file holds 4; save it again [BM-NPY-004]");
}

TEST(NpyTest, RefusesUnsignedValuesAboveInt64) {
  EXPECT_EQ(message_of(npy(dictionary("<u8", "(1,)"), std::string(8, '\xff'))),
            "element 0 is 18446744073709551615, above the largest signed 64-bit integer; convert the array "
            "to int64 "
            "[BM-NPY-005]");
}

TEST(NpyTest, DamagedFilesNeverCrash) {
  const std::string whole = npy(dictionary("<f4", "(2, 3)", "True"), std::string(24, 'x'));
  std::mt19937 random(1);
  int refused = 0;
  for (int round = 0; round < 500; ++round) {
    std::string damaged = whole;
    for (int k = 0; k < 3; ++k) damaged[random() % damaged.size()] = static_cast<char>(random());
    if (round % 3 == 0) damaged.resize(random() % damaged.size());
    refused += read_bytes(damaged).ok() ? 0 : 1;
  }
  EXPECT_GT(refused, 300);
}

}  // namespace
}  // namespace bitmason
