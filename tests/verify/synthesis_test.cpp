#include "verify/synthesis.hpp"

#include "tiny_design.hpp"
#include "verify/blocks.hpp"

namespace bitmason::verify {
namespace {

namespace fs = std::filesystem;

TEST(Synthesis, SynthesisesEachDistinctModuleOnceAndFindsItInTheCacheAgain) {
  const fs::path folder = tiny::folder("synthesis");
  tiny::write(folder, tiny::top(-1));
  const auto design = read_design(folder);
  ASSERT_TRUE(design.ok());
  const auto result = synthesise(*design, {.workbench = tiny::workbench()});
  ASSERT_TRUE(result.ok()) << to_text(result.errors());
  // Two stages with different parameters and the tlast counter.
  EXPECT_EQ(result->blocks.size(), 3U);
  ASSERT_EQ(result->instances.size(), 3U);
  Resources sum;
  for (const auto& instance : result->instances) {
    sum += instance.resources;
    EXPECT_GT(instance.resources.flip_flops.value, 0) << instance.name;
    EXPECT_EQ(instance.layer, instance.name == "u_tripled"   ? "tripled"
                              : instance.name == "u_shifted" ? "shifted"
                                                             : "");
  }
  EXPECT_EQ(sum, result->total);
  // A stage of 2 x 6 bits holds 12 data bits and valid; the beat counter is dead in both: 2 x 13, and 4 of 8
  // counter bits or more in the tlast counter.
  EXPECT_GE(result->total.flip_flops.value, 2 * 13 + 4);
  EXPECT_EQ(result->total.dsps.value, 0);
  EXPECT_TRUE(result->meets_rule);
  EXPECT_FALSE(result->worst.from.empty());
  EXPECT_TRUE(result->tool.starts_with("Yosys "));
  const auto again = synthesise(*design, {.workbench = tiny::workbench()});
  EXPECT_EQ(again->from_cache, 3);
  EXPECT_EQ(again->total, result->total);
  fs::remove_all(folder);
}

TEST(Synthesis, SynthesisesATopLevelWithLogicOfItsOwnWhole) {
  const fs::path folder = tiny::folder("whole");
  std::string top = tiny::top(-1);
  const std::string from = "assign m_axis_tvalid = shifted_valid;";
  top.replace(top.find(from), from.size(), "assign m_axis_tvalid = shifted_valid & ap_rst_n;");
  tiny::write(folder, top);
  const auto result = synthesise(*read_design(folder), {.workbench = tiny::workbench()});
  ASSERT_TRUE(result.ok()) << to_text(result.errors());
  ASSERT_EQ(result->blocks.size(), 1U);
  EXPECT_EQ(result->blocks[0].module, "top");
  EXPECT_GT(result->total.luts.value, 0);
  fs::remove_all(folder);
}

TEST(Synthesis, LeavesTheTopLevelOutOfABlockWhoseNetHasItsName) {
  const fs::path folder = tiny::folder("sources");
  tiny::write(folder, tiny::top(-1));
  const std::string stage = *read_file(folder / "rtl/tiny_stage.sv");
  ASSERT_TRUE(
      write_file(folder / "rtl/tiny_stage.sv", stage + "module tiny_net; wire top = 1'b0; endmodule\n"));
  const auto design = read_design(folder);
  ASSERT_TRUE(design.ok());
  EXPECT_EQ(*sources_of(*design, "tiny_stage"), std::vector<std::string>{"rtl/tiny_stage.sv"});
  EXPECT_EQ(sources_of(*design, "top")->back(), "top.sv");
  fs::remove_all(folder);
}

TEST(Synthesis, KnowsAMemoryFileByItsNameOrItsBeginning) {
  DesignFiles design;
  design.memories = {"mem/w_00.hex", "mem/w_01.hex"};
  const auto bits = [](const std::string& text) {
    std::string all;
    for (const char c : text) {
      for (int bit = 7; bit >= 0; --bit) all += ((c >> bit) & 1) != 0 ? '1' : '0';
    }
    return all;
  };
  EXPECT_EQ(memory_name_of(design, bits("mem/w_01.hex")), "mem/w_01.hex");
  EXPECT_EQ(memory_name_of(design, bits("mem/w")), "mem/w");
  EXPECT_EQ(memory_name_of(design, bits("mem/v")), "");
  EXPECT_EQ(memory_name_of(design, "00000000"), "");
  EXPECT_EQ(memory_name_of(design, "1010"), "");
}

TEST(Synthesis, RefusesACommandOfAnotherFamily) {
  const fs::path folder = tiny::folder("family");
  tiny::write(folder, tiny::top(-1));
  auto design = *read_design(folder);
  design.synthesis = "synth_gowin";
  const auto result = synthesise(design, {.workbench = tiny::workbench()});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.errors()[0].message(),
            "xczu3eg: the synthesis command is `synth_gowin`; give synth_xilinx, synth_ecp5 or synth_ice40 "
            "[BM-VERIFY-033]");
  fs::remove_all(folder);
}

}  // namespace
}  // namespace bitmason::verify
