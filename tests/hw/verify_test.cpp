#include <gtest/gtest.h>

#include "hw/design.hpp"

namespace bitmason::hw {
namespace {

/// s_axis -> skid -> m_axis, 2 channels of 4 bits on a 4-channel pixel.
Design chain() {
  Design design;
  design.name = "net";
  design.streams = {{.name = "a", .shape = {4, 1, 1}, .channels_per_beat = 2, .bits = 4, .layer = "a"},
                    {.name = "b", .shape = {4, 1, 1}, .channels_per_beat = 2, .bits = 4, .layer = "a"}};
  design.instances = {{.name = "u_in",
                       .module = "bm_axis_in",
                       .parameters = {{"WIDTH", std::int64_t{8}}},
                       .outputs = {{"out", {0}}}},
                      {.name = "u_skid",
                       .module = "bm_skid",
                       .parameters = {{"WIDTH", std::int64_t{8}}},
                       .inputs = {{"in", {0}}},
                       .outputs = {{"out", {1}}}},
                      {.name = "u_out",
                       .module = "bm_axis_out",
                       .parameters = {{"WIDTH", std::int64_t{8}}},
                       .inputs = {{"in", {1}}}}};
  return design;
}

std::string message_of(const Design& design) {
  const Status status = verify(design);
  return status.ok() ? "fine" : status.errors().front().message();
}

TEST(DesignVerifyTest, AcceptsAChain) {
  EXPECT_EQ(message_of(chain()), "fine");
}

TEST(DesignVerifyTest, FindsStreamsWithoutOrWithTwoEnds) {
  Design design = chain();
  design.instances.pop_back();
  EXPECT_EQ(message_of(design),
            "b: the stream has 0 consumers and needs 1; use bm_fork for several [BM-HW-011]");
  design = chain();
  design.instances[0].outputs.push_back({"out", {1}});
  EXPECT_EQ(message_of(design),
            "b: the stream has 2 producers and needs 1; bind it once as an output [BM-HW-010]");
}

TEST(DesignVerifyTest, FindsWrongOrder) {
  Design design = chain();
  std::swap(design.instances[0], design.instances[1]);
  EXPECT_EQ(message_of(design),
            "u_skid: stream a is consumed before its producer; order instances topologically [BM-HW-016]");
}

TEST(DesignVerifyTest, FindsNamesThatCollideOrAreIllegal) {
  Design design = chain();
  design.instances[1].name = "a_valid";
  EXPECT_EQ(
      message_of(design),
      "a_valid: the name is used twice; use letters, digits and underscores, each name once [BM-HW-012]");
  design = chain();
  design.instances[1].name = "u.1";
  EXPECT_EQ(
      message_of(design),
      "u.1: the name is not an identifier; use letters, digits and underscores, each name once [BM-HW-012]");
}

TEST(DesignVerifyTest, FindsChannelsWidthsAndElementsThatDisagree) {
  Design design = chain();
  design.streams[0].channels_per_beat = 3;
  EXPECT_EQ(message_of(design),
            "a: 3 channels per beat do not divide 4 channels and are no whole pixels of a row; choose a "
            "divisor [BM-HW-013]");
  design = chain();
  design.instances[1].parameters = {{"WIDTH", std::int64_t{7}}};
  EXPECT_EQ(message_of(design),
            "u_skid: stream a carries 8 bits a beat and the module's parameters say 7; make them agree "
            "[BM-HW-014]");
  design = chain();
  design.streams[1].shape.height = 2;
  EXPECT_EQ(
      message_of(design),
      "u_skid: stream a has 4 elements a frame and stream b has 8; plumbing keeps every element [BM-HW-017]");
}

TEST(DesignVerifyTest, FindsSignsThatDisagree) {
  Design design = chain();
  design.streams[0].is_signed = true;
  design.instances[1] = {.name = "u_add",
                         .module = "bm_add",
                         .parameters = {{"CH", std::int64_t{2}},
                                        {"BITS_A", std::int64_t{4}},
                                        {"SIGNED_A", std::int64_t{0}},
                                        {"OUT_BITS", std::int64_t{4}}},
                         .inputs = {{"a", {0}}},
                         .outputs = {{"out", {1}}}};
  EXPECT_EQ(
      message_of(design),
      "u_add: stream a is signed and the module's parameters say unsigned; make them agree [BM-HW-018]");
}

TEST(DesignVerifyTest, FindsMemoriesWithoutUserAndUsersWithoutMemory) {
  Design design = chain();
  design.memories.push_back({.name = "m.hex"});
  EXPECT_EQ(message_of(design),
            "net: memory file m.hex is not used; every file is defined once and used [BM-HW-015]");
  design = chain();
  design.instances[1].parameters.emplace_back("FILE", "prefix");
  EXPECT_EQ(message_of(design),
            "net: memory file prefix is not defined; every file is defined once and used [BM-HW-015]");
}

}  // namespace
}  // namespace bitmason::hw
