#include "device_cases.hpp"

namespace bitmason::device::test {
namespace {

Database sound() {
  auto database = load_database(committed());
  EXPECT_TRUE(database.ok());
  return std::move(database).value();
}

Primitive& dsp48e2(Database& database) {
  for (Primitive& primitive : database.primitives) {
    if (primitive.name == "DSP48E2") return primitive;
  }
  ADD_FAILURE();
  return database.primitives.front();
}

Part& zu3eg(Database& database) {
  for (Part& part : database.parts) {
    if (part.name == "xczu3eg") return part;
  }
  ADD_FAILURE();
  return database.parts.front();
}

TEST(Check, TheCommittedDataHasNoFinding) {
  EXPECT_EQ(to_text(check(sound())), "");
}

TEST(Check, EveryClockIsMarkedAsAnAssumption) {
  for (const Part& part : sound().parts) {
    EXPECT_EQ(part.sources.at("clock_mhz").text.substr(0, 11), "assumption,") << part.name;
  }
}

TEST(Check, AnEbrOfTheEcp5IsOneBram18AndTheIce40s30SmallOnesAre6) {
  const Database database = sound();
  EXPECT_EQ(database.find_part("lfe5um5g-85f")->bram18s, Bram18s(208));
  // 30 x 4 kbit = 120 kbit = 6 x 18 kbit and 12 left over.
  EXPECT_EQ(database.find_part("ice40up5k")->bram18s, Bram18s(30 * 4 / 18));
}

TEST(Check, FindsAMissingSource) {
  Database database = sound();
  dsp48e2(database).sources.erase("cascade");
  zu3eg(database).sources["luts"].text.clear();
  EXPECT_EQ(
      to_text(check(database)),
      "DSP48E2: cascade: has no source text; cite the document or tool that gives the value [BM-DEV-009]\n"
      "xczu3eg: luts: has no source text; cite the document or tool that gives the value [BM-DEV-009]\n");
}

TEST(Check, FindsAnUnknownKindOfSource) {
  Database database = sound();
  zu3eg(database).sources["luts"].kind = "guessed";
  zu3eg(database).sources["dsps"].kind = "";
  EXPECT_EQ(to_text(check(database)),
            "xczu3eg: dsps: has a source of kind nothing; use quoted, read or memory [BM-DEV-010]\n"
            "xczu3eg: luts: has a source of kind guessed; use quoted, read or memory [BM-DEV-010]\n");
}

TEST(Check, FindsAPartWithAnUnknownPrimitive) {
  Database database = sound();
  zu3eg(database).primitive = "DSP48E3";
  EXPECT_EQ(to_text(check(database)),
            "xczu3eg: primitive: names DSP48E3 and the primitives are DSP48E1, DSP48E2, DSP58, MULT18X18D, "
            "SB_MAC16; name "
            "one of them [BM-DEV-011]\n");
}

TEST(Check, SaysSoWhereThereAreNoPrimitives) {
  Database database = sound();
  database.primitives.clear();
  database.parts = {zu3eg(database)};
  EXPECT_EQ(to_text(check(database)),
            "xczu3eg: primitive: names DSP48E2 and the primitives are none; name one of them [BM-DEV-011]\n");
}

TEST(Check, FindsPortsInTheWrongOrder) {
  Database database = sound();
  std::swap(dsp48e2(database).wide_bits, dsp48e2(database).narrow_bits);
  EXPECT_EQ(
      to_text(check(database)),
      "DSP48E2: wide_bits: is 18 and narrow_bits is 27; the wide port is at least as wide as the narrow one "
      "[BM-DEV-012]\n");
}

TEST(Check, FindsAProductThatIsNotTheSumOfThePorts) {
  Database database = sound();
  dsp48e2(database).product_bits = 44;
  EXPECT_EQ(to_text(check(database)),
            "DSP48E2: product_bits: is 44 and the ports of 27 and 18 bits give 45; correct one of them "
            "[BM-DEV-013]\n");
}

TEST(Check, FindsAnAccumulatorNarrowerThanTheProduct) {
  Database database = sound();
  dsp48e2(database).accumulator_bits = 40;
  EXPECT_EQ(to_text(check(database)),
            "DSP48E2: accumulator_bits: is 40 and the product has 45 bits; the accumulator holds at least "
            "the product "
            "[BM-DEV-014]\n");
}

TEST(Check, FindsFewerFlipFlopsThanLuts) {
  Database database = sound();
  zu3eg(database).flip_flops = FlipFlops(70000);
  EXPECT_EQ(
      to_text(check(database)),
      "xczu3eg: flip_flops: is 70000 and the part has 70560 LUTs; every supported fabric has at least one "
      "flip-flop per LUT [BM-DEV-015]\n");
}

TEST(Check, FindsASynthesisCommandThatIsNone) {
  Database database = sound();
  zu3eg(database).synthesis = "abc9";
  EXPECT_EQ(to_text(check(database)),
            "xczu3eg: synthesis: is \"abc9\" and must start with synth_ and leave -top out; correct it "
            "[BM-DEV-016]\n");
}

TEST(Check, FindsAPartGivenTwice) {
  Database database = sound();
  database.parts.push_back(zu3eg(database));
  EXPECT_EQ(to_text(check(database)), "xczu3eg: is given 2 times; remove all but one [BM-DEV-017]\n");
}

}  // namespace
}  // namespace bitmason::device::test
