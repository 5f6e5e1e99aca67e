#include "device_cases.hpp"

namespace bitmason::device::test {
namespace {

TEST(Load, ReadsFivePrimitivesAndFiveParts) {
  const auto database = load_database(committed());
  ASSERT_TRUE(database.ok()) << to_text(database.errors());
  EXPECT_EQ(database->primitives.size(), 5u);
  EXPECT_EQ(database->parts.size(), 5u);
}

TEST(Load, TheZu3egHolds360DspsAnd70560LutsAnd432HalfBlocks) {
  const auto database = load_database(committed());
  ASSERT_TRUE(database.ok());
  const Part* part = database->find_part("XCZU3EG");
  ASSERT_NE(part, nullptr);
  EXPECT_EQ(part->dsps, Dsps(360));
  EXPECT_EQ(part->luts, Luts(70560));
  EXPECT_EQ(part->flip_flops, FlipFlops(141120));
  EXPECT_EQ(part->bram18s, Bram18s(432));
  EXPECT_EQ(part->urams, Urams(0));
  EXPECT_EQ(part->lut_inputs, 6);
  EXPECT_EQ(part->clock_mhz, 250);
  EXPECT_EQ(part->synthesis, "synth_xilinx -family xcup -nosrl");
  EXPECT_EQ(part->sources.at("clock_mhz").text.substr(0, 10), "assumption");
}

TEST(Load, TheDsp48e2Multiplies27By18BitsIntoA48BitSum) {
  const auto database = load_database(committed());
  ASSERT_TRUE(database.ok());
  const Primitive* primitive = database->find_primitive("dsp48e2");
  ASSERT_NE(primitive, nullptr);
  EXPECT_EQ(primitive->wide_bits, 27);
  EXPECT_EQ(primitive->narrow_bits, 18);
  EXPECT_EQ(primitive->product_bits, 45);
  EXPECT_EQ(primitive->accumulator_bits, 48);
  EXPECT_EQ(primitive->preadder_bits, 27);
  EXPECT_TRUE(primitive->cascade);
  EXPECT_TRUE(primitive->constant_with_product);
  EXPECT_EQ(primitive->rtl_module, "bm_dsp_dsp48e2");
}

TEST(Load, FindsNothingUnderAnUnknownName) {
  const Database empty;
  EXPECT_EQ(empty.find_part("xczu3eg"), nullptr);
  EXPECT_EQ(empty.find_primitive("DSP48E2"), nullptr);
}

TEST(Load, RefusesAFolderWithoutFiles) {
  const Copy copy;
  std::filesystem::remove_all(copy.folder / "parts");
  EXPECT_EQ(copy.messages(),
            (copy.folder / "parts").string() +
                ": the folder holds 0 .json files and at least 1 is needed; name the folder of the "
                "device data [BM-DEV-001]\n");
}

TEST(Load, RefusesTextThatIsNotJson) {
  const Copy copy;
  copy.write_part(std::string("{\"name\" 3}"));
  EXPECT_EQ(copy.messages(),
            "parts/xczu3eg.json: is not JSON: syntax error at byte 9; correct the text there [BM-DEV-002]\n");
  copy.write_part(std::string());
  EXPECT_EQ(copy.messages(),
            "parts/xczu3eg.json: is not JSON: syntax error at byte 1; correct the text there [BM-DEV-002]\n");
}

TEST(Load, RefusesAnUnknownFieldOfThePart) {
  const Copy copy;
  auto part = copy.part();
  part["dsp"] = part["dsps"];
  copy.write_part(part);
  EXPECT_EQ(
      copy.messages(),
      "parts/xczu3eg.json: dsp: is not a field of this kind of file; the fields are name, family, board, "
      "primitive, synthesis, dsps, luts, flip_flops, bram18s, urams, memory_port_bits, "
      "memory_mbytes_per_second, lut_inputs, clock_mhz [BM-DEV-003]\n");
}

TEST(Load, RefusesAnUnknownFieldOfAValue) {
  const Copy copy;
  auto part = copy.part();
  part["dsps"]["unit"] = "DSP";
  copy.write_part(part);
  EXPECT_EQ(copy.messages(),
            "parts/xczu3eg.json: unit: is not a field of field dsps; the fields are value, source, kind "
            "[BM-DEV-003]\n");
}

TEST(Load, ListsEveryMissingField) {
  const Copy copy;
  auto part = copy.part();
  part.erase("name");
  part.erase("luts");
  part["dsps"].erase("source");
  copy.write_part(part);
  EXPECT_EQ(
      copy.messages(),
      "parts/xczu3eg.json: name: is missing; add it as text [BM-DEV-004]\n"
      "parts/xczu3eg.json: dsps.source: is missing; add it as text [BM-DEV-004]\n"
      "parts/xczu3eg.json: luts: is missing; add it as an object of value, source and kind [BM-DEV-004]\n");
}

TEST(Load, RefusesWrongTypes) {
  const Copy copy;
  auto part = copy.part();
  part["dsps"]["value"] = "360";
  part["luts"] = 70560;
  part["lut_inputs"]["value"] = 6.5;
  copy.write_part(part);
  EXPECT_EQ(
      copy.messages(),
      "parts/xczu3eg.json: dsps.value: is string and must be an integer; correct the type [BM-DEV-005]\n"
      "parts/xczu3eg.json: luts: is number and must be an object of value, source and kind; correct the type "
      "[BM-DEV-005]\n"
      "parts/xczu3eg.json: lut_inputs.value: is number and must be an integer; correct the type "
      "[BM-DEV-005]\n");
  copy.write_part(std::string("[1]"));
  EXPECT_EQ(copy.messages(),
            "parts/xczu3eg.json: is array and must be an object; correct the type [BM-DEV-005]\n");
}

TEST(Load, RefusesANumberBeyondADouble) {
  const Copy copy;
  copy.write_part(std::string("{\"name\": 1e999}"));
  EXPECT_EQ(copy.messages(),
            "parts/xczu3eg.json: is not JSON: a number exceeds the range of a double; correct the text there "
            "[BM-DEV-002]\n");
}

TEST(Load, RefusesAJsonNull) {
  const Copy copy;
  copy.write_part(std::string("null"));
  EXPECT_EQ(copy.messages(),
            "parts/xczu3eg.json: is null and must be an object; correct the type [BM-DEV-005]\n");
}

TEST(Load, RefusesNumbersOutOfBounds) {
  const Copy copy;
  auto part = copy.part();
  part["dsps"]["value"] = -1;
  part["clock_mhz"]["value"] = 1e6;
  part["luts"]["value"] = 18446744073709551615ull;
  copy.write_part(part);
  EXPECT_EQ(
      copy.messages(),
      "parts/xczu3eg.json: dsps: is -1 and must lie in [0, 100000000]; correct the number [BM-DEV-006]\n"
      "parts/xczu3eg.json: luts: is 18446744073709551615 and must lie in [1, 100000000]; correct the number "
      "[BM-DEV-006]\n"
      "parts/xczu3eg.json: clock_mhz: is 1000000.0 and must lie in [1, 2000]; correct the number "
      "[BM-DEV-006]\n");
}

TEST(Load, RefusesAFieldGivenTwice) {
  const Copy copy;
  std::string text = copy.part().dump();
  text.insert(1, "\"name\": \"xczu3eg\", ");
  copy.write_part(text);
  EXPECT_EQ(copy.messages(),
            "parts/xczu3eg.json: field name occurs twice in one object; remove one [BM-DEV-007]\n");
}

TEST(Load, RefusesANameThatIsNotTheFiles) {
  const Copy copy;
  auto part = copy.part();
  part["name"] = "xczu4eg";
  copy.write_part(part);
  EXPECT_EQ(copy.messages(),
            "parts/xczu3eg.json: name: is xczu4eg and the file is named xczu3eg.json; name the file after "
            "the entry, "
            "in lower case [BM-DEV-008]\n");
}

TEST(Load, SurvivesEveryTruncationOfAFile) {
  const Copy copy;
  const std::string text = copy.part().dump();
  for (std::size_t length = 0; length < text.size(); length += 7) {
    copy.write_part(text.substr(0, length));
    EXPECT_NE(copy.messages(), "") << length;
  }
}

}  // namespace
}  // namespace bitmason::device::test
