#include "flow/netlist_verdict.hpp"

#include <gtest/gtest.h>

namespace bitmason::flow {
namespace {

verify::NetlistCheckResult one_block(verify::BlockEquality block) {
  block.instance = "u_conv";
  return {.blocks = {std::move(block)}};
}

TEST(NetlistVerdict, ADifferenceIsADefect) {
  std::vector<std::string> notes;
  const Status judged = judge_netlists(
      one_block({.equal = false, .beats = 3, .difference = "out_0: beat 2 differs"}), "out", notes);
  ASSERT_FALSE(judged.ok());
  EXPECT_EQ(to_text(judged.errors()),
            "out: the netlist of u_conv differs from its RTL: out_0: beat 2 differs; this is a defect of "
            "Bitmason or of the tools, please report it with the network [BM-FLOW-020]\n");
}

TEST(NetlistVerdict, NothingComparedIsNoDefectAndNoEquality) {
  std::vector<std::string> notes;
  const Status judged = judge_netlists(one_block({.equal = true, .cycles = 420000}), "out", notes);
  ASSERT_FALSE(judged.ok());
  EXPECT_EQ(
      to_text(judged.errors()),
      "out: the netlist of u_conv gave no beat in 420000 cycles, so nothing was compared; its RTL stands "
      "verified by `--level rtl`, use a smaller network to compare its netlist [BM-FLOW-013]\n");
}

TEST(NetlistVerdict, APartOfAFrameIsANote) {
  std::vector<std::string> notes;
  const Status judged = judge_netlists(
      one_block({.equal = true, .beats = 70, .cycles = 900, .frame_part = 70, .frame = 4096}), "out", notes);
  EXPECT_TRUE(judged.ok());
  EXPECT_EQ(notes,
            std::vector<std::string>{"netlist of u_conv compared in part: the first 70 of the 4096 beats "
                                     "of a frame equal, in 900 cycles"});
}

}  // namespace
}  // namespace bitmason::flow
