#include <nlohmann/json.hpp>

#include "cli_case.hpp"

/// The installed program, which must find what it reads beside itself.
namespace bitmason::cli {
namespace {

using Json = nlohmann::json;

class Installed : public Cli {
 protected:
  void SetUp() override {
    Cli::SetUp();
    const std::string command = "cmake --install '" BITMASON_BINARY_DIR "' --prefix '" + prefix().string() +
                                "' >'" + (work() / "../install.log").string() + "' 2>&1";
    ASSERT_EQ(std::system(command.c_str()), 0) << *read_file(work() / "../install.log");
    program_ = "'" + (prefix() / "bin/bitmason").string() + "'";
  }
  [[nodiscard]] fs::path prefix() const { return work().parent_path() / "prefix"; }
  [[nodiscard]] fs::path data() const { return prefix() / "share/bitmason"; }

  /// Adds a copy of the part under another name, by which the folder that was read is known.
  static void add_part(const fs::path& folder, const std::string& name) {
    Json part = Json::parse(*read_file(folder / "devices/parts/xczu3eg.json"));
    part["name"] = name;
    ASSERT_TRUE(write_file(folder / "devices/parts" / (name + ".json"), part.dump()));
  }
};

TEST_F(Installed, FindsPartsRtlAndBenchBesideItself) {
  add_part(data(), "beside");
  const Outcome parts = call("device list --json");
  ASSERT_EQ(parts.code, 0) << parts.err;
  EXPECT_EQ(Json::parse(parts.out).at("parts"),
            Json({"beside", "ice40up5k", "lfe5um5g-85f", "xc7z020", "xczu3eg", "xczu7ev"}));
  ASSERT_TRUE(write_file(data() / "rtl/bm_conv.sv", *read_file(data() / "rtl/bm_conv.sv") + "// beside\n"));
  const Outcome built = call(
      "build net.onnx --part beside --out design --verify --cache '" BITMASON_BINARY_DIR "/cli_test_cache'");
  ASSERT_EQ(built.code, 0) << built.err;
  EXPECT_NE(built.out.find("\nexact: 2 frames in Verilator equal"), std::string::npos) << built.out;
  EXPECT_TRUE(read_file(work() / "design/rtl/bm_conv.sv")->ends_with("// beside\n"));
}

TEST_F(Installed, BitmasonDataNamesAnotherFolder) {
  fs::copy(data(), work() / "data", fs::copy_options::recursive);
  add_part(work() / "data", "named");
  program_ = "BITMASON_DATA=data " + program_;
  const Outcome parts = call("device list --json");
  ASSERT_EQ(parts.code, 0) << parts.err;
  EXPECT_EQ(Json::parse(parts.out).at("parts"),
            Json({"ice40up5k", "lfe5um5g-85f", "named", "xc7z020", "xczu3eg", "xczu7ev"}));
  // An empty value names nothing; a folder without data is an error, never another folder's data.
  program_ = "BITMASON_DATA= '" + (prefix() / "bin/bitmason").string() + "'";
  EXPECT_EQ(call("device list").code, 0);
  program_ = "BITMASON_DATA=none '" + (prefix() / "bin/bitmason").string() + "'";
  const Outcome none = call("device list");
  EXPECT_EQ(none.code, 1);
  EXPECT_TRUE(none.err.starts_with("none/devices")) << none.err;
}

}  // namespace
}  // namespace bitmason::cli
