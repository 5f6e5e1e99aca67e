#include "device/fields_internal.hpp"

namespace bitmason::device {

namespace {

constexpr std::int64_t kMost = 100'000'000;

FieldRule<Primitive> bits(std::string_view name, std::int64_t lo, void (*set)(Primitive&, const Json&)) {
  return {name, FieldType::Integer, lo, 62, set};
}

FieldRule<Part> count(std::string_view name, std::int64_t lo, void (*set)(Part&, const Json&)) {
  return {name, FieldType::Integer, lo, kMost, set};
}

template <class Entry>
FieldRule<Entry> text(std::string_view name, void (*set)(Entry&, const Json&)) {
  return {name, FieldType::Text, 0, 0, set};
}

FieldRule<Primitive> flag(std::string_view name, void (*set)(Primitive&, const Json&)) {
  return {name, FieldType::Flag, 0, 0, set};
}

}  // namespace

template <>
const std::vector<FieldRule<Primitive>>& field_rules() {
  static const std::vector<FieldRule<Primitive>> rules{
      bits("wide_bits", 2, [](Primitive& p, const Json& v) { p.wide_bits = v; }),
      bits("narrow_bits", 2, [](Primitive& p, const Json& v) { p.narrow_bits = v; }),
      bits("product_bits", 4, [](Primitive& p, const Json& v) { p.product_bits = v; }),
      bits("accumulator_bits", 4, [](Primitive& p, const Json& v) { p.accumulator_bits = v; }),
      bits("preadder_bits", 0, [](Primitive& p, const Json& v) { p.preadder_bits = v; }),
      flag("cascade", [](Primitive& p, const Json& v) { p.cascade = v; }),
      flag("constant_with_product", [](Primitive& p, const Json& v) { p.constant_with_product = v; }),
      flag("internal_registers", [](Primitive& p, const Json& v) { p.internal_registers = v; }),
      bits("split_multipliers", 0, [](Primitive& p, const Json& v) { p.split_multipliers = v; }),
      bits("split_bits", 0, [](Primitive& p, const Json& v) { p.split_bits = v; }),
      bits("split_accumulator_bits", 0, [](Primitive& p, const Json& v) { p.split_accumulator_bits = v; }),
      flag("split_rtl", [](Primitive& p, const Json& v) { p.split_rtl = v; }),
      text<Primitive>("rtl_module", [](Primitive& p, const Json& v) { p.rtl_module = v; }),
      text<Primitive>("cell", [](Primitive& p, const Json& v) { p.cell = v; }),
  };
  return rules;
}

template <>
const std::vector<FieldRule<Part>>& field_rules() {
  static const std::vector<FieldRule<Part>> rules{
      text<Part>("family", [](Part& p, const Json& v) { p.family = v; }),
      text<Part>("board", [](Part& p, const Json& v) { p.board = v; }),
      text<Part>("primitive", [](Part& p, const Json& v) { p.primitive = v; }),
      text<Part>("synthesis", [](Part& p, const Json& v) { p.synthesis = v; }),
      count("dsps", 0, [](Part& p, const Json& v) { p.dsps = Dsps(v.get<std::int64_t>()); }),
      count("luts", 1, [](Part& p, const Json& v) { p.luts = Luts(v.get<std::int64_t>()); }),
      count("flip_flops", 1, [](Part& p, const Json& v) { p.flip_flops = FlipFlops(v.get<std::int64_t>()); }),
      count("bram18s", 0, [](Part& p, const Json& v) { p.bram18s = Bram18s(v.get<std::int64_t>()); }),
      count("urams", 0, [](Part& p, const Json& v) { p.urams = Urams(v.get<std::int64_t>()); }),
      {"memory_port_bits", FieldType::Integer, 0, 1024,
       [](Part& p, const Json& v) { p.memory_port_bits = v; }},
      {"memory_mbytes_per_second", FieldType::Integer, 0, 1'000'000,
       [](Part& p, const Json& v) { p.memory_mbytes_per_second = v; }},
      {"lut_inputs", FieldType::Integer, 3, 8, [](Part& p, const Json& v) { p.lut_inputs = v; }},
      {"clock_mhz", FieldType::Number, 1, 2000, [](Part& p, const Json& v) { p.clock_mhz = v; }},
  };
  return rules;
}

}  // namespace bitmason::device
