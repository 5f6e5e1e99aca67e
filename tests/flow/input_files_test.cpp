#include "base/file.hpp"
#include "flow/flow.hpp"
#include "flow_case.hpp"

namespace bitmason::flow {
namespace {

/// A .npy file of format 1.0 with this header and data.
std::string npy_text(const std::string& descr, bool fortran, const std::string& shape,
                     const std::string& bytes) {
  std::string header = "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") +
                       ", 'shape': " + shape + ", }";
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  std::string text("\x93NUMPY\x01\x00", 8);
  text += static_cast<char>(header.size() & 255);
  text += static_cast<char>(header.size() >> 8);
  return text + header + bytes;
}

TEST(InputFiles, EveryElementTypeAndOrderOfTheSameValuesGivesTheSameFile) {
  const cases::Scratch folder;
  NpyArray values{{3, 2, 4, 4}, NpyType::Int64, {}, {}};
  std::mt19937_64 random(3);
  for (int i = 0; i < 96; ++i) values.integers.push_back(static_cast<std::int64_t>(random() % 9));
  RunRequest request{.network = {.file = folder.save(cases::small_network())},
                     .inputs = {folder.text("x.npy")},
                     .outputs = {folder.text("y.npy")},
                     .data = cases::data()};
  folder.save(values, "x.npy");
  ASSERT_TRUE(run(request, cases::silent));
  const std::string expected = *read_file(folder / "y.npy");
  const auto expect_same = [&](const char* what) {
    cases::fs::remove(folder / "y.npy");
    const auto ran = run(request, cases::silent);
    ASSERT_TRUE(ran) << what << ": " << to_text(ran.errors());
    EXPECT_EQ(*read_file(folder / "y.npy"), expected) << what;
  };
  for (const NpyType type : {NpyType::UInt8, NpyType::Int8, NpyType::Int32, NpyType::UInt64}) {
    values.type = type;
    folder.save(values, "x.npy");
    expect_same("integers");
  }
  NpyArray reals{values.shape, NpyType::Float32, {}, {}};
  for (const std::int64_t value : values.integers) reals.reals.push_back(static_cast<double>(value));
  for (const NpyType type : {NpyType::Float16, NpyType::Float32, NpyType::Float64}) {
    reals.type = type;
    folder.save(reals, "x.npy");
    expect_same("floats");
  }
  std::string fortran, big_endian;
  for (std::size_t x = 0; x < 4; ++x) {
    for (std::size_t y = 0; y < 4; ++y) {
      for (std::size_t c = 0; c < 2; ++c) {
        for (std::size_t n = 0; n < 3; ++n)
          fortran += static_cast<char>(values.integers[((n * 2 + c) * 4 + y) * 4 + x]);
      }
    }
  }
  for (const std::int64_t value : values.integers) big_endian += {'\0', static_cast<char>(value)};
  ASSERT_TRUE(write_file(folder / "x.npy", npy_text("|u1", true, "(3, 2, 4, 4)", fortran)));
  expect_same("Fortran order");
  ASSERT_TRUE(write_file(folder / "x.npy", npy_text(">i2", false, "(3, 2, 4, 4)", big_endian)));
  expect_same("big endian");
}

}  // namespace
}  // namespace bitmason::flow
