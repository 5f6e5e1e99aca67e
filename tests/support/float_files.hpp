#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/npy.hpp"

/// Containers in which others publish expected values. Damaged files throw std::runtime_error.
namespace bitmason::test {

/// Arrays of an `.npz` file (a zip of stored or deflated `.npy` entries) by name, without the ".npy".
std::map<std::string, NpyArray> read_npz(const std::filesystem::path& path);

/// Bytes of a gzip-compressed IDX file of unsigned bytes (the format of MNIST), and its shape.
struct IdxBytes {
  std::vector<std::int64_t> shape;
  std::vector<std::uint8_t> values;
};
IdxBytes read_idx_gz(const std::filesystem::path& path);

}  // namespace bitmason::test
