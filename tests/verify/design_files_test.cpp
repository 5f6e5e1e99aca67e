#include "verify/design_files.hpp"

#include "tiny_design.hpp"

namespace bitmason::verify {
namespace {

namespace fs = std::filesystem;

TEST(DesignFiles, ReadsPortsLayersAndFiles) {
  const fs::path folder = tiny::folder("files");
  tiny::write(folder, tiny::top(-1));
  const auto design = read_design(folder);
  ASSERT_TRUE(design.ok()) << to_text(design.errors());
  ASSERT_EQ(design->inputs.size(), 1U);
  EXPECT_EQ(design->inputs[0].name, "s_axis");
  EXPECT_EQ(design->inputs[0].bytes(), 1);
  EXPECT_EQ(design->outputs[0].network_port, "y");
  EXPECT_EQ(design->outputs[0].bytes(), 2);
  EXPECT_EQ(design->outputs[0].beats_per_frame(), 12);
  ASSERT_EQ(design->layers.size(), 3U);
  EXPECT_EQ(design->layers[1].layer, "tripled");
  EXPECT_EQ(design->instance_layers.at("u_shifted"), "shifted");
  EXPECT_EQ(design->sources, (std::vector<std::string>{"rtl/tiny_stage.sv", "top.sv"}));
  fs::remove_all(folder);
}

TEST(DesignFiles, RefusesAManifestWithoutAnEntryOrWithBrokenText) {
  const fs::path folder = tiny::folder("manifest");
  tiny::write(folder, tiny::top(-1));
  const std::string where = (folder / "design.json").string();
  ASSERT_TRUE(write_file(where, R"({"name": "tiny"})"));
  EXPECT_EQ(
      read_design(folder).errors()[0].message(),
      where +
          ": [json.exception.out_of_range.403] key 'signature' not found is missing or of the wrong type; "
          "write the folder again with `bitmason build` [BM-VERIFY-010]");
  ASSERT_TRUE(write_file(where, "{\"name\" 3}"));
  EXPECT_EQ(read_design(folder).errors()[0].message(),
            where + ": is no JSON at byte 9; write the folder again with `bitmason build` [BM-VERIFY-011]");
  fs::remove_all(folder);
}

TEST(DesignFiles, RefusesAMemoryFileThatWasChanged) {
  const fs::path folder = tiny::folder("memory");
  tiny::write(folder, tiny::top(-1));
  ASSERT_TRUE(write_file(folder / "mem" / "five.mem", "06\n"));
  EXPECT_EQ(read_design(folder).errors()[0].message(),
            (folder / "mem/five.mem").string() + ": has SHA-256 " + sha256_hex("06\n") +
                " and design.json says " + sha256_hex("05\n") +
                "; write the folder again with `bitmason build` [BM-VERIFY-012]");
  fs::remove_all(folder);
}

}  // namespace
}  // namespace bitmason::verify
