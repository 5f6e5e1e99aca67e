#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "base/file.hpp"
#include "device/device.hpp"

/// Shared by the device room's tests: the committed data, and copies of it with one thing broken.
namespace bitmason::device::test {

inline std::filesystem::path committed() {
  return std::filesystem::path(BITMASON_SOURCE_DIR) / "devices";
}

/// A folder with one primitive and one part that a test may damage; removed at the end.
class Copy {
 public:
  Copy() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder = std::filesystem::path(testing::TempDir()) / ("bitmason_device_" + std::string(info->name()));
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder / "primitives");
    std::filesystem::create_directories(folder / "parts");
    std::filesystem::copy(committed() / "primitives/dsp48e2.json", folder / "primitives");
    std::filesystem::copy(committed() / "parts/xczu3eg.json", folder / "parts");
  }
  ~Copy() { std::filesystem::remove_all(folder); }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  [[nodiscard]] nlohmann::ordered_json part() const {
    return nlohmann::ordered_json::parse(read_file(folder / "parts/xczu3eg.json").value());
  }
  void write_part(const std::string& text) const {
    ASSERT_TRUE(write_file(folder / "parts/xczu3eg.json", text).ok());
  }
  void write_part(const nlohmann::ordered_json& document) const { write_part(document.dump()); }

  /// Messages of loading the folder; "" where it loads.
  [[nodiscard]] std::string messages() const {
    const auto database = load_database(folder);
    return database.ok() ? "" : to_text(database.errors());
  }

  std::filesystem::path folder;
};

}  // namespace bitmason::device::test
